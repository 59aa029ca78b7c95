import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import t from "tap";
import {
  ESTATE_CHECK_SCHEMA,
  ESTATE_FINDING_SCHEMA,
} from "../../../src/report/estate/check-schema.ts";
import { ESTATE_SHOW_SCHEMA } from "../../../src/report/estate/overview-schema.ts";
import { anchorwatch, linesOf } from "../../cli/command.ts";
import { readAs } from "../../cli/records.ts";
import { issue, makeKeys } from "../../forecast/world.ts";

t.test("estate check and estate show", async (t) => {
  const [key] = await makeKeys(1);
  if (key === undefined) return;
  const folder = t.testdir({ "root.pem": issue("Root", key, 3000, { ca: true }).pem });
  const estate = (store: string, more = ""): string => `version: 1
truststores: { roots: { path: ${store} } }
clients: { one: { profile: openjdk-17, trust: roots } }
endpoints: { a: { url: "https://a.example.com" } }
links: [{ from: one, to: a }]
${more}`;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("anchorwatch.yaml", estate("root.pem"));
  write(
    "warning.yaml",
    estate("root.pem").replace("clients: {", "clients: { idle: { profile: go, trust: roots },"),
  );
  write("problem.yaml", estate("nowhere.pem"));
  write("wrong.yaml", estate("root.pem", "colour: red\n"));
  write(
    "http.yaml",
    estate(
      "root.pem",
      "http: { tls: { cert: no.pem, key: no.key } }\nnotify: { n: { slack: { url: { env: ANCHORWATCH_NOT_SET } } } }\n",
    ),
  );
  const run = (...args: readonly string[]) => anchorwatch(["estate", ...args], { cwd: folder });
  const check = (name: string, format: string) =>
    run("check", "--estate", name, "--format", format);
  const [good, warning, problem, wrong, http, lines, junit, nagios] = await Promise.all([
    run("check"),
    check("warning.yaml", "text"),
    check("problem.yaml", "json"),
    check("wrong.yaml", "json"),
    check("http.yaml", "text"),
    check("problem.yaml", "ndjson"),
    check("problem.yaml", "junit"),
    check("wrong.yaml", "nagios"),
  ]);
  t.match([good.code, good.stdout], [0, /\nIn order\.\n/]);
  t.match(
    [warning.code, warning.stdout],
    [
      1,
      /\nwarning estate\.unused-entry: client idle\n[^]*\n {2}warning\.yaml:3:12 clients\.idle\n/,
    ],
  );
  t.equal(problem.code, 2);
  const document = readAs(t, ESTATE_CHECK_SCHEMA, problem.stdout);
  t.match(document, {
    valid: true,
    exitCode: 2,
    findings: [{ code: "truststore.not-found", place: { file: "problem.yaml", line: 2 } }],
  });
  t.same(
    linesOf(lines.stdout).map((line) => readAs(t, ESTATE_FINDING_SCHEMA, line)),
    document?.findings,
  );
  t.equal(wrong.code, 64);
  t.match(readAs(t, ESTATE_CHECK_SCHEMA, wrong.stdout), {
    valid: false,
    exitCode: 64,
    problems: [{ file: "wrong.yaml", line: 6, path: "colour" }],
  });
  t.match([nagios.code, nagios.stdout], [64, /^ESTATE CRITICAL - wrong\.yaml:6:1 colour/]);
  t.equal(http.code, 2);
  t.match(http.stdout, /In http:\s.*no\.pem/s);
  t.match(http.stdout, /In notify\.n: .*ANCHORWATCH_NOT_SET/s);
  const failures: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", ({ message }) => t.fail(message));
  parser.on("opentag", ({ name, attributes }) => {
    if (name === "failure") failures.push(String(attributes["type"]));
  });
  parser.write(junit.stdout).close();
  t.strictSame(failures, ["truststore.not-found"]);

  const [text, json, dot, refused] = await Promise.all([
    run("show"),
    run("show", "--format", "json"),
    run("show", "--format", "dot"),
    run("show", "--estate", "wrong.yaml"),
  ]);
  t.match([text.code, text.stdout], [0, /└─ a {2}https:\/\/a\.example\.com\n/]);
  t.match(readAs(t, ESTATE_SHOW_SCHEMA, json.stdout), { clients: [{ name: "one" }] });
  t.match(dot.stdout, /^digraph estate \{/);
  t.match([refused.code, refused.stderr], [64, /wrong\.yaml:6:1 colour: Unknown key/]);
});
