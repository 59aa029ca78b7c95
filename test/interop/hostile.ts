import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import t, { type Test } from "tap";
import type { FailureCode, Handshake } from "../../src/probe/handshake.ts";
import { probe } from "../../src/probe/probe.ts";
import { LIMITS } from "../../src/probe/tls/limits.ts";
import { ContentType } from "../../src/probe/tls/record-reader.ts";
import { createIssuer, startOpensslServer } from "../lab/openssl.ts";
import { type ScriptedServer, startScriptedServer } from "../lab/tcp.ts";
import { recordedOptions, recording, replay, serverBytes } from "../probe/recording.ts";
import { clear, clearMessages, records, serverFlight13 } from "../probe/rewrite.ts";
import { requireTool } from "../tools.ts";

/** The closed list, complete because its type is. */
const REASONS: Readonly<Record<FailureCode, true>> = {
  "dns-failed": true,
  "connect-refused": true,
  "connect-unreachable": true,
  "connect-failed": true,
  "timeout-connect": true,
  "timeout-proxy": true,
  "timeout-dialog": true,
  "timeout-handshake": true,
  "proxy-unreachable": true,
  "proxy-authentication": true,
  "proxy-refused": true,
  "proxy-malformed": true,
  "wrong-protocol": true,
  "upgrade-refused": true,
  "not-tls": true,
  "connection-closed": true,
  "connection-reset": true,
  "alert-received": true,
  "version-unsupported": true,
  "parameter-unsupported": true,
  "malformed-message": true,
  "unexpected-message": true,
  "message-too-large": true,
  "limit-exceeded": true,
  "bad-record": true,
  "bad-signature": true,
  "bad-finished": true,
  "client-certificate-required": true,
  "client-certificate-refused": true,
  cancelled: true,
};

/** Values that lengths and codes lie with. */
const LIES: readonly number[] = [0x00, 0x7f, 0xff];

/** The end of a replayed conversation in words when it is not one failure of the closed list. */
function complaintOf({ events, ended }: ReturnType<typeof replay>): string | null {
  const ends = events.filter(({ kind }) => kind === "failed" || kind === "complete");
  const [end] = ends;
  const failed = end?.kind === "failed" && Object.hasOwn(REASONS, end.failure.code);
  return ended && ends.length === 1 && failed ? null : JSON.stringify(ends);
}

for (const name of [
  "tls12-client-accepted",
  "tls12-dhe-ccm-8",
  "tls11-client-certificate",
  "tls10-static",
])
  t.test(`TlsClient fails with a reason when any byte of ${name} in the clear lies`, async (t) => {
    const recorded = recording(name);
    const bytes = serverBytes(recorded);
    let end = 0;
    const headers = new Set<number>();
    for (const { type, fragment } of records(bytes)) {
      if (type === ContentType.changeCipherSpec) break;
      headers.add(end + 2);
      end += 5 + fragment.length;
    }
    for (let at = 0; at < end; at++)
      for (const lie of LIES) {
        // The minor version in a record's header binds nobody (RFC 8446 section 5.1).
        if (bytes[at] === lie || headers.has(at)) continue;
        const lying = bytes.slice();
        lying[at] = lie;
        const complaint = complaintOf(replay(recordedOptions(recorded), [lying], "closed"));
        if (complaint !== null) t.fail(`byte ${at} is ${lie}: ${complaint}`);
      }
    t.ok(end > 200, `${end} bytes`);
  });

for (const name of ["tls13-rsa", "tls13-client-certificate"])
  t.test(
    `TlsClient fails with a reason when any byte of ${name} lies under protection`,
    async (t) => {
      const recorded = recording(name);
      const { hello, messages, sealer } = serverFlight13(recorded);
      let lies = 0;
      for (const [index, original] of messages.entries())
        for (let at = 0; at < original.length; at++)
          for (const lie of LIES) {
            if (original[at] === lie) continue;
            const lying = original.slice();
            lying[at] = lie;
            const seal = sealer();
            const sealed = messages.map((each, position) =>
              seal(ContentType.handshake, position === index ? lying : each),
            );
            const chunks = [clear(hello), ...sealed];
            const complaint = complaintOf(replay(recordedOptions(recorded), chunks, "closed"));
            if (complaint !== null)
              t.fail(`byte ${at} of message ${index} is ${lie}: ${complaint}`);
            lies++;
          }
      t.ok(lies > 1000, `${lies} lies`);
    },
  );

