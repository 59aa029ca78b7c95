import fc from "fast-check";
import t from "tap";
import { encodeClientHello, type HelloContent } from "../../src/probe/tls/client-hello.ts";
import { readClientHello, readHelloRecords } from "../../src/probe/tls/client-hello-reader.ts";
import { TlsClient } from "../../src/probe/tls/client.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { GROUPS, groupByCode, shareLength } from "../../src/probe/tls/groups.ts";
import { buildHello, MOST_SUITES } from "../../src/probe/tls/hello-builder.ts";
import { type HelloShape, offeredExtensions, WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { plainRecord } from "../../src/probe/tls/record-protection.ts";
import { Version } from "../../src/probe/tls/versions.ts";

const { maxFragmentLength, recordSizeLimit, compressCertificate, cookie, padding } = ExtensionType;

const code = fc.nat(0xffff);
const codes = (minLength: number) => fc.array(code, { minLength, maxLength: 12 });
const hex = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const latin1 = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));

/** Extensions that a shape lists by number, each at most once. */
const numbered = fc.shuffledSubarray([
  0, 1, 5, 10, 11, 13, 16, 18, 22, 23, 27, 28, 35, 43, 44, 45, 50, 51, 0xff01, 21,
]);

/** Extensions of types that the engine does not write itself. */
const literal = fc.record({ type: fc.integer({ min: 0x4000, max: 0xfe00 }), body: hex });

/** A hello that real clients could send: fields are filled where the extension that holds them is listed. */
const hello = fc
  .record({
    legacyVersion: fc.constantFrom(0x0300, 0x0301, 0x0302, 0x0303),
    recordVersion: fc.constantFrom(0x0300, 0x0301, 0x0303),
    sessionIdLength: fc.nat(32),
    cipherSuites: codes(0),
    compressionMethods: fc.array(fc.nat(255), { minLength: 1, maxLength: 3 }),
    lists: fc.record({
      versions: codes(1),
      groups: codes(0),
      signatureSchemes: codes(0),
      certificateSignatureSchemes: codes(0),
      certificateCompression: codes(1),
    }),
    keyShares: fc.array(
      fc.oneof(
        fc.constantFrom(...GROUPS.slice(0, 5).map((group) => group.code)),
        fc.record({ group: fc.constantFrom(0x0a0a, 0x2a2a, 0x6399), body: hex }),
      ),
      { maxLength: 4 },
    ),
    limits: fc.record({ recordSizeLimit: code, maxFragmentLength: fc.nat(255) }),
    alpn: fc.array(latin1, { minLength: 1, maxLength: 3 }),
    serverName: latin1,
    cookie: fc.uint8Array({ maxLength: 50 }),
    extensions: fc.tuple(numbered, fc.array(literal, { maxLength: 4 })),
    random: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    filler: fc.nat(255),
  })
  .map(({ lists, limits, extensions: [listed, others], random, filler, ...drawn }) => {
    const has = (type: number): boolean => listed.includes(type);
    const kept = <T>(type: number, value: T, otherwise: T): T => (has(type) ? value : otherwise);
    const shape: HelloShape = {
      legacyVersion: drawn.legacyVersion,
      recordVersion: drawn.recordVersion,
      sessionIdLength: drawn.sessionIdLength,
      cipherSuites: drawn.cipherSuites,
      compressionMethods: drawn.compressionMethods,
      versions: kept(43, lists.versions, []),
      groups: kept(10, lists.groups, []),
      signatureSchemes: kept(13, lists.signatureSchemes, []),
      certificateSignatureSchemes: kept(50, lists.certificateSignatureSchemes, []),
      certificateCompression: kept(compressCertificate, lists.certificateCompression, []),
      keyShares: kept(51, drawn.keyShares, []),
      recordSizeLimit: kept<number | null>(recordSizeLimit, limits.recordSizeLimit, null),
      maxFragmentLength: kept<number | null>(maxFragmentLength, limits.maxFragmentLength, null),
      alpn: kept(16, drawn.alpn, []),
      extensions: [...listed, ...others],
    };
    const content: HelloContent = {
      random,
      sessionId: new Uint8Array(drawn.sessionIdLength).fill(filler),
      keyShares: shape.keyShares.map((share) =>
        typeof share === "number"
          ? { group: share, publicKey: new Uint8Array(lengthOf(share)).fill(filler) }
          : { group: share.group, publicKey: new Uint8Array(Buffer.from(share.body, "hex")) },
      ),
      serverName: kept<string | null>(0, drawn.serverName, null),
      alpn: shape.alpn,
      cookie: kept<Uint8Array | null>(cookie, drawn.cookie, null),
    };
    return { shape, content };
  });

