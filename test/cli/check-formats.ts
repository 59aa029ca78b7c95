import { join } from "node:path";
import t from "tap";
import { run } from "../demo/run.ts";
import { requireTool } from "../tools.ts";
import { anchorwatch, linesOf } from "./command.ts";
import { issuePair, openLab } from "./servers.ts";

t.test("check writes formats for other programs", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const soon = await lab.issue({ name: "soon", keyType: "p256", issuer: ca, days: 20 });
  const hostile = await lab.issue({
    name: "hostile",
    keyType: "p256",
    subject: "/O=a|b & <script> ]]> `c` *d*/CN=\u001b[31me\u0007\nf\u202e",
  });
  const [fine, ending, evil] = await Promise.all(
    [leaf, soon, hostile].map(async (certificate) => {
      const { port } = await lab.serve(certificate);
      return `localhost:${port}`;
    }),
  );
  if (fine === undefined || ending === undefined || evil === undefined) return;
  const all = [fine, ending, evil, "127.0.0.1:1"];
  const trusting = ["--truststore", ca.certificate];
  const check = (
    format: string,
    targets: readonly string[],
    input?: string,
  ): ReturnType<typeof anchorwatch> =>
    anchorwatch(
      [
        "check",
        ...targets,
        ...trusting,
        "--format",
        format,
        ...(input === undefined ? [] : ["--targets", "-"]),
      ],
      input === undefined ? {} : { input },
    );

  await t.test("check --format nagios writes one status line with its data", async (t) => {
    const one =
      /^TLS (\w+) - (.*) \| ok=(\d) warning=(\d) critical=(\d) unknown=(\d)(.*)\n([^|]*)$/;
    const cases: readonly (readonly [
      targets: readonly string[],
      code: number,
      state: string,
      counts: readonly number[],
      words: RegExp,
    ])[] = [
      [[fine], 0, "OK", [1, 0, 0, 0], / as openssl-3: works until /],
      [[ending], 1, "WARNING", [0, 1, 0, 0], /will refuse the connection in 19 days/],
      [[evil], 2, "CRITICAL", [0, 0, 1, 0], /self-signed/],
      [["127.0.0.1:1"], 3, "UNKNOWN", [0, 0, 0, 1], /No connection/],
      [all, 2, "CRITICAL", [1, 1, 1, 1], /^4 results: .*; first: localhost:\d+ .*self-signed/],
      [[fine, "127.0.0.1:1", ending], 3, "UNKNOWN", [1, 1, 0, 1], /; first: 127\.0\.0\.1:1 /],
    ];
    for (const [targets, expected, state, counts, words] of cases) {
      const { code, stdout, stderr } = await check("nagios", targets);
      t.equal(code, expected);
      t.equal(stderr, "");
      const [, said, text = "", ...rest] = one.exec(stdout) ?? [];
      t.equal(said, state, stdout);
      t.match(text, words);
      t.same(rest.slice(0, 4).map(Number), counts);
      t.notMatch(text, "|");
      t.equal(rest[5] === "", expected === 0, "the causes are the long text");
      if (targets.length === 1 && expected < 2)
        t.match(rest[4], /^ handshake=\d+\.\dms breaks_in=\d+s$/);
    }
    const bad = await check("nagios", [], "host name\n");
    t.equal(bad.code, 3);
    t.match(bad.stdout, /^TLS UNKNOWN - host name: Host "host name" holds " "/);
  });

  await t.test("check --format junit writes XML that a parser takes", async (t) => {
    const java = requireTool(t, "java");
    if (java === undefined) return;
    const { code, stdout } = await check("junit", all, `host <&"'> name\n`);
    t.equal(code, 2);
    const parsed = await run(java, [join(import.meta.dirname, "xml-check.java")], stdout);
    t.equal(parsed.code, 0, parsed.stderr);
    const elements = linesOf(parsed.stdout).map((line) => line.split("\t"));
    const counts = ["errors=2", "failures=1", "tests=5"];
    t.match(elements[0], ["0", "testsuites", ...counts, /^time=\d+\.\d{3}$/]);
    t.match(elements[1], ["1", "testsuite", ...counts.slice(0, 2), "name=anchorwatch"]);
    const cases = elements.slice(2).filter(([depth]) => depth === "2");
    t.same(
      cases.map(([, , name]) => name),
      [...all, `host <&"'> name`].map((target) => `classname=${target}`),
    );
    t.equal(cases[0]?.[3], "name=as openssl-3");
    t.same(
      elements.filter(([depth]) => depth === "3").map(([, name]) => name),
      ["system-out", "failure", "error", "error"],
    );
    const failure = elements.find(([, name]) => name === "failure");
    t.match(failure, ["3", "failure", /^message=The server presents a self-signed certificate/]);
    t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    const empty = await check("junit", [], "");
    t.match(empty.stdout, '<testsuites tests="0" failures="0" errors="0"');
  });

  await t.test("check --format markdown writes a table and the repairs", async (t) => {
    const { code, stdout } = await check("markdown", all, "host | name\n");
    t.equal(code, 2);
    const lines = linesOf(stdout);
    t.match(lines[0], /^# TLS check as of \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
    const overview = lines.slice(0, lines.indexOf("## Causes"));
    const rows = overview.filter((line) => line.startsWith("| "));
    t.same(
      rows.map((row) => row.split(/(?<!\\)\|/).length),
      [7, 7, 7, 7, 7, 7],
      "every row has five cells",
    );
    t.match(rows[1], `| ✓ works | ${fine} (127.0.0.1) | openssl-3 |  | 20`);
    t.match(rows[5], "| ? not checked | host \\| name |  | ");
    t.same(
      lines.filter((line) => line.startsWith("## ")),
      ["Causes", ending, evil, "127.0.0.1:1"].map((title) => `## ${title}`),
    );
    t.match(stdout, /\n\*\*critical\*\* `chain\.self-signed`: /);
    t.match(stdout, /\n\d\. Run\n\n {3}```sh\n {3}anchorwatch check localhost.*\n {3}```\n/);
    t.match(lines.at(-1), "5 results: 1 fine, 1 with a warning, 1 with a problem, 2 not checked");
    t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    t.notMatch(stdout.replaceAll(/`[^`\n]*`/g, ""), /(?<!\\)<script/, "no markup of a peer");
  });

  await t.test("check in text keeps hostile names on their line and without effect", async (t) => {
    const [single, several] = await Promise.all([check("text", [evil]), check("text", all)]);
    for (const { stdout } of [single, several])
      t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    t.match(linesOf(several.stdout)[4], "");
    t.match(single.stdout, "\ufffd[31me\ufffd\ufffdf\ufffd");
  });
});