async function scripted(t: Test, script: (socket: Socket) => void): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  t.teardown(() => server.close());
  return server;
}

const loopback = (port: number, timeoutMs = 20_000): Promise<Handshake> =>
  probe({ scheme: "tls", host: "localhost", port }, { address: "127.0.0.1", timeoutMs });

/** Bytes in the largest record. */
const RECORD = 16_384;

/** Sends a beginning and then one thing again and again, as fast as the client takes it. */
function pouring(
  beginning: Uint8Array,
  again: Uint8Array,
  count: (bytes: number) => void = () => undefined,
) {
  const chunk = Buffer.concat(
    Array.from({ length: Math.ceil(RECORD / again.length) }, () => again),
  );
  return (socket: Socket): void => {
    socket.once("data", () => {
      const pour = (): void => {
        while (socket.writable && socket.write(chunk)) count(chunk.length);
      };
      socket.on("drain", pour);
      socket.write(beginning);
      pour();
    });
  };
}

const [hello12 = new Uint8Array()] = clearMessages(recording("tls12-rsa"));
const certificateHeader = (length: number): Uint8Array =>
  Uint8Array.of(11, length >>> 16, (length >>> 8) & 0xff, length & 0xff);

/** A list of the largest size that is read, of certificates of three bytes. */
function manyCertificates(): Uint8Array {
  const entry = Buffer.from("000003300100", "hex");
  const entries = Buffer.concat(Array.from({ length: LIMITS.certificates + 1 }, () => entry));
  const list = Buffer.concat([Buffer.of(0, entries.length >>> 8, entries.length & 0xff), entries]);
  return Buffer.concat([certificateHeader(list.length), list]);
}

const concat = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** Peers without end: what they say first, what they repeat, and how the conversation has to end. */
const ENDLESS: Readonly<
  Record<string, readonly [first: Uint8Array, again: Uint8Array, code: FailureCode]>
> = {
  "a certificate list of 16 MB": [
    concat(clear(hello12), clear(certificateHeader(0xff_ff_ff))),
    clear(new Uint8Array(RECORD)),
    "message-too-large",
  ],
  "a certificate list of 16 MB in records of one byte": [
    concat(
      clear(hello12),
      ...[...certificateHeader(0xff_ff_ff)].map((byte) => clear(Uint8Array.of(byte))),
    ),
    clear(new Uint8Array(1)),
    "message-too-large",
  ],
  "too many certificates": [
    concat(clear(hello12), clear(manyCertificates())),
    clear(new Uint8Array(RECORD)),
    "limit-exceeded",
  ],
  "endless warnings": [new Uint8Array(), Uint8Array.of(21, 3, 3, 0, 2, 1, 112), "limit-exceeded"],
  "endless warnings after its hello": [
    clear(hello12),
    Uint8Array.of(21, 3, 3, 0, 2, 1, 90),
    "limit-exceeded",
  ],
  "endless empty records": [clear(hello12), clear(new Uint8Array()), "limit-exceeded"],
  "endless hello requests": [clear(hello12), clear(Uint8Array.of(0, 0, 0, 0)), "limit-exceeded"],
  "endless nothing in particular": [new Uint8Array(), Buffer.alloc(RECORD, "x"), "not-tls"],
};

