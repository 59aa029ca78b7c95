import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { anchorwatch, linesOf } from "./command.ts";
import { checkDocument, checkRecords } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

t.test("check --targets", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const { port } = await lab.serve(leaf);
  const good = `localhost:${port}`;
  const trusting = ["--truststore", ca.certificate];
  const list = join(lab.directory, "hosts.txt");

  const long = `${"x".repeat(5000)}.example.com`;
  const lines: readonly (string | Uint8Array)[] = [
    "\ufeff# hosts of the lab",
    good,
    "",
    `  https://127.0.0.1:${port}/a?b#c  \r`,
    "   # indented remark\r",
    "host name",
    "\r",
    "https://user:pass%20word@host.example.com:8443/",
    long,
    "127.0.0.1:0",
    "\u001b[31mred",
    "finger://mail.example.com",
    Uint8Array.of(0xff, 0xfe, 0x41),
    good,
  ];
  writeFileSync(
    list,
    Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")])),
  );
  const expected = [
    [good, null],
    [`https://127.0.0.1:${port}/a?b#c`, null],
    ["host name", 6],
    ["https://…@host.example.com:8443/", 8],
    ["(too long)", 9],
    ["127.0.0.1:0", 10],
    ["\u001b[31mred", 11],
    ["finger://mail.example.com", 12],
    ["\ufffd\ufffdA", 13],
    [good, null],
  ] as const;
  const bad = expected.flatMap(([, line]) => (line === null ? [] : [line]));

  await t.test("check --targets --format ndjson loses no line", async (t) => {
    const { code, stdout, stderr } = await anchorwatch([
      "check",
      "--targets",
      list,
      "--format",
      "ndjson",
      ...trusting,
    ]);
    t.equal(code, 3);
    const records = checkRecords(t, stdout);
    t.same(
      records.map((record) => [record.target, record.findings[0]?.code ?? null]),
      expected.map(([target, line]) => [target, line === null ? null : "topology.target-invalid"]),
    );
    for (const record of records.filter(({ profile }) => profile === ""))
      t.match(record, {
        address: null,
        trusted: null,
        chain: [],
        handshake: { outcome: "failed" },
      });
    t.same(
      linesOf(stderr).map((line) => /^anchorwatch: (.*?): /.exec(line)?.[1]),
      bad.map((line) => `${list}:${line}`),
      "standard error names file and line",
    );
    t.notMatch(stdout + stderr, "pass%20word", "a password is not repeated");
    t.notMatch(stderr, "\u001b");
  });

  await t.test("check --targets --format json loses no line", async (t) => {
    const { code, stdout } = await anchorwatch([
      "check",
      "--targets",
      list,
      "--format",
      "json",
      ...trusting,
    ]);
    t.equal(code, 3);
    const document = checkDocument(t, stdout);
    t.same(
      document?.results.map(({ target }) => target),
      expected.map(([target]) => target),
    );
  });

  await t.test(
    "check --targets prints the good ones in text and complains about the others",
    async (t) => {
      const { code, stdout, stderr } = await anchorwatch(["check", "--targets", list, ...trusting]);
      t.equal(code, 3);
      const lines = linesOf(stdout);
      t.equal(lines.length, 4);
      t.equal(lines[3], "10 results: 3 fine, 7 not checked");
      t.equal(linesOf(stderr).length, bad.length);
    },
  );

  await t.test("check --targets - reads standard input, after the targets named", async (t) => {
    const { code, stdout, stderr } = await anchorwatch(
      ["check", good, "--targets", "-", "--format", "ndjson", ...trusting],
      { input: `# only this\r\n127.0.0.1:${port}\r\nhost name` },
    );
    t.equal(code, 3);
    t.same(
      checkRecords(t, stdout).map(({ target }) => target),
      [good, `127.0.0.1:${port}`, "host name"],
      "also a last line without its end",
    );
    t.match(stderr, 'anchorwatch: standard input:3: Host "host name" holds " "');
  });

  await t.test("check --targets of an empty list checks nothing and is content", async (t) => {
    const run = (format: string): ReturnType<typeof anchorwatch> =>
      anchorwatch(["check", "--targets", "-", "--format", format], { input: "\n# nothing\n" });
    const [text, json, ndjson] = await Promise.all(["text", "json", "ndjson"].map(run));
    t.match(text, { code: 0, stdout: "0 results\n", stderr: "" });
    t.same(checkDocument(t, json?.stdout ?? ""), { results: [], exitCode: 0 });
    t.match(ndjson, { code: 0, stdout: "" });
  });
});
