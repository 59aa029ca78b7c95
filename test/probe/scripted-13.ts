import { generateKeyPairSync } from "node:crypto";
import { brotliCompressSync, deflateSync } from "node:zlib";
import t from "tap";
import type { FailureCode } from "../../src/probe/handshake.ts";
import type { AlertName } from "../../src/probe/tls/alerts.ts";
import { type ClientOptions, configuredKeyring } from "../../src/probe/tls/client-options.ts";
import type { SharedKey } from "../../src/probe/tls/client-hello.ts";
import { TlsClient } from "../../src/probe/tls/client.ts";
import type { EngineEvent } from "../../src/probe/tls/events.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { HandshakeType } from "../../src/probe/tls/handshake-type.ts";
import { WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { LIMITS } from "../../src/probe/tls/limits.ts";
import { ContentType } from "../../src/probe/tls/record-reader.ts";
import { signatureScheme } from "../../src/probe/tls/signature-schemes.ts";
import { selfSigned } from "../lab/self-signed.ts";
import { type FakeExtension, FakeServer13, type FakeServerOptions } from "./fake-server-13.ts";
import { message } from "./rewrite.ts";

const scheme = signatureScheme(0x0403);
if (scheme === undefined) throw new Error("ecdsa_secp256r1_sha256 is missing");
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const der = new Uint8Array(selfSigned(pair.publicKey, pair.privateKey));
const chain = [{ der }];
const { keyShare, cookie, recordSizeLimit, maxFragmentLength, compressCertificate } = ExtensionType;

/** A client and the server that it talks to, one step at a time. */
function meet(options: ClientOptions = {}, server: Partial<FakeServerOptions> = {}) {
  const engine = new TlsClient({ serverName: "localhost", ...options });
  const events: EngineEvent[] = [];
  const { output } = engine.start();
  const fake = new FakeServer13(output ?? new Uint8Array(), {
    key: pair.privateKey,
    scheme: scheme as FakeServerOptions["scheme"],
    ...server,
  });
  return {
    engine,
    server: fake,
    events,
    /** Hands the client bytes and returns its answer. */
    give: (bytes: Uint8Array): Uint8Array => {
      const step = engine.receive(bytes);
      events.push(...step.events);
      return step.output ?? new Uint8Array();
    },
  };
}

type Meeting = ReturnType<typeof meet>;

function ending({ events }: Meeting): FailureCode | "complete" | "open" {
  const last = events.at(-1);
  if (last?.kind === "failed") return last.failure.code;
  return last?.kind === "complete" ? "complete" : "open";
}

function said({ events }: Meeting): string {
  const last = events.at(-1);
  return last?.kind === "failed" ? last.failure.message : "";
}

/** The alert that the client sent. */
function told({ events }: Meeting): string | undefined {
  return events
    .flatMap((event) => (event.kind === "alert" ? [event.alert.description] : []))
    .at(-1);
}

const codes = (...list: readonly number[]): Uint8Array =>
  Uint8Array.from(list.flatMap((code) => [code >>> 8, code & 0xff]));

const list16 = (content: Uint8Array): Uint8Array => Buffer.concat([codes(content.length), content]);

const hexOf = (shares: readonly SharedKey[]): readonly string[] =>
  shares.map(({ publicKey }) => Buffer.from(publicKey).toString("hex"));

const wants = (group: number): FakeExtension => ({ type: keyShare, body: codes(group) });
const biscuit = (length: number): FakeExtension => ({
  type: cookie,
  body: list16(new Uint8Array(length).fill(7)),
});

t.test("TlsClient completes with an honest server and tells what it said", async (t) => {
  const meeting = meet();
  meeting.give(meeting.server.hello());
  const answer = meeting.give(meeting.server.flight(chain));
  t.equal(ending(meeting), "complete", said(meeting));
  t.match(meeting.events.at(-2), { kind: "end", by: "client", how: "close-notify" });
  const [finished, goodbye, ...rest] = meeting.server.open(answer);
  t.match(finished, { type: ContentType.handshake });
  t.same(goodbye?.content, Uint8Array.of(1, 0));
  t.same(rest, []);
  t.match(
    meeting.events.find(({ kind }) => kind === "key-exchange"),
    { keyExchange: { kind: "ecdhe", group: "x25519", bits: 255 } },
  );
  t.match(
    meeting.events.find(({ kind }) => kind === "server-hello"),
    {
      hello: {
        sessionIdLength: 32,
        sessionIdEchoed: true,
        compression: "null",
        secureRenegotiation: null,
        extendedMasterSecret: null,
      },
    },
  );
});

const retries: Readonly<Record<string, readonly FakeExtension[]>> = {
  "a group": [wants(0x0018)],
  "a cookie": [biscuit(1)],
  "a group and a cookie": [wants(0x0018), biscuit(32)],
  "a cookie before a group": [biscuit(32), wants(0x0018)],
  "a cookie that makes the second hello longer than a record": [biscuit(16_000)],
};

for (const [what, extensions] of Object.entries(retries))
  t.test(`TlsClient says hello again to a server that asks for ${what}`, async (t) => {
    const group = extensions.some(({ type }) => type === keyShare) ? 0x0018 : 0x001d;
    const meeting = meet({}, { group });
    const { server } = meeting;
    const before = server.clientHello;
    const again = meeting.give(server.retry(extensions));
    server.hearAgain(again);
    const { shape, content } = server.clientHello;
    t.same(content.random, before.content.random);
    t.same(content.sessionId, before.content.sessionId);
    t.same(shape.cipherSuites, before.shape.cipherSuites);
    const asked = extensions.find(({ type }) => type === cookie);
    t.same(content.cookie, asked === undefined ? null : asked.body.subarray(2));
    if (group === 0x0018) t.same(shape.keyShares, [0x0018]);
    else t.same(hexOf(content.keyShares), hexOf(before.content.keyShares), "the same shares again");
    t.same(
      shape.extensions.filter((type) => type !== cookie),
      before.shape.extensions,
    );
    meeting.give(server.hello());
    meeting.give(server.flight(chain));
    t.equal(ending(meeting), "complete", said(meeting));
    t.match(
      meeting.events.find(({ kind }) => kind === "retry"),
      {
        retry: {
          group: group === 0x0018 ? "secp384r1" : null,
          cookieLength: asked === undefined ? null : asked.body.length - 2,
        },
      },
    );
  });

t.test("TlsClient puts the cookie last where its hello has no place for it", async (t) => {
  const shape = { ...WIDE_HELLO, extensions: [13, 10, 43, 51] };
  const meeting = meet({ shape });
  meeting.server.hearAgain(meeting.give(meeting.server.retry([biscuit(3)])));
  t.same(meeting.server.clientHello.shape.extensions, [13, 10, 43, 51, cookie]);
  meeting.give(meeting.server.hello());
  meeting.give(meeting.server.flight(chain));
  t.equal(ending(meeting), "complete", said(meeting));
});

type Refusal = readonly [
  meeting: Meeting | (() => Meeting),
  code: FailureCode,
  alert: AlertName,
  says: RegExp,
];

function retried(...extensions: readonly FakeExtension[]): Meeting {
  const meeting = meet();
  meeting.give(meeting.server.retry(extensions));
  return meeting;
}

/** A server that goes on after a legal retry in its own way. */
function afterRetry(
  goOn: (meeting: Meeting) => Uint8Array,
  options: Partial<FakeServerOptions> = {},
): Meeting {
  const meeting = meet({}, { group: 0x0018, ...options });
  meeting.server.hearAgain(meeting.give(meeting.server.retry([wants(0x0018)])));
  meeting.give(goOn(meeting));
  return meeting;
}

/** A server whose EncryptedExtensions are wrong; its certificate follows. */
function encryptedWrong(
  extensions: readonly FakeExtension[],
  options: ClientOptions = {},
): Meeting {
  const meeting = encrypted(extensions, options);
  if (!meeting.engine.ended) meeting.give(meeting.server.send(meeting.server.certificate(chain)));
  return meeting;
}

/** A server with these extensions in EncryptedExtensions. */
function encrypted(extensions: readonly FakeExtension[], options: ClientOptions = {}): Meeting {
  const meeting = meet(options);
  const { server } = meeting;
  meeting.give(server.hello());
  meeting.give(server.send(server.encryptedExtensions(extensions)));
  return meeting;
}

/** A server whose Certificate is another message, with a signature and a Finished that cover it. */
function certified(certificate: Uint8Array, options: ClientOptions = {}): Meeting {
  const meeting = meet(options);
  const { server } = meeting;
  meeting.give(server.hello());
  meeting.give(server.send(server.encryptedExtensions(), certificate));
  if (!meeting.engine.ended) meeting.give(server.send(server.certificateVerify()));
  if (!meeting.engine.ended) meeting.give(server.finish());
  return meeting;
}

const withEntries = (extensions: readonly FakeExtension[]): Meeting =>
  certified(meet().server.certificate([{ der, extensions }]));

const certificateBody = meet().server.certificate(chain).subarray(4);

function compressed(code: number, length: number, content: Uint8Array): Uint8Array {
  const size = (value: number): Uint8Array =>
    Uint8Array.of(value >>> 16, (value >>> 8) & 0xff, value & 0xff);
  return message(
    HandshakeType.compressedCertificate,
    Buffer.concat([codes(code), size(length), size(content.length), content]),
  );
}

const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024));
const withFragments = {
  ...WIDE_HELLO,
  maxFragmentLength: 2,
  extensions: [...WIDE_HELLO.extensions, maxFragmentLength],
};
const alone = { ...withFragments, recordSizeLimit: null };

