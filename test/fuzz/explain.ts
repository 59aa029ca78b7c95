// node test/fuzz/explain.ts [RUNS [SEED]]: searches for texts that make explain throw or show what moves a cursor.
import { readFileSync } from "node:fs";
import { fuzz, instrument } from "./coverage.ts";

instrument(/\/src\/(?:diagnosis|report)\/explain\/[\w-]+\.ts$/);
const { explainText } = await import("../../src/diagnosis/explain/explain.ts");
const { explainText: shown } = await import("../../src/report/explain/explain-text.ts");
const { explainMarkdown } = await import("../../src/report/explain/explain-markdown.ts");
const { explainDocument } = await import("../../src/report/explain/explain-record.ts");
const { EXPLAIN_DOCUMENT_SCHEMA } = await import("../../src/report/explain/explain-schema.ts");
const { plainPaint } = await import("../../src/report/paint.ts");

const seeds = readFileSync(new URL("../explain/texts.tsv", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => !line.startsWith("#") && line !== "")
  .map((line) => (line.split("\t")[1] ?? "").replaceAll("\\n", "\n").replaceAll("\\t", "\t"))
  .filter((_text, index) => index % 4 === 0);

const { failure, ...counts } = fuzz({
  runs: Number(process.argv[2] ?? 20_000),
  seed: Number(process.argv[3] ?? 1),
  seeds: seeds.map((text) => Buffer.from(text)),
  maxLength: 2048,
  target: (input) => {
    const explanation = explainText(Buffer.from(input).toString("latin1"));
    const problems = explanation.problems.map((problem) => ({
      problem,
      link: null,
      checked: null,
    }));
    const result = { explanation, problems, exitCode: 2 };
    for (const text of [shown(result, plainPaint), explainMarkdown(result)])
      if (/[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", "")))
        throw new Error(`A control character is shown in ${JSON.stringify(text)}`);
    EXPLAIN_DOCUMENT_SCHEMA.parse(explainDocument(result));
  },
});
process.stdout.write(`${JSON.stringify(counts)}\n`);
if (failure !== null) {
  const { input, error } = failure;
  process.exitCode = 1;
  process.stdout.write(`${Buffer.from(input).toString("hex")}\n`);
  process.stdout.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
