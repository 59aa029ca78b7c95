// node test/fuzz/importers.ts [RUNS [SEED [SYSTEM]]]: searches for configurations that make an import throw, or print
// what is no estate.
import { EXAMPLES } from "../estate/systems/examples.ts";
import { hostileImport } from "../estate/systems/hostile-imports.ts";

const runs = Number(process.argv[2] ?? 2000);
const first = Number(process.argv[3] ?? 1000);
const only = process.argv[4];
for (const example of EXAMPLES) {
  if (only !== undefined && only !== example.system) continue;
  const start = performance.now();
  let failures = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    const wrong = await hostileImport(example, seed);
    if (wrong === null) continue;
    failures += 1;
    process.exitCode = 1;
    process.stdout.write(`${example.system} with seed ${seed}: ${wrong}\n`);
    if (failures >= 5) break;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${example.system}: ${runs} runs, ${failures} failures, ${seconds} s\n`);
}
