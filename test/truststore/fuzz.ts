import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../fuzz/truststore.ts", import.meta.url));

t.test("Truststore readers withstand a coverage-guided search for bad files", async (t) => {
  // A process of its own: the search instruments modules that other tests have already loaded.
  const { stdout } = await run(process.execPath, [program, "2000", "7"]);
  t.equal(stdout.trim().split("\n").length, 18, "eighteen targets and no findings");
  t.comment(stdout);
});