const refusals: Readonly<Record<string, Refusal>> = {
  "a retry that asks for nothing": [
    retried(),
    "parameter-unsupported",
    "illegal_parameter",
    /^Server's HelloRetryRequest asks for no change/,
  ],
  "a retry for a group whose share it has": [
    retried(wants(0x001d)),
    "parameter-unsupported",
    "illegal_parameter",
    /asks for group x25519/,
  ],
  "a retry for a group that was not offered": [
    retried(wants(0x0007)),
    "parameter-unsupported",
    "illegal_parameter",
    /asks for group 0x0007/,
  ],
  "a retry for a group that TLS 1.3 does not have": [
    retried(wants(0x001a)),
    "parameter-unsupported",
    "illegal_parameter",
    /asks for group brainpoolp256r1,/,
  ],
  "a retry with an extension that belongs elsewhere": [
    retried(wants(0x0018), { type: ExtensionType.alpn, body: new Uint8Array() }),
    "parameter-unsupported",
    "illegal_parameter",
    /application_layer_protocol_negotiation in its HelloRetryRequest, where it may not stand/,
  ],
  "a retry with an extension that was not offered": [
    retried(wants(0x0018), { type: 0x1234, body: new Uint8Array() }),
    "parameter-unsupported",
    "unsupported_extension",
    /answered extension 0x1234/,
  ],
  "a retry with an empty cookie": [
    retried(biscuit(0)),
    "malformed-message",
    "decode_error",
    /^Malformed ServerHello: cookie of 0 bytes is shorter than 1/,
  ],
  "a retry with a whole key share": [
    retried({ type: keyShare, body: Buffer.concat([codes(0x0018, 2), codes(1)]) }),
    "malformed-message",
    "decode_error",
    /^Malformed ServerHello: key_share is followed by 4 unexpected bytes/,
  ],
  "a second retry": [
    afterRetry(({ server }) => server.retry([biscuit(3)])),
    "unexpected-message",
    "unexpected_message",
    /^Server sent a second HelloRetryRequest/,
  ],
  "an extension of ServerHello in EncryptedExtensions": [
    encryptedWrong([{ type: ExtensionType.supportedVersions, body: codes(0x0304) }]),
    "parameter-unsupported",
    "illegal_parameter",
    /supported_versions in its EncryptedExtensions, where it may not stand/,
  ],
  "an answer to early data that was not offered": [
    encryptedWrong([{ type: ExtensionType.earlyData, body: new Uint8Array() }]),
    "parameter-unsupported",
    "unsupported_extension",
    /^Server answered extension early_data, which was not offered/,
  ],
  "a limit on records that is too small": [
    encryptedWrong([{ type: recordSizeLimit, body: codes(63) }]),
    "parameter-unsupported",
    "illegal_parameter",
    /^Server limits records to 63 bytes; at least 64/,
  ],
  "two limits on records": [
    encryptedWrong(
      [
        { type: recordSizeLimit, body: codes(1000) },
        { type: maxFragmentLength, body: Uint8Array.of(2) },
      ],
      { shape: withFragments },
    ),
    "parameter-unsupported",
    "illegal_parameter",
    /^Server answered both record_size_limit and max_fragment_length/,
  ],
  "another fragment length than was asked for": [
    encryptedWrong([{ type: maxFragmentLength, body: Uint8Array.of(3) }], { shape: alone }),
    "parameter-unsupported",
    "illegal_parameter",
    /^Server chose maximum fragment length 3 where 2 was asked for/,
  ],
  "records above the agreed size": [
    () => {
      const meeting = encrypted([{ type: recordSizeLimit, body: codes(16_385) }], {
        shape: { ...WIDE_HELLO, recordSizeLimit: 100 },
      });
      meeting.give(meeting.server.send(meeting.server.certificate(chain)));
      return meeting;
    },
    "bad-record",
    "record_overflow",
    /^Record holds \d+ bytes; at most 99 were agreed on/,
  ],
  "an extension of ServerHello beside a certificate": [
    withEntries([{ type: ExtensionType.serverName, body: new Uint8Array() }]),
    "parameter-unsupported",
    "illegal_parameter",
    /server_name in its Certificate, where it may not stand/,
  ],
  "a malformed staple": [
    withEntries([{ type: ExtensionType.statusRequest, body: Uint8Array.of(1, 0, 0, 9, 1) }]),
    "malformed-message",
    "decode_error",
    /^Malformed Certificate: OCSP response of 9 bytes has only 1/,
  ],
  "certificates that unpack to more than was announced": [
    certified(compressed(1, 1000, bomb)),
    "malformed-message",
    "bad_certificate",
    /^Server's certificates cannot be unpacked with zlib to the 1000 bytes/,
  ],
  "certificates that unpack to less than was announced": [
    certified(compressed(1, certificateBody.length + 5, deflateSync(certificateBody))),
    "malformed-message",
    "bad_certificate",
    /^Server's certificates unpack to \d+ bytes instead of/,
  ],
  "compressed certificates that announce too much": [
    certified(compressed(1, LIMITS.messageLength + 1, bomb)),
    "message-too-large",
    "bad_certificate",
    /^Compressed Certificate announces 262145 bytes; at most 262144/,
  ],
  "compressed certificates that are damaged": [
    certified(compressed(2, 1000, Uint8Array.of(1, 2, 3, 4))),
    "malformed-message",
    "bad_certificate",
    /cannot be unpacked with brotli/,
  ],
  "certificates in a compression that was not offered": [
    certified(compressed(9, 1000, certificateBody)),
    "parameter-unsupported",
    "illegal_parameter",
    /^Server compressed its certificates with algorithm 0x0009/,
  ],
  "compressed certificates where none were asked for": [
    certified(compressed(1, certificateBody.length, deflateSync(certificateBody)), {
      shape: {
        ...WIDE_HELLO,
        extensions: WIDE_HELLO.extensions.filter((type) => type !== compressCertificate),
      },
    }),
    "unexpected-message",
    "unexpected_message",
    /^Server sent CompressedCertificate where Certificate was expected/,
  ],
  "a ticket before the handshake is done": [
    certified(message(HandshakeType.newSessionTicket, new Uint8Array(20))),
    "unexpected-message",
    "unexpected_message",
    /^Server sent NewSessionTicket where Certificate was expected/,
  ],
  "a warning inside a message": [
    () => {
      const meeting = encrypted([]);
      const { server } = meeting;
      const half = server.certificate(chain).subarray(0, 50);
      meeting.give(server.seal(ContentType.handshake, half));
      meeting.give(server.seal(ContentType.alert, Uint8Array.of(1, 90)));
      return meeting;
    },
    "unexpected-message",
    "unexpected_message",
    /^Server sent a warning \(user_canceled\) within a handshake message/,
  ],
  "a message of 16 MB": [
    () => {
      const meeting = encrypted([]);
      const { server } = meeting;
      meeting.give(server.seal(ContentType.handshake, Uint8Array.of(11, 255, 255, 255)));
      return meeting;
    },
    "message-too-large",
    "decode_error",
    /^Certificate announces 16777215 bytes/,
  ],
  "a certificate in records without end": [
    () => {
      const meeting = encrypted([]);
      const { server } = meeting;
      meeting.give(server.seal(ContentType.handshake, Uint8Array.of(11, 1, 0, 0)));
      for (let sent = 0; sent < LIMITS.records && !meeting.engine.ended; sent++)
        meeting.give(server.seal(ContentType.handshake, Uint8Array.of(0)));
      return meeting;
    },
    "limit-exceeded",
    "unexpected_message",
    /^Server sent more than 16384 records/,
  ],
};

