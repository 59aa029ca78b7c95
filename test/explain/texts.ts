import { readFileSync } from "node:fs";
import t from "tap";
import { CASE_IDS } from "../../src/diagnosis/catalogue.ts";
import { caseEntry } from "../../src/diagnosis/explain/cases.ts";
import { explainText } from "../../src/diagnosis/explain/explain.ts";
import { textKnowledge } from "../../src/diagnosis/explain/patterns.ts";

const rows = readFileSync(new URL("texts.tsv", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [cases = "", text = ""] = line.split("\t", 2);
    // a doubled backslash is one that stands in the text
    const raw = text.replaceAll(/\\(\\|n|t)/g, (_all, sign: string) =>
      sign === "n" ? "\n" : sign === "t" ? "\t" : "\\",
    );
    return { cases, text: raw };
  });

t.test("explainText() tells the first causes of texts of every kind of client", async (t) => {
  t.ok(rows.length >= 200, `${rows.length} texts`);
  for (const { cases, text } of rows) {
    const { problems } = explainText(text);
    const said = problems.map((problem) => problem.cases.join(" "));
    const fits = said.some((all) => `${all} `.startsWith(`${cases} `));
    t.ok(fits && problems.length <= 2, `${cases} <- ${text.slice(0, 160)}`, { said });
  }
});

const unrelated = readFileSync(new URL("unrelated.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "");

t.test("explainText() recognises nothing in lines that are no TLS error", async (t) => {
  t.ok(unrelated.length >= 40, `${unrelated.length} lines`);
  const readings = (text: string): readonly string[] =>
    explainText(text).problems.map(({ pattern }) => pattern.id);
  for (const line of unrelated) t.same(readings(line), [], line);
  t.same(readings(unrelated.join("\n")), [], "all of them in one log");
});

t.test(
  "textKnowledge() is whole: every case is meant by some text, every pattern is proven",
  async (t) => {
    const { patterns } = textKnowledge();
    const meant = new Set(
      patterns.flatMap(({ cases, onServer }) => [...cases, ...(onServer?.cases ?? [])]),
    );
    const silent = CASE_IDS.filter((id) => !meant.has(id));
    t.same(silent, ["B8", "D2", "D3", "D4", "F10"], "cases that give no text of their own");
    for (const id of CASE_IDS) t.ok(caseEntry(id).title.length > 10, id);
    for (const { id, cases, onServer, level } of patterns)
      t.ok(cases.length > 0 || onServer !== null || level === 1, `${id} means something`);
  },
);