function lengthOf(group: number): number {
  const known = groupByCode(group);
  return known === undefined ? 0 : shareLength(known);
}

/** Whether padding would be left out, so that a reader cannot know that the shape lists it. */
const isPadded = ({ extensions }: HelloShape): boolean => extensions.includes(padding);

t.test("readClientHello() reads back what encodeClientHello() wrote", async (t) => {
  fc.assert(
    fc.property(hello, ({ shape, content }) => {
      const encoded = encodeClientHello(shape, content);
      const read = readClientHello(encoded, shape.recordVersion);
      if (!read.ok) throw new Error(read.error.message);
      const again = encodeClientHello(read.value.shape, read.value.content);
      if (!Buffer.from(again).equals(encoded)) throw new Error("Other bytes");
      // Without supported_versions the reader takes what the legacy version says.
      const versions = shape.versions.length > 0 ? shape.versions : read.value.shape.versions;
      const extensions = isPadded(shape)
        ? shape.extensions.filter(
            (extension) => extension !== padding || read.value.shape.extensions.includes(padding),
          )
        : shape.extensions;
      t.same(read.value.shape, { ...shape, versions, extensions });
    }),
    { numRuns: 300, seed: 5 },
  );
});

t.test("readHelloRecords() keeps every byte of hellos of any form", async (t) => {
  const changes = fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(hello, changes, fc.nat(700), ({ shape, content }, changed, length) => {
      const bytes = new Uint8Array(encodeClientHello(shape, content).slice(0, 38 + length));
      for (const [at, value] of changed) if (at > 5 && at < bytes.length) bytes[at] = value;
      const read = readClientHello(bytes, shape.recordVersion);
      if (!read.ok) return /^ClientHello: .* at byte \d+$/.test(read.error.message);
      const again = encodeClientHello(read.value.shape, read.value.content);
      return Buffer.from(again).equals(bytes);
    }),
    { numRuns: 2000, seed: 6 },
  );
  t.pass();
});

t.test(
  "readHelloRecords() waits for the whole message, in as many records as it takes",
  async (t) => {
    const { output } = new TlsClient({ serverName: "example.com" }).start();
    const whole = new Uint8Array(output ?? []);
    for (let length = 0; length < whole.length; length++)
      t.same(readHelloRecords(whole.slice(0, length)), { ok: true, value: null });
    const message = whole.subarray(5);
    const cut = Buffer.concat([
      plainRecord(22, message.subarray(0, 100), 0x0301),
      plainRecord(22, message.subarray(100), 0x0303),
    ]);
    for (const bytes of [whole, cut]) {
      const read = readHelloRecords(bytes);
      if (!read.ok || read.value === null) return void t.fail("was not read");
      t.same(read.value.shape, {
        ...WIDE_HELLO,
        extensions: WIDE_HELLO.extensions.filter(
          (type) => type !== ExtensionType.cookie && type !== ExtensionType.alpn,
        ),
      });
      t.equal(read.value.content.serverName, "example.com");
    }
    return undefined;
  },
);

t.test("readHelloRecords() says what else came", async (t) => {
  for (const [bytes, says] of [
    [plainRecord(22, Uint8Array.of(2, 0, 0, 0), 0x0301), /^ClientHello: Message of type 2/],
    [plainRecord(21, Uint8Array.of(2, 40), 0x0301), /^A record of content type 21 comes before/],
    [Buffer.from("GET / HTTP/1.1\r\n\r\n"), /^Record header has content type 71/],
  ] as const) {
    const read = readHelloRecords(bytes);
    t.equal(read.ok, false);
    if (!read.ok) t.match(read.error, { code: "client-hello-malformed", message: says });
  }
});