for (const [what, [drawn, code, alert, says]] of Object.entries(refusals))
  t.test(`TlsClient refuses ${what}`, async (t) => {
    const meeting = typeof drawn === "function" ? drawn() : drawn;
    t.equal(ending(meeting), code, said(meeting));
    t.match(said(meeting), says);
    t.equal(told(meeting), alert);
    t.match(meeting.events.at(-2), { kind: "end", by: "client", how: "alert" });
  });

t.test("TlsClient keeps the chain when a mistake comes in front of it", async (t) => {
  const mistakes: Readonly<Record<string, (meeting: Meeting) => Uint8Array>> = {
    "a wrong answer": ({ server }) =>
      server.encryptedExtensions([{ type: 0x1234, body: new Uint8Array() }]),
    "malformed extensions": () => message(HandshakeType.encryptedExtensions, Uint8Array.of(0, 9)),
    "a request in their place": () => message(HandshakeType.certificateRequest, Uint8Array.of(9)),
  };
  for (const [what, make] of Object.entries(mistakes))
    for (const packed of [false, true]) {
      const meeting = meet();
      const { server, give } = meeting;
      give(server.hello());
      give(server.send(make(meeting)));
      t.notOk(meeting.engine.ended, `${what}: waits for the chain`);
      const asking = Buffer.concat([Uint8Array.of(0), list16(new Uint8Array())]);
      give(server.send(message(HandshakeType.certificateRequest, asking)));
      const certificate = packed
        ? compressed(1, certificateBody.length, deflateSync(certificateBody))
        : server.certificate(chain);
      give(server.send(certificate));
      t.match(
        ending(meeting),
        /^(?:parameter-unsupported|malformed-message|unexpected-message)$/,
        what,
      );
      t.match(
        meeting.events.filter(({ kind }) => kind === "certificates"),
        [{ certificates: [der] }],
        what,
      );
    }
  const meeting = meet();
  meeting.give(meeting.server.hello());
  meeting.give(meeting.server.send(meeting.server.encryptedExtensions([biscuit(3)])));
  meeting.events.push(...meeting.engine.hangUp("reset").events);
  t.equal(ending(meeting), "parameter-unsupported", "the mistake is the reason, not the end");
  t.match(meeting.events.at(-2), { kind: "end", by: "server", how: "reset" });
});

