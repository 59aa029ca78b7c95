import type { Socket } from "node:net";
import t from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe } from "../../src/probe/probe.ts";
import { plainRecord } from "../../src/probe/tls/record-protection.ts";
import { ContentType } from "../../src/probe/tls/record-reader.ts";
import { singleHello } from "../../src/probe/tls/single-hello.ts";
import { Ssl2Client, type Ssl2Outcome } from "../../src/probe/tls/ssl-2-client.ts";
import { SSL_2_CIPHER_KINDS } from "../../src/probe/tls/ssl-2-messages.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { Writer } from "../../src/probe/tls/writer.ts";
import { startScriptedServer } from "../lab/tcp.ts";
import { recordedOptions, recording, replay, serverBytes } from "./recording.ts";
import { message } from "./rewrite.ts";

/** A real chain, as a server sent it. */
const chain = replay(recordedOptions(recording("tls12-rsa")), [
  serverBytes(recording("tls12-rsa")),
]).events.flatMap((event) => (event.kind === "certificates" ? event.certificates : []));
const [leaf = new Uint8Array()] = chain;

const RC4_SHA = 0x0005;
const DHE_EXPORT = 0x0014;

function ssl3Hello(suite: number): Uint8Array {
  const writer = new Writer();
  writer.uint16(Version.ssl30).bytes(new Uint8Array(32).fill(7));
  writer.vector8(() => writer.bytes(new Uint8Array(32).fill(8)));
  return message(2, writer.uint16(suite).uint8(0).finish());
}

function certificateList(): Uint8Array {
  const writer = new Writer();
  writer.vector24(() => {
    for (const certificate of chain) writer.vector24(() => writer.bytes(certificate));
  });
  return message(11, writer.finish());
}

/** Export parameters of 512 bits with a signature that nobody checks (RFC 6101 section 5.6.3). */
function exportParameters(): Uint8Array {
  const writer = new Writer();
  for (const number of [
    new Uint8Array(64).fill(0xd1),
    Uint8Array.of(2),
    new Uint8Array(64).fill(0x55),
    new Uint8Array(64),
  ])
    writer.vector16(() => writer.bytes(number));
  return message(12, writer.finish());
}

const done = message(14, new Uint8Array());

const record3 = (type: number, ...content: readonly Uint8Array[]): Uint8Array =>
  plainRecord(type, Buffer.concat(content), Version.ssl30);

/** Asks a server for SSL 3.0 that answers every hello with these bytes. */
async function askSsl3(
  answer: Uint8Array,
): Promise<{ readonly record: Handshake; readonly hello: Uint8Array }> {
  let hello: Uint8Array = new Uint8Array();
  const server = await startScriptedServer((socket: Socket) => {
    socket.once("data", (chunk: Buffer) => {
      hello = chunk;
      socket.end(answer);
    });
  });
  const shape = singleHello({ version: Version.ssl30 });
  const record = await probe(
    { scheme: "tls", host: "localhost", port: server.port },
    { address: "127.0.0.1", shape },
  );
  await server.close();
  return { record, hello };
}

t.test("probe() recognises SSL 3.0, its suite and its chain", async (t) => {
  const handshake = ContentType.handshake;
  const { record, hello } = await askSsl3(
    record3(handshake, ssl3Hello(RC4_SHA), certificateList(), done),
  );
  t.match(record, {
    outcome: "failed",
    stage: "certificate",
    version: "SSLv3",
    cipherSuite: "TLS_RSA_WITH_RC4_128_SHA",
    failure: {
      code: "version-unsupported",
      message: "Server selected SSLv3, which is recognised but not completed",
    },
  });
  t.same(record.certificates, chain);
  t.same([...hello.subarray(0, 3)], [22, 3, 0], "the record says 3.0");
  t.same([...hello.subarray(9, 11)], [3, 0], "and so does the hello");
  const suites = (hello[44] ?? 0) * 256 + (hello[45] ?? 0);
  t.equal(hello.length, 46 + suites + 2, "which has no extensions");
});

t.test("probe() records export parameters that it does not follow", async (t) => {
  const { record } = await askSsl3(
    Buffer.concat([
      record3(ContentType.handshake, ssl3Hello(DHE_EXPORT)),
      record3(ContentType.handshake, certificateList(), exportParameters(), done),
    ]),
  );
  t.match(record, {
    version: "SSLv3",
    cipherSuite: "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA",
    failure: { code: "version-unsupported" },
    keyExchange: { kind: "dhe", group: null, bits: 512 },
  });
  t.same(record.certificates, chain);
});

t.test("probe() says what a server without SSL 3.0 answers to it", async (t) => {
  const alert = (code: number): Uint8Array => record3(ContentType.alert, Uint8Array.of(2, code));
  t.match((await askSsl3(alert(40))).record, {
    version: null,
    failure: { code: "alert-received" },
    alert: { description: "handshake_failure" },
  });
  t.match((await askSsl3(alert(70))).record, {
    version: null,
    failure: { code: "version-unsupported" },
    alert: { description: "protocol_version" },
  });
  t.match((await askSsl3(new Uint8Array())).record.failure, { code: "connection-closed" });
});

