import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { run } from "./run.ts";

const STATIC_IMPORT = /^(?:import|export)(?! type)[^;]*? from "(?<from>[^"]+)";/gmu;

/** Every module that comes along with one, by its specifier or its URL. */
function reached(start: URL, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(start.href)) return known;
  known.add(start.href);
  for (const { groups } of readFileSync(start, "utf8").matchAll(STATIC_IMPORT)) {
    const from = groups?.["from"] ?? "";
    if (from.startsWith(".")) reached(new URL(from, start), known);
    else known.add(from);
  }
  return known;
}

t.test("bench reaches no test runner, which would end what measures for minutes", async (t) => {
  for (const name of ["main", "prober-process", "daemon/process", "daemon/servers"]) {
    const modules = reached(new URL(`../bench/${name}.ts`, import.meta.url));
    t.ok(modules.size > 5, `${name} was read`);
    t.notOk(modules.has("tap"), name);
  }
});

t.test("bench names its parts where an unknown one is asked for", async (t) => {
  const main = fileURLToPath(new URL("../bench/main.ts", import.meta.url));
  const { code, stdout, stderr } = run(process.execPath, [main, "serendipity"]);
  t.equal(code, 64);
  t.equal(stdout, "");
  t.match(stderr, /no part "serendipity".*certificates.*daemon.*soak/su);
});
