import t from "tap";
import fc from "fast-check";
import { type Line, readLines } from "../../src/cli/lines.ts";

async function linesIn(chunks: Iterable<Uint8Array>, limit = 100): Promise<readonly Line[]> {
  const source = (async function* () {
    yield* chunks;
  })();
  const lines: Line[] = [];
  for await (const line of readLines(source, limit)) lines.push(line);
  return lines;
}

const texts = (lines: readonly Line[]): readonly (string | null)[] =>
  lines.map((line) => (line.kind === "line" ? line.text : null));

t.test(
  "readLines() splits at line feeds and takes carriage returns before them away",
  async (t) => {
    const lines = await linesIn([Buffer.from("a\r\n\nb\rc\r\r\nd")]);
    t.same(texts(lines), ["a", "", "b\rc\r", "d"]);
    t.same(
      lines.map(({ number }) => number),
      [1, 2, 3, 4],
    );
    t.same(texts(await linesIn([Buffer.from("a\n")])), ["a"], "no line after the last line feed");
    t.same(await linesIn([]), []);
  },
);

t.test("readLines() reports lines beyond the limit and goes on", async (t) => {
  const long = Buffer.from("x".repeat(101));
  const lines = await linesIn([
    Buffer.from(`${"y".repeat(100)}\n`),
    long,
    Buffer.from("\nend\n"),
    long,
  ]);
  t.same(texts(lines), ["y".repeat(100), null, "end", null]);
  t.same(
    lines.map(({ kind }) => kind),
    ["line", "too-long", "line", "too-long"],
  );
});

t.test("readLines() reads the same lines however the bytes are cut", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: "binary", maxLength: 30 }).map((text) => text.replaceAll("\n", "")),
      ),
      fc.array(fc.nat({ max: 40 })),
      async (words, cuts) => {
        const bytes = Buffer.from(words.map((word) => `${word}\n`).join(""));
        const chunks: Uint8Array[] = [];
        let from = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        chunks.push(bytes.subarray(from));
        const cutUp = await linesIn(chunks, 1000);
        t.same(cutUp, await linesIn([bytes], 1000));
        return cutUp.length === words.length;
      },
    ),
    { numRuns: 100 },
  );
});
