// node test/fuzz/truststore.ts [RUNS [SEED [TARGET]]]: searches for truststore files that make a reader throw.
import { fuzz, instrument } from "./coverage.ts";

instrument(/\/src\/(?:truststore\/|x509\/ber\.ts)/);
const { hostileTargets } = await import("../truststore/hostile-targets.ts");

const runs = Number(process.argv[2] ?? 200_000);
const seed = Number(process.argv[3] ?? 1);
const only = process.argv[4];
for (const { name, ...options } of hostileTargets) {
  if (only !== undefined && only !== name) continue;
  const { failure, ...counts } = fuzz({ ...options, runs, seed });
  process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`);
  if (failure === null) continue;
  process.exitCode = 1;
  const { input, error } = failure;
  process.stdout.write(`${Buffer.from(input).toString("hex")}\n`);
  process.stdout.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