t.test("TlsClient reads staples and timestamps beside certificates", async (t) => {
  const staple = Uint8Array.of(1, 0, 0, 3, 48, 1, 0);
  const timestamps = list16(Buffer.concat([list16(Uint8Array.of(9, 9)), list16(Uint8Array.of(8))]));
  const { signedCertificateTimestamp, statusRequest } = ExtensionType;
  const meeting = certified(
    meet().server.certificate([
      {
        der,
        extensions: [
          { type: statusRequest, body: staple },
          { type: signedCertificateTimestamp, body: timestamps },
        ],
      },
      { der, extensions: [{ type: signedCertificateTimestamp, body: Uint8Array.of(0) }] },
    ]),
  );
  t.equal(ending(meeting), "complete", said(meeting));
  const of = (kind: EngineEvent["kind"]) => meeting.events.filter((event) => event.kind === kind);
  t.match(of("certificates"), [{ certificates: [der, der] }]);
  t.match(of("ocsp-staple"), [{ response: Uint8Array.of(48, 1, 0) }]);
  t.match(of("timestamps"), [{ timestamps: [Uint8Array.of(9, 9), Uint8Array.of(8)] }]);
  t.match(of("extensions").at(-1), {
    extensions: [
      { message: "Certificate", certificate: 0, name: "status_request", length: 7 },
      { message: "Certificate", certificate: 0, name: "signed_certificate_timestamp", length: 9 },
      { message: "Certificate", certificate: 1, name: "signed_certificate_timestamp", length: 1 },
    ],
  });
});

