import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../fuzz/explain.ts", import.meta.url));

t.test("explainText() withstands a coverage-guided search for bad texts", async (t) => {
  // A process of its own: the search instruments modules that other tests have already loaded.
  const { stdout } = await run(process.execPath, [program, "1500", "3"]);
  t.match(stdout, /^\{"runs":\d+/, "no findings");
  t.comment(stdout);
});
