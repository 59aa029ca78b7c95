import t from "tap";
import type { FailureCode } from "../../src/probe/handshake.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { HandshakeType } from "../../src/probe/tls/handshake-type.ts";
import { changeCipherSpecRecord, plainRecord } from "../../src/probe/tls/record-protection.ts";
import { ContentType } from "../../src/probe/tls/record-reader.ts";
import { recording, type Recording, recordedOptions, type Replay, replay } from "./recording.ts";
import {
  clear,
  clearMessages,
  message,
  patched,
  records,
  type ServerFlight13,
  serverFlight13,
} from "./rewrite.ts";

const tls13 = recording("tls13-rsa");
const flight = serverFlight13(tls13);
const chain = certificatesOf(replay(recordedOptions(tls13), honest(flight), "open"));

function certificatesOf({ events }: Replay): readonly Uint8Array[] {
  return events.flatMap((event) => (event.kind === "certificates" ? event.certificates : []));
}

/** ServerHello, ChangeCipherSpec and the protected flight, one record for each message. */
function honest({ hello, messages, sealer }: ServerFlight13): readonly Uint8Array[] {
  const seal = sealer();
  return [
    clear(hello),
    changeCipherSpecRecord(),
    ...messages.map((content) => seal(ContentType.handshake, content)),
  ];
}

function codeOf({ events }: Replay): FailureCode | "complete" | undefined {
  const last = events.at(-1);
  return last?.kind === "failed"
    ? last.failure.code
    : last?.kind === "complete"
      ? last.kind
      : undefined;
}

function messageOf({ events }: Replay): string {
  const last = events.at(-1);
  return last?.kind === "failed" ? last.failure.message : "";
}

/** Replaces the one message of a type. */
function replaced(
  type: number,
  change: (original: Uint8Array) => readonly Uint8Array[],
): ServerFlight13 {
  return {
    ...flight,
    messages: flight.messages.flatMap((content) =>
      content[0] === type ? change(content) : [content],
    ),
  };
}

const { certificate, certificateVerify, encryptedExtensions, finished } = HandshakeType;

t.test("TlsClient completes the flight that was taken apart and sealed again", async (t) => {
  t.equal(codeOf(replay(recordedOptions(tls13), honest(flight), "open")), "complete");
  t.same(
    flight.messages.map(([type]) => type),
    [encryptedExtensions, certificate, certificateVerify, finished],
  );
});

interface Lie {
  readonly flight: ServerFlight13;
  readonly code: FailureCode;
  readonly says: RegExp;
  /** Certificates that must be on record all the same. */
  readonly chain: readonly Uint8Array[];
}

const oneByte = Uint8Array.of(0);