t.test("TlsClient unpacks compressed certificates and proves them", async (t) => {
  for (const [code, pack, name] of [
    [1, deflateSync, "zlib"],
    [2, brotliCompressSync, "brotli"],
  ] as const) {
    const packed = compressed(code, certificateBody.length, pack(certificateBody));
    const meeting = certified(packed);
    t.equal(ending(meeting), "complete", said(meeting));
    t.match(
      meeting.events.find(({ kind }) => kind === "certificate-compression"),
      { algorithm: name },
    );
    t.match(
      meeting.events.find(({ kind }) => kind === "certificates"),
      { certificates: [der] },
    );
  }
});

/** A client that has shaken hands and reads on. */
function connected(): Meeting {
  const meeting = meet({ readsOn: true });
  meeting.give(meeting.server.hello());
  meeting.server.open(meeting.give(meeting.server.flight(chain)));
  return meeting;
}

function ticket(lifetime: number, early: number | null): Uint8Array {
  const extensions =
    early === null ? codes(0) : list16(Buffer.concat([codes(42, 4), codes(early >>> 16, early)]));
  return message(
    HandshakeType.newSessionTicket,
    Buffer.concat([
      codes(lifetime >>> 16, lifetime & 0xffff),
      Uint8Array.of(1, 2, 3, 4),
      Uint8Array.of(2, 0, 1),
      list16(new Uint8Array(100)),
      extensions,
    ]),
  );
}

