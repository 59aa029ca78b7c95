import { brotliCompressSync, deflateSync } from "node:zlib";
import type { Replay } from "../probe/recording.ts";
import { instrument, fuzz, type FuzzResult } from "./coverage.ts";

instrument(/\/src\/probe\/tls\//);
const { RECORDINGS, recordedOptions, replay, serverBytes } = await import("../probe/recording.ts");
const { clear, clearMessages, serverFlight13 } = await import("../probe/rewrite.ts");
const { encodeClientHello } = await import("../../src/probe/tls/client-hello.ts");
const { readClientHello } = await import("../../src/probe/tls/client-hello-reader.ts");
const { expandCertificate } = await import("../../src/probe/tls/compressed-certificate.ts");
const { Conversation } = await import("../../src/probe/tls/conversation.ts");
const { cipherSuite13 } = await import("../../src/probe/tls/cipher-suites-13.ts");
const { DecodeError } = await import("../../src/probe/tls/cursor.ts");
const { Abort } = await import("../../src/probe/tls/abort.ts");
const { MessageReader } = await import("../../src/probe/tls/message-reader.ts");
const { Negotiation } = await import("../../src/probe/tls/negotiation.ts");
const { PostHandshake13 } = await import("../../src/probe/tls/post-handshake-13.ts");
const { LIMITS } = await import("../../src/probe/tls/limits.ts");
const { Ssl2Client } = await import("../../src/probe/tls/ssl-2-client.ts");
const { changeCipherSpecRecord } = await import("../../src/probe/tls/record-protection.ts");

const HANDSHAKE = 22;

/** What must hold whatever a server sends. */
function check({ events, ended }: Replay): void {
  const ends = events.filter(({ kind }) => kind === "complete" || kind === "failed");
  if (!ended || ends.length !== 1) throw new Error(`${ends.length} ends, ended: ${ended}`);
  if (events.at(-1) !== ends[0]) throw new Error("An event follows the end");
  for (const event of events) {
    if (event.kind === "certificates" && event.certificates.length > LIMITS.certificates)
      throw new Error(`${event.certificates.length} certificates`);
    if (event.kind === "failed" && !/^[A-Z][\x20-\x7e\u2026]*$/.test(event.failure.message))
      throw new Error(`Message ${JSON.stringify(event.failure.message)}`);
  }
}

/** The first byte chooses the conversation, the second where the rest is cut in two. */
function rawBytes(input: Uint8Array): void {
  const [which = 0, cut = 0] = input;
  const recorded = RECORDINGS[which % RECORDINGS.length];
  if (recorded === undefined) return;
  const bytes = input.subarray(2);
  const at = Math.floor((bytes.length * cut) / 256);
  const chunks = [bytes.slice(0, at), bytes.slice(at)];
  check(replay(recordedOptions(recorded), chunks, cut % 2 === 0 ? "closed" : "reset"));
}

const protectedFlights = RECORDINGS.filter(
  ({ name }) => name.startsWith("tls13") && !name.includes("retry"),
).map((recorded) => {
  const flight = serverFlight13(recorded);
  return { recorded, flight, honest: Buffer.concat(flight.messages) };
});

/** Messages of a TLS 1.3 server, sealed with the right keys: what they say is the attack. */
function sealedMessages(input: Uint8Array): void {
  const chosen = protectedFlights[(input[0] ?? 0) % protectedFlights.length];
  if (chosen === undefined) return;
  const { recorded, flight, honest } = chosen;
  const content = input.subarray(1);
  const seal = flight.sealer();
  const records: Uint8Array[] = [clear(flight.hello), changeCipherSpecRecord()];
  for (let at = 0; at < content.length; at += 4096)
    records.push(seal(HANDSHAKE, content.subarray(at, at + 4096)));
  const replayed = replay(recordedOptions(recorded), records);
  check(replayed);
  const proved = replayed.events.some(({ kind }) => kind === "finished");
  if (proved && !Buffer.from(content).subarray(0, honest.length).equals(honest))
    throw new Error("A changed flight was accepted");
}

const clearFlights = RECORDINGS.filter(({ name }) => /^tls1[0-2]/.test(name)).map((recorded) => ({
  recorded,
  messages: clearMessages(recorded),
}));

/** Messages of a server of TLS 1.2 or older or of one that cannot decide, in the clear. */
function clearMessagesOf(input: Uint8Array): void {
  const chosen = clearFlights[(input[0] ?? 0) % clearFlights.length];
  if (chosen === undefined) return;
  const content = input.subarray(1);
  const records: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 4096)
    records.push(clear(content.subarray(at, at + 4096)));
  const replayed = replay(recordedOptions(chosen.recorded), records);
  check(replayed);
  if (replayed.events.some(({ kind }) => kind === "finished"))
    throw new Error("A handshake finished without the server's Finished");
}

