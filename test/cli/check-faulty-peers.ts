import t from "tap";
import { freePort } from "../lab/process.ts";
import { anchorwatch } from "./command.ts";
import { checkRecords } from "./records.ts";
import { listen } from "./servers.ts";

interface Expected {
  readonly code: string;
  readonly failure: string;
  readonly summary: RegExp;
  readonly address?: string | null;
}

t.test("check says what is wrong with what answers, or does not, and exits with 3", async (t) => {
  const port = {
    silent: await listen(t, () => undefined),
    reset: await listen(t, (socket) => socket.once("data", () => socket.resetAndDestroy())),
    closed: await listen(t, (socket) => socket.once("data", () => socket.end())),
    http: await listen(t, (socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    ),
    smtp: await listen(t, (socket) => socket.write("220 mail.example.com ESMTP\r\n")),
    noise: await listen(t, (socket) => socket.end(Buffer.alloc(4096, 0xfe))),
    refused: await freePort(),
  };
  const cases: readonly (readonly [string, string, Expected])[] = [
    [
      "a server that says nothing",
      `127.0.0.1:${port.silent}`,
      { code: "topology.timeout", failure: "timeout-handshake", summary: /No answer/ },
    ],
    [
      "a server that resets the connection",
      `127.0.0.1:${port.reset}`,
      { code: "topology.connection-cut", failure: "connection-reset", summary: /was cut/ },
    ],
    [
      "a server that closes the connection",
      `127.0.0.1:${port.closed}`,
      { code: "topology.connection-cut", failure: "connection-closed", summary: /was cut/ },
    ],
    [
      "a web server without TLS",
      `https://127.0.0.1:${port.http}`,
      { code: "topology.not-tls", failure: "not-tls", summary: /speaks HTTP.*400 Bad Request/ },
    ],
    [
      "a mail server without TLS",
      `smtps://127.0.0.1:${port.smtp}`,
      { code: "topology.not-tls", failure: "not-tls", summary: /does not speak TLS/ },
    ],
    [
      "noise",
      `127.0.0.1:${port.noise}`,
      { code: "topology.not-tls", failure: "not-tls", summary: /does not speak TLS/ },
    ],
    [
      "a port on which nothing listens",
      `localhost:${port.refused}`,
      { code: "topology.unreachable", failure: "connect-refused", summary: /ECONNREFUSED/ },
    ],
    [
      "a name that does not exist",
      "nobody.invalid",
      {
        code: "topology.unresolvable",
        failure: "dns-failed",
        summary: /nobody\.invalid does not resolve/,
        address: null,
      },
    ],
  ];
  await t.test("check one by one", async (t) => {
    for (const [words, target, { code: finding, failure, summary, address }] of cases)
      await t.test(`check of ${words}`, async (t) => {
        const args = ["check", target, "--timeout", "0.3", "--format", "ndjson"];
        const { code, stdout, stderr } = await anchorwatch(args);
        t.equal(code, 3, stderr);
        const records = checkRecords(t, stdout);
        t.ok(records.length > 0);
        for (const record of records) {
          t.match(record, { target, trusted: null, nameMatch: null, chain: [], path: [] });
          t.match(record.handshake, { outcome: "failed", failure, version: null });
          t.equal(record.findings[0]?.code, finding);
          t.match(record.findings[0]?.summary, summary);
          t.ok((record.findings[0]?.remedy.length ?? 0) > 0, "there is a remedy");
          if (address !== undefined) t.equal(record.address, address);
          else t.ok(record.address);
        }
      });
  });

  await t.test("check of all of them at once, in order", async (t) => {
    const targets = cases.map(([, target]) => target);
    const args = ["check", ...targets, "--timeout", "0.3", "--format", "ndjson"];
    const { code, stdout } = await anchorwatch(args);
    t.equal(code, 3);
    const records = checkRecords(t, stdout);
    t.same(
      [...new Map(records.map((record) => [record.target, record.findings[0]?.code]))],
      cases.map(([, target, expected]) => [target, expected.code]),
    );
  });

  await t.test("check says in text why, without a chain", async (t) => {
    const { code, stdout } = await anchorwatch(["check", `https://127.0.0.1:${port.http}`]);
    t.equal(code, 3);
    t.match(stdout, "✗ critical  topology.not-tls");
    t.match(stdout, /"HTTP\/1\.1\s+400\s+Bad\s+Request"/);
    t.notMatch(stdout, "sent by the server");
  });
});

t.test("check does not print what a peer sends as it is", async (t) => {
  const port = await listen(t, (socket) =>
    socket.once("data", () => socket.end("\u001b[31mHTTP/1.1 \u0007\u202e\r\nok")),
  );
  const { stdout, stderr } = await anchorwatch(["check", `127.0.0.1:${port}`]);
  t.notMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
