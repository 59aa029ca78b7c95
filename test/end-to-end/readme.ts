import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { run } from "../demo/run.ts";
import { member, readEstate } from "../demo/estate.ts";

const launcher = fileURLToPath(new URL("../../bin/anchorwatch.mjs", import.meta.url));

/** What differs from run to run: folder, address, fingerprints, times, the width that they take on a line. */
function steady(text: string): string {
  return text
    .replaceAll(/\/(?:opt|tmp)\/anchorwatch[\w-]*\//g, "FOLDER/")
    .replaceAll(/ --connect \S+/g, "")
    .replaceAll(/\d+\.\d+\.\d+\.\d+(?::\d+)?/g, "ADDRESS")
    .replaceAll(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/g, "FINGERPRINT")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "DIGEST")
    .replaceAll(/-[0-9a-f]{16}\.pem/g, "-DIGEST.pem")
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, "TIME")
    .replaceAll(/until \d{4}-\d{2}-\d{2}/g, "until DAY")
    .replaceAll(/\d+ ms/g, "DURATION")
    .replaceAll(/\s+/g, " ")
    .trim();
}

t.test("The terminal picture in the README is what check prints", async (t) => {
  t.setTimeout(0);
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const picture = /```text\n\$ [^\n]+\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const demo = await startDemo();
  t.teardown(() => demo.close());
  const { url } = member(readEstate(demo).endpoints, "bpm-east");
  const options = ["--client", "pfs", "--estate", demo.estateFile];
  const { code, stdout, stderr } = await run(process.execPath, [
    launcher,
    "check",
    url,
    ...options,
  ]);
  t.equal(code, 2, stderr);
  t.equal(steady(stdout), steady(picture));
});
