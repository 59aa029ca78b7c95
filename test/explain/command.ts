import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import * as z from "zod";
import { CATALOGUE, CASE_IDS } from "../../src/diagnosis/catalogue.ts";
import { FINDING_CODES } from "../../src/diagnosis/finding-codes.ts";
import { caseText } from "../../src/report/explain/case-text.ts";
import {
  EXPLAIN_DOCUMENT_SCHEMA,
  EXPLAIN_ENTRY_SCHEMA,
  EXPLAIN_RECORD_SCHEMA,
} from "../../src/report/explain/explain-schema.ts";
import { pageText } from "../../src/report/explain/page-text.ts";
import { plainPaint } from "../../src/report/paint.ts";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { anchorwatch, linesOf } from "../cli/command.ts";
import { CAST } from "../demo/cast.ts";
import { member, readEstate } from "../demo/estate.ts";
import { findingPages, readPage } from "../docs/markdown.ts";
import { commandLines, shellWords } from "../docs/shell-words.ts";
import { launcher, run } from "../set-up/run.ts";
import { requireTool } from "../tools.ts";

const NO_PATH =
  "PKIX path building failed: unable to find valid certification path to requested target";

t.test("explain prints what its page shows", async (t) => {
  const { fences } = readPage("docs/commands-explain.md");
  const shown = fences.findIndex(({ language }) => language === "text");
  const [command = ""] = commandLines(fences[shown - 1]?.text ?? "");
  const { code, stdout } = await anchorwatch(shellWords(command).slice(1));
  t.equal(code, 2);
  t.equal(stdout.trimEnd(), fences[shown]?.text.trimEnd());
});

t.test("explain reads a pipe, a file and words in every format", async (t) => {
  const folder = t.testdir({ "app.log": `one\n${NO_PATH}\n${NO_PATH}\n` });
  const file = join(folder, "app.log");
  const json = await anchorwatch(["explain", file, "--format", "json"]);
  t.equal(json.code, 2);
  const document = EXPLAIN_DOCUMENT_SCHEMA.parse(JSON.parse(json.stdout));
  t.equal(document.problems[0]?.count, 2);
  t.equal(document.lines, 3);
  t.equal(document.problems[0]?.causes[0]?.case, "A1");
  t.same(document.problems[0]?.causes[0]?.codes, ["truststore.anchor-missing"]);
  const piped = await anchorwatch(["explain", "--format", "ndjson"], { input: `${NO_PATH}\n` });
  t.equal(EXPLAIN_RECORD_SCHEMA.parse(JSON.parse(piped.stdout)).count, 1);
  const dash = await anchorwatch(["explain", "-", "--format", "markdown"], { input: NO_PATH });
  t.match(dash.stdout, /^## Java found no path/);
  const nothing = await anchorwatch(["explain", "all", "is", "well"]);
  t.equal(nothing.code, 0);
  t.equal(nothing.stdout, "No known error text in 1 line\n");
});

t.test(
  "explain CODE and explain CASE print their pages, and suggest the nearest code",
  async (t) => {
    const page = await anchorwatch(["explain", "truststore.leaf-pinned"]);
    t.equal(page.code, 0);
    t.match(page.stdout, /^truststore\.leaf-pinned\n/);
    const markdown = await anchorwatch(["explain", "leaf.expired", "--format", "markdown"]);
    t.equal(
      markdown.stdout,
      readFileSync(new URL("../../docs/findings/leaf.expired.md", import.meta.url), "utf8"),
    );
    const unknown = await anchorwatch(["explain", "leaf.expird"]);
    t.equal(unknown.code, 64);
    t.match(unknown.stderr, "No finding has the code leaf.expird; did you mean leaf.expired?");
    const a11 = await anchorwatch(["explain", "a11", "--format", "json"]);
    t.same(EXPLAIN_ENTRY_SCHEMA.parse(JSON.parse(a11.stdout)).codes, ["truststore.leaf-pinned"]);
    const none = await anchorwatch(["explain", "F12"]);
    t.equal(none.code, 64);
    t.match(none.stderr, "it has A1 to F11");
  },
);

t.test("explain --list names every code with its title", async (t) => {
  const { code, stdout } = await anchorwatch(["explain", "--list", "--format", "json"]);
  t.equal(code, 0);
  const entries = z.array(EXPLAIN_ENTRY_SCHEMA).parse(JSON.parse(stdout));
  t.same(
    entries.map(({ id, title }) => [id, title]),
    FINDING_CODES.map((each) => [each, CATALOGUE[each].title]),
  );
});

t.test("explain says what to do where nothing is piped into it", async (t) => {
  const script = requireTool(t, "script");
  if (script === undefined) return;
  const command = `'${process.execPath}' '${launcher}' explain`;
  const { code, stdout } = run(script, ["-qec", command, "/dev/null"]);
  t.equal(code, 64);
  t.match(stdout.replaceAll(/\s+/g, " "), "Nothing to explain: give the error text");
});

t.test("pageText() and caseText() keep to 80 columns, commands and long words aside", async (t) => {
  const pages = findingPages.map((code) =>
    pageText(readPage(`docs/findings/${code}.md`).text, plainPaint),
  );
  for (const text of [...pages, ...CASE_IDS.map((id) => caseText(id, plainPaint))])
    for (const line of linesOf(text))
      t.ok(line.length <= 80 || line.startsWith("    ") || line.trim().split(" ").length < 3, line);
});

/** What the clients of the demo would log, by the headline of their link, and the case that it turns out to be. */
const LOGGED = new Map([
  ["truststore.anchor-elsewhere", { words: NO_PATH, cause: "A3" }],
  ["chain.incomplete", { words: NO_PATH, cause: "B1" }],
  ["leaf.expired", { words: "validity check failed", cause: "C1" }],
  ["topology.not-tls", { words: "wrong version number", cause: "D7" }],
]);

t.test("explain --estate names the link of a text, and --check tells its cause", async (t) => {
  const demo = await startDemo({ listen: "127.0.0.1:0" });
  t.teardown(() => demo.close());
  const estate = readEstate(demo);
  const logged = CAST.flatMap(({ client, endpoint, headline }) => {
    const log = LOGGED.get(headline ?? "");
    if (log === undefined) return [];
    const { host, port } = new URL(
      member(estate.endpoints, endpoint).url.replace(/^\w+:/, "http:"),
    );
    const [store = ""] = member(estate.clients, client).trust;
    const place = `from the host [${host}${port === "" ? ":443" : ""}]`;
    const { path } = member(estate.truststores, store);
    const text = `was sent ${place} local trust store [${[path].flat()[0]}], located in: ${log.words}`;
    return [{ client, endpoint, cause: log.cause, text }];
  });
  t.ok(logged.length >= 4, `${logged.length} links`);
  const input = logged.map(({ text }) => `${text}\n`).join("");
  const args = ["explain", "--estate", "anchorwatch.yaml", "--format", "ndjson"];
  const records = async (...more: readonly string[]) => {
    const { code, stdout, stderr } = await anchorwatch([...args, ...more], {
      cwd: demo.directory,
      input,
    });
    t.equal(code, 2);
    t.equal(stderr, "");
    return linesOf(stdout).map((line) => EXPLAIN_RECORD_SCHEMA.parse(JSON.parse(line)));
  };
  const named = await records();
  t.same(
    named.map(({ link, checked }) => [link, checked]),
    logged.map(({ client, endpoint }) => [{ client, endpoint }, null]),
  );
  const checked = await records("--check");
  t.same(
    checked.map((record) => [record.checked?.client, record.checked?.confirmed[0]]),
    logged.map(({ client, cause }) => [client, cause]),
  );
});