for (const [what, [first, again, code]] of Object.entries(ENDLESS))
  t.test(`probe() leaves a server that sends ${what}`, async (t) => {
    let written = 0;
    const server = await scripted(
      t,
      pouring(first, again, (bytes) => {
        written += bytes;
      }),
    );
    const handshake = await loopback(server.port);
    await server.idle();
    t.equal(handshake.failure?.code, code, handshake.failure?.message ?? "complete");
    t.match(handshake.end, { by: "client" });
    // What the kernel's buffers hold on top of what was read.
    t.ok(written < 32 * 1024 * 1024, `${written} bytes were taken`);
  });

t.test("probe() fails with a reason when garbage stands between a server's records", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "p256", issuer });
  const garbage: Readonly<Record<string, Uint8Array>> = {
    text: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
    zeros: new Uint8Array(64),
    "a record of an unknown type": Uint8Array.of(99, 3, 3, 0, 1, 0),
    "application data": Uint8Array.of(23, 3, 3, 0, 4, 1, 2, 3, 4),
    "half a handshake message": Uint8Array.of(22, 3, 3, 0, 3, 11, 0, 9),
    "a long record": Uint8Array.of(22, 3, 3, 255, 255, 0),
    "a fatal alert": Uint8Array.of(21, 3, 3, 0, 2, 2, 80),
  };
  for (const version of ["-tls1_3", "-tls1_2"]) {
    const tls = await startOpensslServer(openssl, certificate, [version]);
    t.teardown(() => tls.process.stop());
    for (const [what, bytes] of Object.entries(garbage))
      for (const place of [0, 1, 2]) {
        const relay = await scripted(t, (client) => {
          const server = connect(tls.port, "127.0.0.1");
          client.on("data", (chunk) => server.write(chunk));
          client.on("close", () => server.destroy());
          server.on("error", () => client.destroy());
          server.on("end", () => client.end());
          server.once("data", (chunk: Buffer) => {
            let at = 0;
            for (let record = 0; record < place; record++)
              at += 5 + (at + 5 <= chunk.length ? chunk.readUInt16BE(at + 3) : 0);
            client.write(Buffer.concat([chunk.subarray(0, at), bytes, chunk.subarray(at)]));
            server.on("data", (rest: Buffer) => client.write(rest));
          });
        });
        // Half a message may be read as the beginning of a longer one, for which both sides then wait.
        const { failure } = await loopback(relay.port, 1000);
        t.ok(
          failure !== null && Object.hasOwn(REASONS, failure.code),
          `${version}, ${what} after ${place} records: ${failure?.code ?? "complete"}`,
        );
        await relay.idle();
        await relay.close();
      }
  }
});

t.test("probe() keeps its memory whatever hostile servers send", async (t) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  /** The least of a few measurements: what the servers' own sockets still hold goes a moment later. */
  const used = async (): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (let times = 0; times < 10; times++) {
      await wait(30);
      collect();
      const { heapUsed, external } = process.memoryUsage();
      least = Math.min(least, (heapUsed + external) / (1024 * 1024));
    }
    return least;
  };
  const servers: ScriptedServer[] = [];
  for (const [first, again] of Object.values(ENDLESS))
    servers.push(await scripted(t, pouring(first, again)));
  servers.push(
    await scripted(t, (socket) => socket.once("data", () => socket.write(clear(hello12)))),
  );
  const round = async (): Promise<void> => {
    await Promise.all(servers.map(({ port }) => loopback(port, 150)));
    await Promise.all(servers.map((server) => server.idle()));
  };
  for (let warm = 0; warm < 10; warm++) await round();
  const before = { memory: await used(), resident: process.memoryUsage.rss() };
  for (let again = 0; again < 30; again++) await round();
  const grown = (await used()) - before.memory;
  const resident = (process.memoryUsage.rss() - before.resident) / (1024 * 1024);
  t.comment(`${grown.toFixed(1)} MiB of heap and ${resident.toFixed(1)} MiB resident more`);
  t.ok(grown < 8, `${grown.toFixed(1)} MiB more after ${30 * servers.length} conversations`);
  t.ok(resident < 96, `${resident.toFixed(1)} MiB resident more`);
});
