import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { assessed, report } from "./fixture.ts";
import { SITUATIONS, TARGET } from "./situations.ts";

/** Fingerprints differ with every run, because keys do. */
const stable = (text: string): string =>
  text.replaceAll(/\b(?:[0-9A-F]{2}:){31}[0-9A-F]{2}\b/g, "FINGERPRINT");

const golden = (name: string): string =>
  readFileSync(join(import.meta.dirname, "golden", name), "utf8");

t.test("check in text answers as the golden outputs say", async (t) => {
  for (const [name, given] of Object.entries(SITUATIONS)) {
    t.equal(stable(report("text", [assessed(TARGET, given)])), golden(`${name}.txt`), name);
    const narrow = report("text", [assessed(TARGET, given)], { columns: 60 });
    t.ok(narrow.split("\n").length >= golden(`${name}.txt`).split("\n").length, "at 60 columns");
  }
});

t.test("check in Markdown answers as the golden output says", async (t) => {
  const given = SITUATIONS["shared-cause"];
  t.equal(
    stable(report("markdown", [assessed(TARGET, given)])),
    golden("shared-cause-markdown.txt"),
  );
});

t.test("check in text lists targets and counts causes as the golden output says", async (t) => {
  const results = Object.values(SITUATIONS).map((given, index) =>
    assessed(`${TARGET}:${440 + index}`, given),
  );
  t.equal(stable(report("text", results)), golden("list.txt"));
});

t.test("check tells a cause once for all clients that share it", async (t) => {
  const given = SITUATIONS["shared-cause"];
  const result = [assessed(TARGET, given)];
  for (const format of ["text", "markdown", "html"] as const) {
    const text = report(format, result).replaceAll(/\s+/g, " ");
    t.equal(text.split("in order up to there").length, 2, `${format} has one explanation`);
    t.match(text, "--as openjdk-17 --as openssl-3", `${format} verifies for both`);
  }
});