t.test("TlsClient tells about tickets where it reads on, and keeps nothing of them", async (t) => {
  const meeting = connected();
  t.equal(ending(meeting), "open");
  meeting.give(
    meeting.server.seal(
      ContentType.handshake,
      Buffer.concat([ticket(604_800, null), ticket(7200, 16_384)]),
    ),
  );
  t.same(
    meeting.events.filter(({ kind }) => kind === "ticket"),
    [
      { kind: "ticket", ticket: { lifetime: 604_800, length: 100, maxEarlyData: null } },
      { kind: "ticket", ticket: { lifetime: 7200, length: 100, maxEarlyData: 16_384 } },
    ],
  );
  meeting.events.push(...meeting.engine.settle().events);
  t.equal(ending(meeting), "complete");
});

t.test("TlsClient takes the end of a server that it reads on as an end like any", async (t) => {
  for (const how of ["closed", "reset"] as const) {
    const meeting = connected();
    meeting.events.push(...meeting.engine.hangUp(how).events);
    t.equal(ending(meeting), "complete");
    t.match(meeting.events.at(-2), { kind: "end", by: "server", how });
  }
  const meeting = connected();
  meeting.give(meeting.server.seal(ContentType.alert, Uint8Array.of(1, 0)));
  t.equal(ending(meeting), "complete");
  t.match(meeting.events.at(-2), { kind: "end", by: "server", how: "close-notify" });
});

t.test("TlsClient follows changes of keys and changes its own when asked", async (t) => {
  const meeting = connected();
  const { server } = meeting;
  t.same(meeting.give(server.keyUpdate(0)), new Uint8Array(), "no answer is due");
  for (let round = 0; round < 3; round++) {
    const opened = server.open(meeting.give(server.keyUpdate(1)));
    t.same(
      opened.map(({ content }) => [...content]),
      [[HandshakeType.keyUpdate, 0, 0, 1, 0]],
    );
  }
  meeting.give(server.seal(ContentType.handshake, ticket(1, null)));
  t.equal(meeting.events.at(-1)?.kind, "ticket", "is read with the latest keys");
  const goodbye = meeting.give(server.seal(ContentType.applicationData, Uint8Array.of(1)));
  t.equal(ending(meeting), "complete");
  t.same(server.open(goodbye), [{ type: ContentType.alert, content: Buffer.of(1, 0) }]);
});

