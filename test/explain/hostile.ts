import t from "tap";
import { Explainer, explainText } from "../../src/diagnosis/explain/explain.ts";
import { NeedleSearch } from "../../src/diagnosis/explain/needle-search.ts";
import { explainMarkdown } from "../../src/report/explain/explain-markdown.ts";
import { explainDocument } from "../../src/report/explain/explain-record.ts";
import { EXPLAIN_DOCUMENT_SCHEMA } from "../../src/report/explain/explain-schema.ts";
import type { ExplainResult } from "../../src/report/explain/explain-result.ts";
import { explainText as shown } from "../../src/report/explain/explain-text.ts";
import { plainPaint } from "../../src/report/paint.ts";

const resultOf = (text: string): ExplainResult => {
  const explanation = explainText(text);
  const problems = explanation.problems.map((problem) => ({ problem, link: null, checked: null }));
  return { explanation, problems, exitCode: 2 };
};

const NO_PATH = "unable to find valid certification path to requested target";

t.test("explainText() shows control characters harmlessly", async (t) => {
  const texts = [
    `\u001b[31mPKIX path building failed\u001b[0m: ${NO_PATH}\u0007\u202e`,
    `\u0000${NO_PATH}\u0000`,
    `\u001b]0;title\u0007${NO_PATH}`,
    `${NO_PATH} https://evil\u001b[2Jhost:443/ \u009b31m`,
    `trust store: /tmp/\u202egnp.jks ${NO_PATH}`,
    `${NO_PATH}\u001b[`,
    `A signer with SubjectDN CN=\u001b[31m\`rm\` | <b>x</b> was sent from the target host. CWPKI0022E local trust store '$(id)', located in SSL configuration alias x. ${NO_PATH}`,
  ];
  for (const text of texts) {
    const result = resultOf(text);
    t.equal(result.problems.length, 1, JSON.stringify(text));
    for (const output of [shown(result, plainPaint), explainMarkdown(result)])
      t.notMatch(output.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u, JSON.stringify(text));
    t.same(EXPLAIN_DOCUMENT_SCHEMA.safeParse(explainDocument(result)).error?.issues ?? [], []);
  }
});

t.test("explainText() quotes a hostile truststore in the command that decides", async (t) => {
  const { problems } = explainText(
    `CWPKI0823E: was sent from the host [a.example.com:443]. local trust store [/x/$(id);'a], located in SSL configuration alias [b]. ${NO_PATH}`,
  );
  t.equal(
    problems[0]?.check.command,
    `anchorwatch check a.example.com:443 --as openjdk-17 --truststore '/x/$(id);'\\''a'`,
  );
  const option = explainText(`${NO_PATH} Inaccessible trust store: --help host=-x.example.com`);
  t.notMatch(option.problems[0]?.check.command, / --help/);
});

t.test("Explainer takes lines of any length and pieces that end anywhere", async (t) => {
  const explainer = new Explainer();
  const piece = "x".repeat(1 << 16);
  for (let count = 0; count < 64; count++) explainer.push(piece);
  explainer.push(`\r\n${NO_PATH}\r`);
  explainer.push("\n");
  for (const character of `2026-11-21 11:23:48 ${NO_PATH}\n`) explainer.push(character);
  const { lines, cutLines, problems } = explainer.end();
  t.equal(lines, 3);
  t.equal(cutLines, 1);
  t.equal(problems.length, 1);
  t.equal(problems[0]?.count, 2);
  t.same(problems[0]?.last, { line: 3, time: "2026-11-21 11:23:48" });
});

t.test("Explainer keeps a bounded number of different problems", async (t) => {
  const explainer = new Explainer();
  for (let count = 0; count < 1200; count++)
    explainer.push(`https://host${count}.example.com: ${NO_PATH}\n`);
  const { problems, unlisted } = explainer.end();
  t.equal(problems.length, 1000);
  t.equal(unlisted, 200);
});

t.test(
  "NeedleSearch finds words, not parts of words, and runs of white space as one",
  async (t) => {
    const search = new NeedleSearch(["eof", "no such host", "cwwks185*", "*exception"]);
    const found = (text: string): readonly number[] =>
      search.search(text).map(({ needle }) => needle);
    t.same(found("EOF"), [0]);
    t.same(found("EOFException"), [3]);
    t.same(found("geof eof_ 3eof"), []);
    t.same(found("no\r\n  such\u00a0host"), [1]);
    t.same(found("CWWKS1857E: x"), [2]);
    t.throws(() => new NeedleSearch(["ä"]), { message: /no printable ASCII/ });
  },
);

t.test("NeedleSearch takes time in proportion to the text, however hostile", async (t) => {
  const needles = ["aaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaac", "aaab"];
  const search = new NeedleSearch(needles);
  const measure = (size: number): number => {
    const text = "a".repeat(size);
    const begin = process.cpuUsage();
    for (let run = 0; run < 4; run++) search.search(text);
    const { user, system } = process.cpuUsage(begin);
    return user + system;
  };
  measure(1 << 18);
  const [small, large] = [measure(1 << 18), measure(1 << 21)];
  t.ok(
    large < 40 * Math.max(small, 1000),
    `${small} and ${large} microseconds for eight times as much`,
  );
});
