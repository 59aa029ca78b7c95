import { Writable } from "node:stream";
import { rootCertificates } from "node:tls";
import t from "tap";
import { judgeBatch, offlineHandshake } from "../../src/cli/judge-batch.ts";
import { assess } from "../../src/diagnosis/assess.ts";
import { isProfileName } from "../../src/trust/profile-names.ts";
import { checkRecord } from "../../src/report/check-record.ts";
import { FINDING_CODES } from "../../src/diagnosis/finding-codes.ts";
import { type Fence, pages, readPage } from "./markdown.ts";

const DATE = Date.parse("2026-06-01T00:00:00Z");

t.test("JSON and NDJSON examples in the documentation can be parsed", async (t) => {
  let count = 0;
  for (const { path, fences } of pages)
    for (const fence of fences)
      for (const text of documents(fence)) {
        count++;
        t.doesNotThrow(() => JSON.parse(text), `${path}:${fence.line}`);
      }
  t.ok(count > 0);
});

function documents({ language, text }: Fence): readonly string[] {
  if (language === "json") return [text];
  return language === "ndjson" ? text.split("\n").filter((line) => line !== "") : [];
}

/** The names of an object's members and of those inside it, with arrays told by their first element. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== "object" || value === null) return "value";
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, shape(inner)]),
  );
}

const commands = readPage("docs/commands.md");

async function batch(lines: readonly object[]): Promise<readonly unknown[]> {
  const written: string[] = [];
  const target = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  const source = (async function* () {
    yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  })();
  await judgeBatch(source, target, () => DATE);
  return written
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

t.test("docs/commands.md shows answers of judge --batch as they are", async (t) => {
  const [root = ""] = rootCertificates;
  const answers = await batch([
    { id: "1", chain: [root], anchors: [root], host: null, profile: "openjdk-17" },
    { id: "2", chain: [root], anchors: [root], host: null, profile: "openjdk-7" },
  ]);
  const fence = commands.fences.find(({ language }) => language === "ndjson");
  const examples = documents(fence ?? { language: "ndjson", text: "", line: 0 }).map(
    (line): unknown => JSON.parse(line),
  );
  t.same(examples.map(shape), answers.map(shape));
  const [, refused] = answers;
  const message = JSON.stringify(refused).replace(/known are [^"]*"/, 'known are …"');
  t.equal(JSON.stringify(examples[1]), message);
});

t.test("docs/commands.md shows a record of check with every member", async (t) => {
  const fence = commands.fences.find(
    ({ language, text }) => language === "json" && text.includes('"handshake"'),
  );
  const example: unknown = JSON.parse(fence?.text ?? "{}");
  const [root = ""] = rootCertificates;
  const der = Buffer.from(root.replaceAll(/-----[A-Z ]+-----|\s/g, ""), "base64");
  const record = checkRecord(
    "bpm-east.example.com",
    assess(
      {
        name: "pfs",
        profile: "openjdk-17",
        truststores: [],
        nameCheck: "https",
        hasIdentity: false,
      },
      offlineHandshake({ chain: [der], host: "bpm-east.example.com", at: DATE }),
      { at: DATE, thresholds: { warning: 0, critical: 0 }, otherTruststores: [] },
    ),
  );
  const { truststores: _, ...wanted } = record;
  const { truststores: __, ...shown } = example as typeof record;
  t.same(shape(shown), shape(wanted));
  t.ok(isProfileName(shown.profile));
  for (const { code } of shown.findings) t.ok(FINDING_CODES.includes(code), code);
});
