import t from "tap";
import type { FailureCode } from "../../src/probe/handshake.ts";
import type { ClientOptions } from "../../src/probe/tls/client-options.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { HandshakeType } from "../../src/probe/tls/handshake-type.ts";
import { changeCipherSpecRecord } from "../../src/probe/tls/record-protection.ts";
import { ContentType } from "../../src/probe/tls/record-reader.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { type Recording, recordedOptions, recording, replay, serverBytes } from "./recording.ts";
import { clear, clearMessages, message, patched, records } from "./rewrite.ts";

const { serverHello, certificate, serverKeyExchange, serverHelloDone } = HandshakeType;

const statically = recording("tls10-static");
const dhe = recording("tls10-dhe-mac-then-encrypt");
const ecdhe = recording("tls11-mac-then-encrypt");

const chainOf = (recorded: Recording): readonly Uint8Array[] =>
  replay(recordedOptions(recorded), [serverBytes(recorded)]).events.flatMap((event) =>
    event.kind === "certificates" ? event.certificates : [],
  );

/** The server's cleartext messages, of which those of one type are replaced. */
function replaced(
  recorded: Recording,
  type: number,
  lie: (original: Uint8Array) => readonly Uint8Array[],
): readonly Uint8Array[] {
  return clearMessages(recorded).flatMap((original) =>
    original[0] === type ? lie(original) : [original],
  );
}

/** Offset of the cipher suite within a ServerHello with its header. */
const suiteAt = (hello: Uint8Array): number => 4 + 2 + 32 + 1 + (hello[38] ?? 0);

const withSuite = (recorded: Recording, code: number): readonly Uint8Array[] =>
  replaced(recorded, serverHello, (hello) => [
    patched(hello, suiteAt(hello), code >>> 8, code & 0xff),
  ]);

/** A ServerHello with other extensions. */
const withExtensions = (recorded: Recording, hex: string): readonly Uint8Array[] =>
  replaced(recorded, serverHello, (hello) => {
    const list = Buffer.from(hex, "hex");
    const body = hello.subarray(4, suiteAt(hello) + 3);
    return [message(serverHello, Buffer.concat([body, Uint8Array.of(0, list.length), list]))];
  });

/** Also offers what it did not offer when it was recorded. */
function offering(
  recorded: Recording,
  shape: Partial<NonNullable<ClientOptions["shape"]>>,
): ClientOptions {
  return { ...recordedOptions(recorded), shape: { ...recorded.shape, ...shape } };
}

interface Lie {
  readonly recorded: Recording;
  readonly messages: readonly Uint8Array[];
  readonly options?: ClientOptions;
  readonly code: FailureCode;
  readonly says: RegExp;
  /** Whether the chain had been sent by then. */
  readonly chain: boolean;
}

