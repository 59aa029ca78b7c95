import t from "tap";
import { CATALOGUE } from "../../src/diagnosis/catalogue.ts";
import { FINDING_CODES } from "../../src/diagnosis/finding-codes.ts";
import { findingPages, type Page, readPage } from "./markdown.ts";

const SECTIONS = [
  "Situations",
  "What the clients print",
  "How to tell",
  "Repair",
  "Verify",
  "See also",
];

const page = (code: string): Page => readPage(`docs/findings/${code}.md`);

t.test("docs/findings has a page for every code and no other", async (t) => {
  t.same(findingPages.toSorted(), [...FINDING_CODES].toSorted());
});

for (const code of findingPages)
  t.test(`docs/findings/${code}.md follows the skeleton`, async (t) => {
    const { text, prose, headings } = page(code);
    t.same(
      headings.filter(({ level }) => level === 1).map(({ title }) => title),
      [code],
      "the title is the code",
    );
    t.same(
      headings.filter(({ level }) => level === 2).map(({ title }) => title),
      SECTIONS,
      "every section, in order",
    );
    const [, meaning = "", severity = ""] = prose.split("\n\n");
    t.match(meaning, /^[A-Z][^]*\.$/, "what it means, in a sentence");
    t.match(severity, /^\*\*Severity:\*\* \S/, "when it has which severity");
    t.match(prose, /^\| client|^\| program/m, "a table of texts by client");
    const { length } = text.trimEnd().split("\n");
    t.ok(length >= 30 && length <= 90, `${length} lines are short enough`);
    const long = prose.split("\n").filter((line) => line.length > 120 && !line.includes("|"));
    t.same(long, [], "no line of prose is too long");
  });

t.test("Pages about findings tell to compare before they tell to import", async (t) => {
  for (const code of findingPages) {
    const { text } = page(code);
    if (!/keytool -importcert -trustcacerts|>> ca(-bundle)?\.pem|-cert -add /.test(text)) continue;
    t.match(text, /fingerprint/, `${code} names the fingerprint`);
    t.match(text, /owner/, `${code} names the owner`);
  }
});

t.test("Pages about findings keep passwords off the command line", async (t) => {
  for (const code of findingPages)
    t.notMatch(
      page(code).text,
      /-(store|key|dest|src)pass\b|-storepass|pass:|-pw [^-]|password=[^"{\s]/,
      code,
    );
});

t.test("Pages about findings name internal ids only in a comment", async (t) => {
  for (const code of findingPages) {
    const visible = page(code).text.replaceAll(/<!--[^]*?-->/g, "");
    t.notMatch(visible, /\b[A-F][1-9][0-9]?\b(?!-)/, code);
  }
});

t.test("Pages about findings name the cases that the catalogue gives their codes", async (t) => {
  for (const code of FINDING_CODES) {
    const named = /^<!-- Catalogue: ([A-F\d, ]+) -->$/m.exec(page(code).text)?.[1]?.split(", ");
    t.same(named ?? [], CATALOGUE[code].cases, code);
  }
});
