import { Writable } from "node:stream";
import { rootCertificates } from "node:tls";
import t from "tap";
import { judgeBatch } from "../../src/cli/judge-batch.ts";
import { CHECK_RECORD_SCHEMA, VERDICT_LINE_SCHEMA } from "../../src/report/schemas.ts";
import { isProfileName } from "../../src/trust/profile-names.ts";
import { type Fence, pages, readPage } from "./markdown.ts";

const DATE = Date.parse("2026-06-01T00:00:00Z");

function documents({ language, text }: Fence): readonly string[] {
  if (language === "json") return [text];
  return language === "ndjson" ? text.split("\n").filter((line) => line !== "") : [];
}

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

const { fences } = readPage("docs/commands.md");

const examples = (language: string, having: string): readonly unknown[] =>
  fences
    .filter((fence) => fence.language === language && fence.text.includes(having))
    .flatMap(documents)
    .map((text): unknown => JSON.parse(text));

t.test("docs/commands.md shows a record of check as the schema wants it", async (t) => {
  const [example] = examples("json", '"handshake"');
  const read = CHECK_RECORD_SCHEMA.safeParse(example);
  t.same(read.error?.issues ?? [], []);
  t.ok(isProfileName(read.data?.profile ?? ""));
});

t.test("docs/commands.md shows answers of judge --batch as the schema wants them", async (t) => {
  const answers = examples("ndjson", '"accepted"');
  t.ok(answers.length > 1);
  for (const answer of answers)
    t.same(VERDICT_LINE_SCHEMA.safeParse(answer).error?.issues ?? [], []);
});

async function batch(input: string): Promise<readonly unknown[]> {
  let written = "";
  const target = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  const source = (async function* () {
    yield Buffer.from(input);
  })();
  await judgeBatch(source, target, () => DATE);
  return documents({ language: "ndjson", text: written, line: 0 }).map((text): unknown =>
    JSON.parse(text),
  );
}

t.test("docs/commands.md shows the very answer to a line that cannot be used", async (t) => {
  const chain = rootCertificates.slice(0, 1);
  const lines = ["openjdk-17", "openjdk-7"].map((profile, index) =>
    JSON.stringify({ id: String(index + 1), chain, anchors: chain, profile }),
  );
  const [, answer] = await batch(`${lines.join("\n")}\n`);
  const shortened = JSON.stringify(answer).replace(/known are [^"]*"/, 'known are …"');
  t.equal(JSON.stringify(examples("ndjson", '"accepted"')[1]), shortened);
});
