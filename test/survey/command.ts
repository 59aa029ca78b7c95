import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:tls";
import t from "tap";
import {
  SURVEY_DOCUMENT_SCHEMA,
  SURVEY_RECORD_SCHEMA,
} from "../../src/report/survey/survey-schema.ts";
import { plainPaint } from "../../src/report/paint.ts";
import { surveyText } from "../../src/report/survey/survey-text.ts";
import type { AddressSurvey } from "../../src/probe/survey/survey-record.ts";
import { unreachedAddress } from "../../src/probe/survey/survey-address.ts";
import { outcomeOf, startCommand } from "../cli/command.ts";
import { readPage } from "../docs/markdown.ts";
import { createIssuer } from "../lab/openssl.ts";
import { freePort } from "../lab/process.ts";
import { requireTool } from "../tools.ts";

const FAST = ["--rate", "10000", "--concurrency", "8"];

async function run(...args: readonly string[]) {
  return outcomeOf(startCommand(["survey", ...args]));
}

t.test("survey prints what it found in every format", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const hostile = `/CN=${"\u001b[31m"}very${"long".repeat(40)}`;
  const { certificate, key } = await issue({
    name: "server",
    keyType: "p256",
    issuer,
    subject: hostile.slice(0, 60),
  });
  const server = createServer({
    cert: readFileSync(certificate),
    key: readFileSync(key),
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.2",
    ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
    ecdhCurve: "P-384:P-256",
    honorCipherOrder: true,
  });
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket) => socket.on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  const target = "www.example.com:443";
  const reach = [target, "--connect", `127.0.0.1:${address.port}`, ...FAST];

  await t.test("survey prints text of 80 columns, as the documentation shows it", async (t) => {
    const { code, stdout, stderr } = await run(...reach);
    t.equal(code, 0, stderr);
    t.notOk(stdout.includes("\u001b"), "no control characters of the certificate");
    for (const line of stdout.split("\n")) t.ok(Array.from(line).length <= 80, line);
    const [example = ""] = readPage("docs/commands-survey.md")
      .fences.filter(({ language }) => language === "text")
      .map(({ text }) => text);
    const [title = "", ...rest] = example.trim().split("\n");
    const [first = "", ...others] = stdout.split("\n");
    const shape = (line: string): string => line.replace(/\d[\d.:]*/g, "0");
    t.equal(shape(first), shape(title));
    t.strictSame(others.slice(0, rest.length), rest);
    for (const heading of ["Certificates", "Features", "Unusual hellos", "Clients"])
      t.ok(others.includes(heading), heading);
  });

  await t.test("survey prints JSON as its schemas want it", async (t) => {
    const document = await run(...reach, "--format", "json");
    const parsed = SURVEY_DOCUMENT_SCHEMA.safeParse(JSON.parse(document.stdout));
    t.same(parsed.error?.issues ?? [], []);
    t.match(parsed.data?.results[0]?.addresses[0], {
      keyTypes: ["ec"],
      versions: { 1: { version: "TLSv1.2", preference: "server", cipherSuites: { length: 2 } } },
    });
    const lines = await run(...reach, "--format", "ndjson");
    const records = lines.stdout.trim().split("\n");
    t.equal(records.length, 1);
    t.same(SURVEY_RECORD_SCHEMA.safeParse(JSON.parse(records[0] ?? "")).error?.issues ?? [], []);
  });

  await t.test("survey writes a document of all that a server offers", async (t) => {
    const { stdout: markdown } = await run(...reach, "--format", "markdown");
    t.match(markdown, /^# survey as of [^]*\| ✓ fine \| www.{1,2}example.com:443 \|/);
    for (const part of ["Versions", "Cipher suites", "Certificates", "Features", "Clients"])
      t.match(markdown, `### ${part}\n`);
    t.match(
      markdown,
      "| TLSv1.2 | TLS\\_ECDHE\\_ECDSA\\_WITH\\_AES\\_256\\_GCM\\_SHA384 | ecdhe secp384r1 |",
    );
    const { stdout: html } = await run(...reach, "--format", "html");
    t.match(html, "<td>OpenJDK 17</td><td>yes</td>");
    for (const text of [markdown, html]) t.notOk(text.includes("\u001b"), "no control characters");
  });

  await t.test("survey fails where a target cannot be asked, in every format", async (t) => {
    const nowhere = [`127.0.0.1:${await freePort()}`, ...FAST, "--format"];
    const wanted = {
      text: /refused the connection/,
      json: /"connect-refused"/,
      ndjson: /"connect-refused"/,
      nagios: /^SURVEY UNKNOWN/,
      junit: /<error type="connect-refused"/,
      markdown: /refused the connection/,
      html: /<!doctype html>[^]*refused the connection/,
    };
    for (const [format, pattern] of Object.entries(wanted)) {
      const { code, stdout } = await run(...nowhere, format);
      t.equal(code, 3, format);
      t.match(stdout, pattern, format);
    }
  });

  await t.test("survey refuses options that mean nothing", async (t) => {
    const wrong = [
      [],
      [target, "--rate", "0"],
      [target, "--concurrency", "0"],
      [target, "--format", "pdf"],
      [target, "--connect", "a:b:c"],
      [target, "--proxy-password", "env:X"],
    ];
    for (const args of wrong) t.equal((await run(...args)).code, 64, args.join(" "));
  });
});

t.test("surveyText() stays within 80 columns whatever the server says", async (t) => {
  const failure = { code: "alert-received", message: `\u001b[2J${"x ".repeat(300)}` } as const;
  const base = unreachedAddress("2001:db8:1234:5678:9abc:def0:1234:5678", 65_535, failure);
  const survey: AddressSurvey = {
    ...base,
    failure: null,
    versions: [
      { version: "TLSv1.2", state: "unclear", failure, cipherSuites: [], preference: null },
    ],
    alpn: {
      protocols: Array.from({ length: 30 }, (_, index) => `proto-${index}\n`),
      insists: true,
    },
    clients: [
      {
        client: "openjdk-17",
        connects: false,
        version: null,
        cipherSuite: null,
        group: null,
        failure,
      },
    ],
  };
  const endpoint = { scheme: "tls", host: "h", port: 443 } as const;
  for (const each of [base, survey]) {
    const text = surveyText(
      {
        target: "h",
        survey: { endpoint, serverName: null, startedAt: "", addresses: [each] },
        addresses: [{ survey: each, findings: [], ratings: [] }],
        findings: [],
        code: 3,
      },
      plainPaint,
    );
    t.notOk(text.includes("\u001b"));
    for (const line of text.split("\n")) t.ok(Array.from(line).length <= 80, line);
  }
});
