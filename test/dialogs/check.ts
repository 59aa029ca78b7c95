import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Socket } from "node:net";
import t from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { handshakeFinding } from "../../src/diagnosis/handshake-findings.ts";
import { handshakeFromJson } from "../../src/probe/handshake-json.ts";
import { anchorwatch } from "../cli/command.ts";
import { checkRecords } from "../cli/records.ts";
import { listen } from "../cli/servers.ts";
import { handshakeOf, NOW } from "../diagnosis/pki.ts";
import { serverDirectory } from "../lab/servers/daemon.ts";
import { startSlapd } from "../lab/servers/slapd.ts";
import { requireTool } from "../tools.ts";
import { createLab } from "./lab.ts";

/** Answers each message of the client with the next of these texts. */
const answering =
  (...texts: readonly string[]) =>
  (socket: Socket): void => {
    const [greeting = "", ...answers] = texts;
    socket.write(greeting);
    socket.on("data", () => socket.write(answers.shift() ?? ""));
  };

t.test(
  "check says what a server of another kind, or without TLS, is, and what to try",
  async (t) => {
    const ports = {
      plain: await listen(t, answering("220 m ESMTP\r\n", "250-m\r\n250 SIZE\r\n")),
      ssh: await listen(t, answering("SSH-2.0-OpenSSH_9.2p1\r\n")),
      tls: await listen(t, (socket) =>
        socket.once("data", () => socket.end(Buffer.from("15030100020228", "hex"))),
      ),
      imap: await listen(t, answering("* OK ready\r\n")),
      silent: await listen(t, () => undefined),
      endless: await listen(t, (socket) => socket.write("220-Welcome\r\n".repeat(10_000))),
      odd: await listen(t, answering("* OK ready\r\n", "what?\r\n")),
    };
    const cases: readonly {
      readonly target: string;
      readonly code: string;
      readonly failure: string;
      readonly summary: RegExp;
      readonly step: string | null;
    }[] = [
      {
        target: `smtp://127.0.0.1:${ports.plain}`,
        code: "handshake.upgrade-refused",
        failure: "upgrade-refused",
        summary: /does not upgrade to TLS: Server does not offer STARTTLS: it offers SIZE$/,
        step: "Or use the port on which the server begins with TLS, where it has one: smtps://",
      },
      {
        target: `smtp://127.0.0.1:${ports.ssh}`,
        code: "topology.wrong-protocol",
        failure: "wrong-protocol",
        summary: /is no SMTP server: Peer speaks SSH, not SMTP; its first bytes are/,
        step: null,
      },
      {
        target: `ldap://127.0.0.1:${ports.tls}`,
        code: "topology.wrong-protocol",
        failure: "wrong-protocol",
        summary: /Peer speaks TLS, not LDAP/,
        step: `anchorwatch check ldaps://127.0.0.1:${ports.tls}`,
      },
      {
        target: `postgres://127.0.0.1:${ports.tls}`,
        code: "topology.wrong-protocol",
        failure: "wrong-protocol",
        summary: /Peer speaks TLS, not PostgreSQL/,
        step: `anchorwatch check tls://127.0.0.1:${ports.tls}`,
      },
      {
        target: `https://127.0.0.1:${ports.imap}`,
        code: "topology.not-tls",
        failure: "not-tls",
        summary: /Peer speaks IMAP, not TLS/,
        step: `anchorwatch check imap://127.0.0.1:${ports.imap}`,
      },
      {
        target: `imap://127.0.0.1:${ports.silent}`,
        code: "topology.timeout",
        failure: "timeout-dialog",
        summary: /Server said no word of IMAP within \d+ ms/,
        step: `anchorwatch check imaps://127.0.0.1:${ports.silent}`,
      },
      {
        target: `ftp://127.0.0.1:${ports.endless}`,
        code: "handshake.peer-faulty",
        failure: "message-too-large",
        summary: /Server sent more than \d+ (?:bytes|lines) before TLS could begin/,
        step: null,
      },
      {
        target: `imap://127.0.0.1:${ports.odd}`,
        code: "handshake.peer-faulty",
        failure: "malformed-message",
        summary: /answer to CAPABILITY has another tag/,
        step: null,
      },
    ];
    const targets = cases.map(({ target }) => target);
    const { code, stdout, stderr } = await anchorwatch([
      "check",
      ...targets,
      "--timeout",
      "0.5",
      "--format",
      "ndjson",
    ]);
    t.equal(code, 3, stderr);
    const records = checkRecords(t, stdout);
    t.same(
      records.map(({ target }) => target),
      targets,
    );
    for (const [index, expected] of cases.entries()) {
      const [finding] = records[index]?.findings ?? [];
      t.equal(records[index]?.handshake.failure, expected.failure, expected.target);
      t.equal(finding?.code, expected.code, expected.target);
      t.match(finding?.summary, expected.summary);
      if (expected.step !== null) t.ok(finding?.remedy.includes(expected.step), expected.step);
    }
  },
);