const lies: Readonly<Record<string, Lie>> = {
  "a CertificateVerify whose signature has one bit flipped": {
    flight: replaced(certificateVerify, (original) => [
      patched(original, -1, (original.at(-1) ?? 0) ^ 1),
    ]),
    code: "bad-signature",
    says: /^Server's rsa_pss_rsae_\w+ signature does not verify/,
    chain,
  },
  "a CertificateVerify without a signature": {
    flight: replaced(certificateVerify, () => [
      message(certificateVerify, Uint8Array.of(0x08, 0x04, 0, 0)),
    ]),
    code: "bad-signature",
    says: /does not verify/,
    chain,
  },
  "a scheme that TLS 1.3 forbids": {
    flight: replaced(certificateVerify, (original) => [patched(original, 4, 0x04, 0x01)]),
    code: "parameter-unsupported",
    says: /^Server signed with rsa_pkcs1_sha256, which may not be used here/,
    chain,
  },
  "a scheme that was not offered": {
    flight: replaced(certificateVerify, (original) => [patched(original, 4, 0x09, 0x05)]),
    code: "parameter-unsupported",
    says: /^Server signed with mldsa65/,
    chain,
  },
  "a scheme for another type of key": {
    flight: replaced(certificateVerify, (original) => [patched(original, 4, 0x04, 0x03)]),
    code: "bad-signature",
    says: /its certificate holds a key of type rsa/,
    chain,
  },
  "a Finished with one bit flipped": {
    flight: replaced(finished, (original) => [patched(original, -1, (original.at(-1) ?? 0) ^ 1)]),
    code: "bad-finished",
    says: /^Server's Finished does not verify/,
    chain,
  },
  "a Finished of one byte": {
    flight: replaced(finished, () => [message(finished, oneByte)]),
    code: "bad-finished",
    says: /^Server's Finished/,
    chain,
  },
  "no EncryptedExtensions": {
    flight: replaced(encryptedExtensions, () => []),
    code: "unexpected-message",
    says: /^Server sent Certificate where EncryptedExtensions was expected/,
    chain,
  },
  "no CertificateVerify": {
    flight: replaced(certificateVerify, () => []),
    code: "unexpected-message",
    says: /^Server sent Finished where CertificateVerify was expected/,
    chain,
  },
  "no Certificate": {
    flight: replaced(certificate, () => []),
    code: "unexpected-message",
    says: /^Server sent CertificateVerify where Certificate was expected/,
    chain: [],
  },
  "Certificate twice": {
    flight: replaced(certificate, (original) => [original, original]),
    code: "unexpected-message",
    says: /where CertificateVerify was expected/,
    chain,
  },
  "an empty certificate list": {
    flight: replaced(certificate, () => [message(certificate, new Uint8Array(4))]),
    code: "malformed-message",
    says: /^Server sent no certificate at all/,
    chain: [],
  },
  "an empty certificate": {
    flight: replaced(certificate, () => [
      message(certificate, Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0, 0)),
    ]),
    code: "malformed-message",
    says: /^Malformed Certificate: certificate of 0 bytes is shorter than 1 at byte 7/,
    chain: [],
  },
  "a certificate that is not one": {
    flight: replaced(certificate, () => [
      message(certificate, Uint8Array.of(0, 0, 0, 6, 0, 0, 1, 0x41, 0, 0)),
    ]),
    code: "parameter-unsupported",
    says: /^Server's certificate cannot be read: /,
    chain: [Uint8Array.of(0x41)],
  },
  "bytes after the certificate list": {
    flight: replaced(certificate, (original) => [
      message(certificate, Buffer.concat([original.subarray(4), oneByte])),
    ]),
    code: "malformed-message",
    says: /^Malformed Certificate: Certificate is followed by 1 unexpected bytes at byte/,
    chain,
  },
  "a certificate list that announces too much": {
    flight: replaced(certificate, (original) => [
      patched(original, 5, ...original.subarray(5, 7), (original[7] ?? 0) + 1),
    ]),
    code: "malformed-message",
    says: /^Malformed Certificate: certificate list of \d+ bytes has only \d+ at byte 4/,
    chain: [],
  },
  "a certificate request context in the server's own list": {
    flight: replaced(certificate, (original) => [
      message(certificate, Buffer.concat([Uint8Array.of(1, 9), original.subarray(5)])),
    ]),
    code: "malformed-message",
    says: /request context is not empty at byte 0/,
    chain: [],
  },
  "more certificates than are read": {
    flight: replaced(certificate, () => [
      message(
        certificate,
        Buffer.concat([
          Uint8Array.of(0, 0, 0x02, 0x5e),
          ...Array.from({ length: 101 }, () => Uint8Array.of(0, 0, 1, 7, 0, 0)),
        ]),
      ),
    ]),
    code: "limit-exceeded",
    says: /^Server sent more than 100 certificates/,
    chain: Array.from({ length: 100 }, () => Uint8Array.of(7)),
  },
  "an extension that was not offered": {
    flight: replaced(encryptedExtensions, () => [
      message(encryptedExtensions, Uint8Array.of(0, 4, 0x12, 0x34, 0, 0)),
    ]),
    code: "parameter-unsupported",
    says: /^Server answered extension 0x1234, which was not offered/,
    chain,
  },
  "an extension twice": {
    flight: replaced(encryptedExtensions, () => [
      message(encryptedExtensions, Uint8Array.of(0, 8, 0, 0, 0, 0, 0, 0, 0, 0)),
    ]),
    code: "malformed-message",
    says: /^Malformed EncryptedExtensions: Extension 0x0000 is repeated at byte 6/,
    chain,
  },
  "a ticket within the handshake": {
    flight: replaced(certificateVerify, (original) => [message(4, oneByte), original]),
    code: "unexpected-message",
    says: /^Server sent NewSessionTicket where CertificateVerify/,
    chain,
  },
};

for (const [what, lie] of Object.entries(lies))
  t.test(`TlsClient refuses ${what} and keeps what was sent`, async (t) => {
    const replayed = replay(recordedOptions(tls13), honest(lie.flight), "open");
    t.equal(codeOf(replayed), lie.code, messageOf(replayed));
    t.match(messageOf(replayed), lie.says);
    t.same(certificatesOf(replayed), lie.chain);
    t.ok(
      replayed.events.some(({ kind }) => kind === "alert"),
      "tells the server why",
    );
  });

const tls12 = recording("tls12-plain-master-secret");
const messages12 = clearMessages(tls12);
const chain12 = certificatesOf(
  replay(
    recordedOptions(tls12),
    messages12.map((part) => clear(part)),
  ),
);