const lies: Readonly<Record<string, Lie>> = {
  "a ServerKeyExchange for a static key": {
    recorded: statically,
    messages: replaced(statically, serverHelloDone, (done) => [
      message(serverKeyExchange, new Uint8Array(9)),
      done,
    ]),
    code: "unexpected-message",
    says: /^Server sent ServerKeyExchange where ServerHelloDone was expected/,
    chain: true,
  },
  "no ServerKeyExchange for an ephemeral key": {
    recorded: dhe,
    messages: replaced(dhe, serverKeyExchange, () => []),
    code: "unexpected-message",
    says: /^Server sent ServerHelloDone where ServerKeyExchange was expected/,
    chain: true,
  },
  "a generator with one bit flipped": {
    recorded: dhe,
    messages: replaced(dhe, serverKeyExchange, (exchange) => {
      const generator = 4 + 2 + 128 + 2;
      return [patched(exchange, generator, (exchange[generator] ?? 0) ^ 1)];
    }),
    code: "bad-signature",
    says: /^Server's rsa_pkcs1_md5_sha1 signature does not verify/,
    chain: true,
  },
  "an ECDSA signature with one bit flipped": {
    recorded: ecdhe,
    messages: replaced(ecdhe, serverKeyExchange, (exchange) => [
      patched(exchange, -1, (exchange.at(-1) ?? 0) ^ 1),
    ]),
    code: "bad-signature",
    says: /^Server's ecdsa_sha1 signature does not verify/,
    chain: true,
  },
  "a prime that announces more than there is": {
    recorded: dhe,
    messages: replaced(dhe, serverKeyExchange, (exchange) => [patched(exchange, 4, 0xff, 0xff)]),
    code: "malformed-message",
    says: /^Malformed ServerKeyExchange: prime of 65535 bytes has only/,
    chain: true,
  },
  "a curve of its own": {
    recorded: ecdhe,
    messages: replaced(ecdhe, serverKeyExchange, (exchange) => [patched(exchange, 4, 1)]),
    code: "parameter-unsupported",
    says: /^Server describes a curve of its own \(curve type 1\)/,
    chain: true,
  },
  "a curve that was not offered": {
    recorded: ecdhe,
    messages: replaced(ecdhe, serverKeyExchange, (exchange) => [patched(exchange, 5, 0, 0x09)]),
    code: "parameter-unsupported",
    says: /^Server chose group sect283k1, which was not offered/,
    chain: true,
  },
  "a suite for another type of key": {
    recorded: ecdhe,
    messages: withSuite(ecdhe, 0xc013),
    options: offering(ecdhe, { cipherSuites: [0xc013] }),
    code: "parameter-unsupported",
    says: /^Server chose TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, but its certificate holds a key of type ec/,
    chain: true,
  },
  "a static suite for a key that cannot encrypt": {
    recorded: ecdhe,
    messages: withSuite(ecdhe, 0x002f),
    options: offering(ecdhe, { cipherSuites: [0x002f] }),
    code: "parameter-unsupported",
    says: /^Server chose TLS_RSA_WITH_AES_128_CBC_SHA, but its certificate holds a key of type ec/,
    chain: true,
  },
  "a suite of a later version": {
    recorded: statically,
    messages: withSuite(statically, 0x009c),
    options: offering(statically, { cipherSuites: [0x009c] }),
    code: "parameter-unsupported",
    says: /^Server chose cipher suite TLS_RSA_WITH_AES_128_GCM_SHA256, which was not offered for TLSv1\.0/,
    chain: true,
  },
  "a suite that is no suite": {
    recorded: statically,
    messages: withSuite(statically, 0x5600),
    options: offering(statically, { cipherSuites: [0x5600] }),
    code: "parameter-unsupported",
    says: /^Server chose cipher suite TLS_FALLBACK_SCSV/,
    chain: true,
  },
  "a suite with RC4": {
    recorded: statically,
    messages: withSuite(statically, 0x0005),
    options: offering(statically, { cipherSuites: [0x0005] }),
    code: "parameter-unsupported",
    says: /^Server chose TLS_RSA_WITH_RC4_128_SHA, which is not completed because its cipher RC4_128 is not implemented/,
    chain: true,
  },
  "an extension that was not offered": {
    recorded: statically,
    messages: withExtensions(statically, "12340000"),
    code: "parameter-unsupported",
    says: /^Server answered extension 0x1234, which was not offered/,
    chain: true,
  },
  "a renegotiation of something": {
    recorded: statically,
    messages: withExtensions(statically, "ff01000201aa"),
    code: "parameter-unsupported",
    says: /^Server's renegotiation_info is not empty in a first handshake/,
    chain: true,
  },
  "compression that was offered": {
    recorded: statically,
    messages: replaced(statically, serverHello, (hello) => [patched(hello, suiteAt(hello) + 2, 1)]),
    options: offering(statically, { compressionMethods: [1, 0] }),
    code: "parameter-unsupported",
    says: /^Server selected compression method 1; records are not compressed/,
    chain: true,
  },
  "a version in an extension of TLS 1.3": {
    recorded: statically,
    messages: withExtensions(statically, "002b00020301"),
    options: offering(statically, {
      extensions: [...statically.shape.extensions, ExtensionType.supportedVersions],
    }),
    code: "version-unsupported",
    says: /^Server selected TLSv1\.0, which was not offered/,
    chain: true,
  },
  "the sign that it was talked down": {
    recorded: ecdhe,
    messages: replaced(ecdhe, serverHello, (hello) => [
      patched(hello, 30, ...Buffer.from("DOWNGRD\0", "latin1")),
    ]),
    options: offering(ecdhe, { versions: [Version.tls12, Version.tls11] }),
    code: "version-unsupported",
    says: /talked down to TLSv1\.1/,
    chain: true,
  },
  "a certificate that is not one": {
    recorded: dhe,
    messages: replaced(dhe, certificate, () => [
      message(certificate, Uint8Array.of(0, 0, 4, 0, 0, 1, 0x30)),
    ]),
    code: "parameter-unsupported",
    says: /^Server's certificate cannot be read/,
    chain: false,
  },
};

for (const [what, { recorded, messages, options, code, says, chain }] of Object.entries(lies))
  t.test(`TlsClient refuses an old server's ${what}`, async (t) => {
    const { events } = replay(
      options ?? recordedOptions(recorded),
      messages.map((part) => clear(part)),
      "closed",
    );
    const failure = events.flatMap((event) => (event.kind === "failed" ? [event.failure] : []));
    t.match(failure, [{ code, message: says }]);
    const certificates = events.flatMap((event) =>
      event.kind === "certificates" ? event.certificates : [],
    );
    t.same(certificates, chain ? chainOf(recorded) : [Uint8Array.of(0x30)]);
    t.ok(
      events.some(({ kind }) => kind === "cipher-suite"),
      "the suite is reported",
    );
  });

t.test("TlsClient reads past HelloRequests, which enter no transcript", async (t) => {
  const request = message(HandshakeType.helloRequest, new Uint8Array());
  const [, ...others] = clearMessages(dhe);
  const protectedFrom = records(serverBytes(dhe)).findIndex(
    ({ type }) => type === ContentType.changeCipherSpec,
  );
  const rest = records(serverBytes(dhe))
    .slice(protectedFrom)
    .map(({ header, fragment }) => Buffer.concat([header, fragment]));
  const [hello = new Uint8Array()] = clearMessages(dhe);
  const flight = [request, hello, ...others.flatMap((part) => [request, part])].map((part) =>
    clear(part),
  );
  const { events } = replay(recordedOptions(dhe), [...flight, ...rest]);
  t.same(events.at(-1), { kind: "complete" });
});

t.test("TlsClient refuses a ticket that nobody promised", async (t) => {
  const flight = clearMessages(ecdhe)
    .filter(([type]) => type !== HandshakeType.newSessionTicket)
    .map((part) => clear(part));
  const ticket = message(HandshakeType.newSessionTicket, Uint8Array.of(0, 0, 0, 9, 0, 1, 7));
  const { events } = replay(recordedOptions(ecdhe), [...flight, clear(ticket)], "open");
  t.match(events.at(-1), {
    failure: {
      code: "unexpected-message",
      message: "Server sent NewSessionTicket where ChangeCipherSpec was expected",
    },
  });
});

t.test("TlsClient refuses ChangeCipherSpec before its own flight is due", async (t) => {
  for (const count of [1, 2, 3]) {
    const flight = clearMessages(dhe)
      .slice(0, count)
      .map((part) => clear(part));
    const { events } = replay(recordedOptions(dhe), [...flight, changeCipherSpecRecord()], "open");
    t.match(events.at(-1), { failure: { code: "unexpected-message" } });
  }
});