/** The first byte says where the answer to an SSL 2.0 hello is cut in two. */
function ssl2Answer(input: Uint8Array): void {
  const bytes = input.subarray(1);
  const at = Math.floor((bytes.length * (input[0] ?? 0)) / 256);
  const whole = new Ssl2Client();
  const cut = new Ssl2Client();
  whole.receive(bytes);
  cut.receive(bytes.subarray(0, at));
  cut.receive(bytes.subarray(at));
  const [first, second] = [whole.hangUp("closed"), cut.hangUp("closed")];
  if (first.kind !== second.kind) throw new Error(`${first.kind} whole, ${second.kind} in parts`);
  if (first.kind === "server-hello" && first.hello.cipherKinds.length > bytes.length / 3)
    throw new Error(`${first.hello.cipherKinds.length} cipher kinds`);
}

/** A SERVER-HELLO of SSL 2.0 with one byte of certificate, one cipher kind and an identifier. */
const SSL_2_HELLO = new Uint8Array(
  Buffer.from("801f0400010002000100030010" + "30" + "0700c0" + "00".repeat(16), "hex"),
);

/** Whatever a hello holds, it comes out as it went in. */
function clientHellos(input: Uint8Array): void {
  const read = readClientHello(input);
  if (!read.ok) return;
  const again = encodeClientHello(read.value.shape, read.value.content);
  if (!Buffer.from(again).equals(input)) throw new Error("The hello changed on its way");
}

/** What may leave a part of the engine, which a conversation turns into its end. */
function tolerate(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Abort || error instanceof DecodeError)) throw error;
  }
}

function compressedCertificates(input: Uint8Array): void {
  tolerate(() => {
    const { body } = expandCertificate(input, [1, 2, 3]);
    if (body.length > LIMITS.messageLength) throw new Error(`${body.length} bytes were unpacked`);
  });
}

const suite = cipherSuite13(0x1301);
if (suite === undefined) throw new Error("TLS_AES_128_GCM_SHA256 is missing");
const secret = new Uint8Array(32);

/** Messages after the handshake, which no key protects here. */
function lateMessages(input: Uint8Array): void {
  const conversation = new Conversation({}, new Negotiation({}));
  const after = new PostHandshake13(conversation, suite as NonNullable<typeof suite>, {
    client: secret,
    server: secret,
  });
  tolerate(() => {
    const reader = new MessageReader();
    reader.push(input);
    for (let next = reader.next(); next !== null; next = reader.next()) after.handshake(next);
  });
}

const words = [
  "0303",
  "0304",
  "0302",
  "0301",
  "0300",
  "0033",
  "002f",
  "c009",
  "00160000",
  "00230000",
  "030017",
  "0003010203",
  "002b00020304",
  "00330024001d0020",
  "0033000200180000",
  "002c000500030102",
  "00170000",
  "ff01000100",
  "1301",
  "c02f",
  "0b000004",
  "0d000000",
  "140303000101",
  "1503030002022f",
  "16030300",
  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c",
  "444f574e47524401",
  "0e000000",
  "00000000",
].map((word) => new Uint8Array(Buffer.from(word, "hex")));

const prefixed = (index: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat([Uint8Array.of(index), ...parts]));

const targets = {
  "raw bytes": {
    target: rawBytes,
    seeds: RECORDINGS.map((recorded, index) =>
      prefixed(index, Uint8Array.of(128), serverBytes(recorded)),
    ),
  },
  "sealed messages": {
    target: sealedMessages,
    seeds: protectedFlights.map(({ honest }, index) => prefixed(index, honest)),
  },
  "clear messages": {
    target: clearMessagesOf,
    seeds: clearFlights.map(({ messages }, index) => prefixed(index, ...messages)),
  },
  "client hellos": {
    target: clientHellos,
    seeds: RECORDINGS.map(
      (recorded) => new Uint8Array(replay(recordedOptions(recorded), [], "open").sent.subarray(5)),
    ),
  },
  "compressed certificates": {
    target: compressedCertificates,
    seeds: [deflateSync, brotliCompressSync].map((pack, index) => {
      const packed = pack(new Uint8Array(300));
      const size = (value: number): Uint8Array => Uint8Array.of(0, value >>> 8, value & 0xff);
      return prefixed(0, Uint8Array.of(index + 1), size(300), size(packed.length), packed);
    }),
  },
  "late messages": {
    target: lateMessages,
    seeds: [
      "0400001b00001c20010203040200010004616263640008002a000400004000",
      "1800000101",
      "1800000100",
    ].map((hex) => new Uint8Array(Buffer.from(hex, "hex"))),
  },
  "answers to SSL 2.0": {
    target: ssl2Answer,
    seeds: [prefixed(128, SSL_2_HELLO), prefixed(0, new Uint8Array([0x80, 3, 0, 0, 1]))],
  },
};

const runs = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
for (const [name, { target, seeds }] of Object.entries(targets)) {
  const result: FuzzResult = fuzz({ target, seeds, dictionary: words, runs, seed });
  const { failure, ...counts } = result;
  process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`);
  if (failure === null) continue;
  process.exitCode = 1;
  process.stdout.write(`${Buffer.from(failure.input).toString("hex")}\n${String(failure.error)}\n`);
  if (failure.error instanceof Error) process.stdout.write(`${failure.error.stack ?? ""}\n`);
}