/** The hello of a recording with some bytes replaced. */
const helloOf = (recorded: Recording): Uint8Array => clearMessages(recorded)[0] ?? new Uint8Array();
const hello13 = helloOf(tls13);
const hello12 = helloOf(tls12);
const retry = helloOf(recording("tls13-retry"));
const SUITE_13 = 4 + 2 + 32 + 33;
const SUITE_12 = 4 + 2 + 32 + 1 + (hello12[38] ?? 0);
const KEY_SHARE = Buffer.from(hello13).indexOf(Buffer.from([0, ExtensionType.keyShare, 0, 0x24]));

/** A first message that the server sends, against which client it goes, and what comes of it. */
interface HelloLie {
  readonly recorded: Recording;
  readonly messages: readonly Uint8Array[];
  readonly code: FailureCode;
  readonly says: RegExp;
  readonly chain?: readonly Uint8Array[];
}

const helloLies: Readonly<Record<string, HelloLie>> = {
  "a suite that was not offered": {
    recorded: tls13,
    messages: [patched(hello13, SUITE_13, 0x13, 0x06)],
    code: "parameter-unsupported",
    says: /^Server chose cipher suite TLS_AEGIS_256_SHA512, which was not offered for TLSv1\.3/,
  },
  "a TLS 1.2 suite in TLS 1.3": {
    recorded: tls13,
    messages: [patched(hello13, SUITE_13, 0xc0, 0x2f)],
    code: "parameter-unsupported",
    says: /^Server chose cipher suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256/,
  },
  "another session identifier": {
    recorded: tls13,
    messages: [patched(hello13, 39, (hello13[39] ?? 0) ^ 1)],
    code: "parameter-unsupported",
    says: /^Server did not echo the session identifier/,
  },
  "a group that had no share": {
    recorded: tls13,
    messages: [patched(hello13, KEY_SHARE + 4, 0x00, 0x18)],
    code: "parameter-unsupported",
    says: /^Server sent a key share for group secp384r1/,
  },
  "a share that is no point": {
    recorded: tls13,
    messages: [patched(hello13, KEY_SHARE + 8, ...new Uint8Array(32))],
    code: "malformed-message",
    says: /^Server's key share of 32 bytes is not a value of x25519/,
  },
  compression: {
    recorded: tls13,
    messages: [patched(hello13, SUITE_13 + 2, 1)],
    code: "parameter-unsupported",
    says: /^Server selected compression method 1 in TLSv1\.3/,
  },
  "another message than ServerHello": {
    recorded: tls13,
    messages: [message(HandshakeType.certificate, new Uint8Array(4))],
    code: "unexpected-message",
    says: /^Server sent Certificate where ServerHello was expected/,
  },
  "a message that goes on across the change of keys": {
    recorded: tls13,
    messages: [Buffer.concat([hello13, Uint8Array.of(8, 0, 0, 2)])],
    code: "unexpected-message",
    says: /^A handshake message continues across a change of keys/,
  },
  "a second retry": {
    recorded: recording("tls13-retry"),
    messages: [retry, retry],
    code: "unexpected-message",
    says: /^Server sent a second HelloRetryRequest/,
  },
  "a retry for a group whose share it has": {
    recorded: recording("tls13-retry"),
    messages: [patched(retry, -1, 0x17)],
    code: "parameter-unsupported",
    says: /^Server's HelloRetryRequest asks for group secp256r1/,
  },
  "a retry for a group that was not offered": {
    recorded: recording("tls13-retry"),
    messages: [patched(retry, -2, 0x00, 0x07)],
    code: "parameter-unsupported",
    says: /asks for group 0x0007/,
  },
  "TLS 1.1": {
    recorded: tls12,
    messages: [patched(hello12, 4, 3, 2), ...messages12.slice(1)],
    code: "version-unsupported",
    says: /^Server selected TLSv1\.1, which was not offered/,
    chain: chain12,
  },
  "SSL 3.0 with a cipher of its time": {
    recorded: tls12,
    messages: [patched(patched(hello12, 4, 3, 0), SUITE_12, 0x00, 0x05), ...messages12.slice(1)],
    code: "version-unsupported",
    says: /^Server selected SSLv3/,
    chain: chain12,
  },
  "a TLS 1.2 suite that was not offered": {
    recorded: tls12,
    messages: [patched(hello12, SUITE_12, 0x00, 0x03), ...messages12.slice(1)],
    code: "parameter-unsupported",
    says: /^Server chose cipher suite TLS_RSA_EXPORT_WITH_RC4_40_MD5, which was not offered for TLSv1\.2/,
    chain: chain12,
  },
  "the sign that it was talked down": {
    recorded: tls12,
    messages: [
      patched(hello12, 30, ...Buffer.from("DOWNGRD\x01", "latin1")),
      ...messages12.slice(1),
    ],
    code: "version-unsupported",
    says: /talked down to TLSv1\.2/,
    chain: chain12,
  },
};

