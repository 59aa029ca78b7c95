import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../fuzz/dialogs.ts", import.meta.url));

t.test("dialogs withstand what a coverage-guided search makes of real ones", async (t) => {
  // A process of its own: the search instruments the modules that other tests have already loaded.
  const { stdout } = await run(process.execPath, [program, "4000", "7"]);
  t.match(stdout, /^\{"runs":4000,/, "no findings");
  t.comment(stdout);
});