const afterwards: Readonly<
  Record<string, readonly [(meeting: Meeting) => void, FailureCode, AlertName, RegExp]>
> = {
  "a KeyUpdate that asks for something unknown": [
    ({ server, give }) => give(server.keyUpdate(2)),
    "parameter-unsupported",
    "illegal_parameter",
    /^Server's KeyUpdate asks for 2 instead of 0 or 1/,
  ],
  "changes of keys without end": [
    ({ server, give }) => {
      for (let count = 0; count <= LIMITS.keyUpdates; count++) give(server.keyUpdate(0));
    },
    "limit-exceeded",
    "unexpected_message",
    /^Server changed its keys more than 16 times/,
  ],
  "tickets without end": [
    ({ server, give }) => {
      for (let count = 0; count <= LIMITS.tickets; count++)
        give(server.seal(ContentType.handshake, ticket(1, null)));
    },
    "limit-exceeded",
    "unexpected_message",
    /^Server sent more than 64 session tickets/,
  ],
  "a KeyUpdate that another message follows in its record": [
    ({ server, give }) =>
      give(
        server.seal(
          ContentType.handshake,
          Buffer.concat([message(HandshakeType.keyUpdate, Uint8Array.of(0)), Uint8Array.of(4)]),
        ),
      ),
    "unexpected-message",
    "unexpected_message",
    /^A handshake message continues across a change of keys/,
  ],
  "a ticket without a ticket": [
    ({ server, give }) =>
      give(
        server.seal(
          ContentType.handshake,
          message(HandshakeType.newSessionTicket, new Uint8Array(13)),
        ),
      ),
    "malformed-message",
    "decode_error",
    /^Malformed NewSessionTicket: ticket of 0 bytes is shorter than 1/,
  ],
  "a certificate request that was not offered": [
    ({ server, give }) =>
      give(
        server.seal(
          ContentType.handshake,
          message(HandshakeType.certificateRequest, new Uint8Array(3)),
        ),
      ),
    "unexpected-message",
    "unexpected_message",
    /^Server sent CertificateRequest where NewSessionTicket or KeyUpdate was expected/,
  ],
};

for (const [what, [act, code, alert, says]] of Object.entries(afterwards))
  t.test(`TlsClient refuses ${what} after the handshake`, async (t) => {
    const meeting = connected();
    act(meeting);
    t.equal(ending(meeting), code, said(meeting));
    t.match(said(meeting), says);
    t.equal(told(meeting), alert);
  });

t.test("TlsClient cuts what it sends to the size that the server bears", async (t) => {
  const keyring = configuredKeyring({ chain: [der, der], key: pair.privateKey });
  const meeting = meet({ keyring });
  const { server } = meeting;
  meeting.give(server.hello());
  const schemes = { type: 13, body: list16(codes(0x0403)) };
  const writer = Buffer.concat([
    Uint8Array.of(0),
    list16(Buffer.concat([codes(schemes.type, schemes.body.length), schemes.body])),
  ]);
  meeting.give(
    server.send(
      server.encryptedExtensions([{ type: recordSizeLimit, body: codes(64) }]),
      message(HandshakeType.certificateRequest, writer),
      server.certificate(chain),
    ),
  );
  meeting.give(server.send(server.certificateVerify()));
  const answer = meeting.give(server.finish());
  const sizes = new Set<number>();
  for (let at = 0; at + 5 <= answer.length;) {
    const length = (answer[at + 3] ?? 0) * 256 + (answer[at + 4] ?? 0);
    if (answer[at] === ContentType.applicationData) sizes.add(length - 16);
    at += 5 + length;
  }
  t.ok(sizes.size > 0 && Math.max(...sizes) === 64, `records of ${[...sizes].join()} bytes`);
  t.match(
    meeting.events.find(({ kind }) => kind === "certificate-request"),
    { request: { signatureSchemes: ["ecdsa_secp256r1_sha256"] } },
  );
});

t.test("TlsClient completes with a server that sends one byte at a time", async (t) => {
  const meeting = meet();
  const { server } = meeting;
  for (const bytes of [server.hello(), server.flight(chain)])
    for (const byte of bytes) meeting.give(Uint8Array.of(byte));
  t.equal(ending(meeting), "complete", said(meeting));
});