for (const [what, lie] of Object.entries(helloLies))
  t.test(`TlsClient refuses a server that answers with ${what}`, async (t) => {
    const replayed = replay(
      recordedOptions(lie.recorded),
      lie.messages.map((part) => clear(part)),
      "open",
    );
    t.equal(codeOf(replayed), lie.code, messageOf(replayed));
    t.match(messageOf(replayed), lie.says);
    t.same(certificatesOf(replayed), lie.chain ?? []);
  });

t.test("TlsClient refuses a ServerKeyExchange whose signature has one bit flipped", async (t) => {
  const lying = messages12.map((part) =>
    part[0] === HandshakeType.serverKeyExchange ? patched(part, -1, (part.at(-1) ?? 0) ^ 1) : part,
  );
  const replayed = replay(
    recordedOptions(tls12),
    lying.map((part) => clear(part)),
    "open",
  );
  t.equal(codeOf(replayed), "bad-signature");
  t.same(certificatesOf(replayed), chain12);
});

t.test("TlsClient refuses a TLS 1.2 Finished over another conversation", async (t) => {
  // The session identifier is in the transcript, but neither signed nor part of this master secret.
  const identifier = hello12[38] ?? 0;
  t.ok(identifier > 0, "the server gave the session an identifier");
  const bytes = tls12.chunks.map((chunk) => new Uint8Array(Buffer.from(chunk, "base64")));
  const at = 5 + 39;
  const [first = new Uint8Array(), ...rest] = bytes;
  const replayed = replay(
    recordedOptions(tls12),
    [patched(first, at, (first[at] ?? 0) ^ 1), ...rest],
    "open",
  );
  t.equal(codeOf(replayed), "bad-finished", messageOf(replayed));
});

t.test("TlsClient hears an alert in the clear before the first protected record", async (t) => {
  const alert = plainRecord(ContentType.alert, Uint8Array.of(2, 80), 0x0303);
  const replayed = replay(recordedOptions(tls13), [clear(hello13), alert], "open");
  t.match(replayed.events.slice(-3), [
    {
      kind: "alert",
      alert: { direction: "received", level: "fatal", description: "internal_error" },
    },
    { kind: "end", by: "server", how: "alert" },
    { kind: "failed", failure: { code: "alert-received" } },
  ]);
});

t.test("TlsClient refuses a record in the clear after protected ones", async (t) => {
  const [hello = new Uint8Array(), change = new Uint8Array(), first = new Uint8Array()] =
    honest(flight);
  for (const [type, content] of [
    [ContentType.alert, Uint8Array.of(2, 80)],
    [ContentType.handshake, message(encryptedExtensions, new Uint8Array(2))],
  ] as const) {
    const chunks = [hello, change, first, plainRecord(type, content, 0x0303)];
    t.equal(codeOf(replay(recordedOptions(tls13), chunks, "open")), "bad-record");
  }
});

t.test("TlsClient refuses protected content that it does not understand", async (t) => {
  const contents: readonly (readonly [number, Uint8Array, FailureCode])[] = [
    [ContentType.applicationData, oneByte, "unexpected-message"],
    [99, oneByte, "unexpected-message"],
    [0, new Uint8Array(10), "bad-record"],
    [ContentType.alert, oneByte, "malformed-message"],
  ];
  for (const [type, content, code] of contents) {
    const chunks = [clear(hello13), flight.sealer()(type, content)];
    t.equal(codeOf(replay(recordedOptions(tls13), chunks, "open")), code);
  }
});

t.test("TlsClient answers a retry with the group and the cookie that it asks for", async (t) => {
  const cookie = Uint8Array.of(9, 8, 7);
  const list = Buffer.concat([Uint8Array.of(0, ExtensionType.cookie, 0, 5, 0, 3), cookie]);
  const at = SUITE_13 + 3;
  const extensions = retry.subarray(at + 2);
  const asking = message(
    HandshakeType.serverHello,
    Buffer.concat([
      retry.subarray(4, at),
      Uint8Array.of(0, extensions.length + list.length),
      extensions,
      list,
    ]),
  );
  const { events, sent } = replay(
    recordedOptions(recording("tls13-retry")),
    [clear(asking)],
    "open",
  );
  t.same(
    events.filter(({ kind }) => kind === "retry"),
    [{ kind: "retry", retry: { group: "secp384r1", cookieLength: 3 } }],
  );
  const [first, change, second, ...rest] = records(sent);
  t.same(rest, []);
  t.equal(change?.type, ContentType.changeCipherSpec);
  const hello = Buffer.from(second?.fragment ?? []);
  t.ok(hello.includes(Buffer.concat([Uint8Array.of(0, 44, 0, 5, 0, 3), cookie])));
  t.ok(hello.includes(Buffer.from([0, 51, 0, 0x67, 0, 0x65, 0, 0x18, 0, 0x61, 4])));
  t.same(hello.subarray(6, 71), first?.fragment.subarray(6, 71), "same random and session");
});