t.test(
  "encodeClientHello() lifts hellos out of the sizes that make old servers hang",
  async (t) => {
    const shapeOf = (length: number): HelloShape => ({
      ...WIDE_HELLO,
      extensions: [{ type: 0x4444, body: "00".repeat(length) }, padding],
    });
    const content: HelloContent = {
      random: new Uint8Array(32),
      sessionId: new Uint8Array(32),
      keyShares: [],
      serverName: null,
      alpn: [],
      cookie: null,
    };
    const sizeOf = (length: number): number => encodeClientHello(shapeOf(length), content).length;
    const least = sizeOf(0);
    t.ok(least < 256, `${least} bytes without padding`);
    for (let length = 0; length < 600; length++) {
      const bare = least + length;
      const expected = bare < 256 || bare > 511 ? bare : Math.max(512, bare + 5);
      if (sizeOf(length) !== expected) t.equal(sizeOf(length), expected, `${bare} bytes`);
    }
  },
);

t.test("encodeClientHello() refuses what has no form", async (t) => {
  const content: HelloContent = {
    random: new Uint8Array(32),
    sessionId: new Uint8Array(),
    keyShares: [],
    serverName: null,
    alpn: [],
    cookie: null,
  };
  t.throws(() => encodeClientHello({ ...WIDE_HELLO, extensions: [0x4444] }, content), {
    name: "RangeError",
    message: /0x4444/,
  });
});

t.test("offeredExtensions() counts the signalling suite as renegotiation_info", async (t) => {
  const bare = { ...WIDE_HELLO, extensions: [10, { type: 0x4444, body: "" }] };
  t.same([...offeredExtensions(bare)], [10, 0x4444]);
  const signalling = { ...bare, cipherSuites: [0x1301, 0x00ff] };
  t.same([...offeredExtensions(signalling)], [10, 0x4444, 0xff01]);
});

t.test("buildHello() leaves out what its versions do not know", async (t) => {
  const { supportedVersions, keyShare, extendedMasterSecret, signatureAlgorithms } = ExtensionType;
  const listed = (versions: readonly number[]): readonly unknown[] =>
    buildHello({ versions }).extensions;
  t.ok(listed([Version.tls13]).includes(keyShare));
  t.notOk(listed([Version.tls13]).includes(extendedMasterSecret));
  t.notOk(listed([Version.tls12]).includes(supportedVersions));
  t.ok(listed([Version.tls12]).includes(signatureAlgorithms));
  t.notOk(listed([Version.tls11, Version.tls10]).includes(signatureAlgorithms));
  t.same(listed([Version.ssl30]), []);
  const old = buildHello({ versions: [Version.tls10] });
  t.match(old, { legacyVersion: 0x0301, recordVersion: 0x0301, sessionIdLength: 0, keyShares: [] });
  const mixed = buildHello({ versions: [Version.tls13, Version.tls10], groups: [0x001a, 0x0018] });
  t.match(mixed, { legacyVersion: 0x0303, sessionIdLength: 32, keyShares: [0x0018] });
  t.ok(mixed.extensions.includes(extendedMasterSecret));
});

t.test("buildHello() offers what is asked and nothing in its place", async (t) => {
  const shape = buildHello({
    versions: [Version.tls12],
    cipherSuites: [0xc02f, 0x5600],
    groups: [0x0017],
    signatureSchemes: [0x0401],
    alpn: ["h2"],
    compressionMethods: [1, 0],
    additional: [{ type: 0x3a3a, body: "" }],
    without: [ExtensionType.extendedMasterSecret],
  });
  t.match(shape, {
    cipherSuites: [0xc02f, 0x5600],
    groups: [0x0017],
    signatureSchemes: [0x0401],
    compressionMethods: [1, 0],
    alpn: ["h2"],
  });
  t.same(shape.extensions.at(-1), { type: 0x3a3a, body: "" });
  t.notOk(shape.extensions.includes(ExtensionType.extendedMasterSecret));
});

t.test("buildHello() refuses more suites than servers bear, and no version at all", async (t) => {
  const suites = Array.from({ length: MOST_SUITES + 1 }, (_, index) => index);
  t.throws(() => buildHello({ cipherSuites: suites }), { name: "RangeError", message: /1 to 64/ });
  t.throws(() => buildHello({ cipherSuites: [] }), { name: "RangeError" });
  t.throws(() => buildHello({ versions: [] }), { name: "RangeError", message: /not none/ });
  t.doesNotThrow(() => buildHello({ cipherSuites: suites.slice(1) }));
});
