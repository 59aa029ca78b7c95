import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../fuzz/tls-engine.ts", import.meta.url));

t.test("TlsClient withstands what a coverage-guided search makes of real handshakes", async (t) => {
  // A process of its own: the search instruments the modules that other tests have already loaded.
  const { stdout } = await run(process.execPath, [program, "2000", "7"]);
  t.equal(stdout.trim().split("\n").length, 7, "seven targets and no findings");
  t.comment(stdout);
});