t.test("check probes a directory server by StartTLS and saves the dialog", async (t) => {
  const [openssl, slapd] = [requireTool(t, "openssl"), requireTool(t, "slapd")];
  if (openssl === undefined || slapd === undefined) return;
  const { identity, root } = await createLab(t, openssl);
  const directory = await serverDirectory(t);
  const server = await startSlapd(slapd, { directory, identity });
  t.teardown(() => server.stop());
  const saved = join(directory, "saved.ndjson");
  const target = `ldap://localhost:${server.ports.ldap}`;
  const options = `--connect 127.0.0.1 --truststore ${root} --as openssl-3 --format ndjson`;
  const { code, stdout, stderr } = await anchorwatch([
    "check",
    target,
    "--save",
    saved,
    ...options.split(" "),
  ]);
  t.ok(code === 0 || code === 1, stderr);
  t.match(checkRecords(t, stdout), [
    { target, trusted: true, nameMatch: true, handshake: { outcome: "complete", failure: null } },
  ]);
  const read = handshakeFromJson(JSON.parse(await readFile(saved, "utf8")));
  t.same(read.ok ? read.value.dialog : read.error, [
    { direction: "sent", text: "StartTLS request" },
    { direction: "received", text: "StartTLS response: success" },
  ]);
});

/** Steps that the finding of a failed conversation names. */
function steps(changes: Partial<Handshake>): readonly string[] {
  const handshake = handshakeOf([], { outcome: "failed", stage: "connect", ...changes });
  return handshakeFinding(handshake, { ownChain: null, at: NOW })?.remedy ?? [];
}

t.test("handshakeFinding() tells the protocol of a silent port by its number", async (t) => {
  const failure = { code: "connection-closed", message: "Server closed the connection" } as const;
  const cases = { 389: "ldap", 587: "smtp", 5432: "postgres", 1433: "mssql", 3389: "rdp" };
  for (const [port, scheme] of Object.entries(cases))
    t.ok(
      steps({
        endpoint: { scheme: "tls", host: "h.example", port: Number(port) },
        failure,
      }).includes(`anchorwatch check ${scheme}://h.example:${port}`),
      `${port} is ${scheme}`,
    );
  t.notMatch(
    steps({ endpoint: { scheme: "tls", host: "h.example", port: 8443 }, failure }).join(),
    /anchorwatch check/,
  );
});

t.test("handshakeFinding() tells protocols with one greeting apart by the port", async (t) => {
  const failure = { code: "not-tls", message: "Peer speaks SMTP or FTP" } as const;
  const firstBytes = new Uint8Array(Buffer.from("220 ready\r\n"));
  for (const [port, words] of [
    [21, "ftp://"],
    [25, "smtp://"],
    [2525, "smtp:// or lmtp:// or ftp://"],
  ] as const)
    t.ok(
      steps({
        endpoint: { scheme: "tls", host: "h.example", port },
        failure,
        firstBytes,
      }).includes(`Name the protocol in the target, with ${words}`),
      `${port} is ${words}`,
    );
});