t.test("TlsClient refuses SSL 3.0 that it did not offer, and keeps the chain", async (t) => {
  const answer = record3(ContentType.handshake, ssl3Hello(RC4_SHA), certificateList());
  const { events } = replay(recordedOptions(recording("tls12-rsa")), [answer]);
  const certificates = events.flatMap((event) =>
    event.kind === "certificates" ? event.certificates : [],
  );
  t.same(certificates, chain);
  t.match(events.at(-1), {
    failure: {
      code: "version-unsupported",
      message: "Server selected SSLv3, which was not offered",
    },
  });
});

const KINDS = [0x010080, 0x0700c0, 0x123456];

/** A SERVER-HELLO of SSL 2.0 in a record with a header of two bytes, or of three with padding. */
function ssl2ServerHello(padding: number | null, certificate: Uint8Array = leaf): Uint8Array {
  const writer = new Writer(2048);
  writer.uint8(4).uint8(0).uint8(1).uint16(2);
  writer
    .uint16(certificate.length)
    .uint16(3 * KINDS.length)
    .uint16(16)
    .bytes(certificate);
  for (const kind of KINDS) writer.uint24(kind);
  const body = writer.bytes(new Uint8Array(16).fill(9)).finish();
  return ssl2Record(body, padding);
}

function ssl2Record(body: Uint8Array, padding: number | null = null): Uint8Array {
  const length = body.length + (padding ?? 0);
  const header =
    padding === null
      ? Uint8Array.of(0x80 | (length >>> 8), length & 0xff)
      : Uint8Array.of(length >>> 8, length & 0xff, padding);
  return Buffer.concat([header, body, new Uint8Array(padding ?? 0)]);
}

function askSsl2(...chunks: readonly Uint8Array[]): Ssl2Outcome | null {
  const client = new Ssl2Client();
  client.start();
  for (const chunk of chunks) client.receive(chunk);
  return client.outcome;
}

t.test("Ssl2Client says hello as SSL 2.0 did", async (t) => {
  const hello = new Ssl2Client().start();
  const suites = 3 * SSL_2_CIPHER_KINDS.length;
  const length = 9 + suites + 16;
  t.same([...hello.subarray(0, 11)], [0x80, length, 1, 0, 2, 0, suites, 0, 0, 0, 16]);
  t.equal(hello.length, 2 + length);
  t.same([...hello.subarray(11, 14)], [0x01, 0x00, 0x80]);
});

t.test("Ssl2Client reads certificate and cipher kinds, however the answer is cut", async (t) => {
  for (const padding of [null, 0, 5]) {
    const answer = ssl2ServerHello(padding);
    const whole = askSsl2(answer);
    t.match(whole, {
      kind: "server-hello",
      hello: {
        version: 2,
        sessionIdHit: false,
        certificateType: 1,
        cipherKinds: [
          { code: 0x010080, name: "SSL_CK_RC4_128_WITH_MD5" },
          { code: 0x0700c0, name: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5" },
          { code: 0x123456, name: "0x123456" },
        ],
        connectionIdLength: 16,
      },
    });
    t.same(whole?.kind === "server-hello" ? whole.hello.certificate : null, leaf);
    t.same(askSsl2(...Array.from(answer, (byte) => Uint8Array.of(byte))), whole);
    for (let cut = 0; cut < answer.length; cut++)
      t.equal(askSsl2(answer.subarray(0, cut)), null, `not decided after ${cut} bytes`);
  }
});

t.test("Ssl2Client tells refusals, alerts and other protocols apart", async (t) => {
  t.same(askSsl2(ssl2Record(Uint8Array.of(0, 0, 1))), {
    kind: "error",
    code: 1,
    name: "no-cipher",
  });
  t.match(askSsl2(ssl2Record(Uint8Array.of(0, 0, 9))), { kind: "error", name: "0x0009" });
  const alert = plainRecord(ContentType.alert, Uint8Array.of(2, 40), Version.tls10);
  t.match(askSsl2(alert), { kind: "alert", alert: { description: "handshake_failure" } });
  t.match(askSsl2(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")), {
    kind: "other",
    end: "answered",
  });
  for (const end of ["closed", "reset", "silent"] as const) {
    const client = new Ssl2Client();
    t.same(client.hangUp(end), { kind: "other", end, firstBytes: new Uint8Array() });
    t.equal(client.receive(ssl2ServerHello(null))?.kind, "other", "the first outcome counts");
  }
});

t.test("Ssl2Client survives every changed byte of an answer", async (t) => {
  const answer = ssl2ServerHello(null, new Uint8Array(20).fill(0x30));
  const kinds = new Set<string | undefined>();
  for (let at = 0; at < answer.length; at++)
    for (let bit = 0; bit < 8; bit++) {
      const changed = new Uint8Array(answer);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      const client = new Ssl2Client();
      client.receive(changed);
      kinds.add(client.hangUp("closed").kind);
    }
  t.same(
    [...kinds].toSorted((a = "", b = "") => (a < b ? -1 : 1)),
    ["malformed", "other", "server-hello"],
  );
});
