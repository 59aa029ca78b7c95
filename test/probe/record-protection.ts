import { randomBytes } from "node:crypto";
import fc from "fast-check";
import t from "tap";
import { Abort } from "../../src/probe/tls/abort.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { type CipherSuite12, cipherSuite12 } from "../../src/probe/tls/cipher-suites-12.ts";
import { directionKeys } from "../../src/probe/tls/key-schedule-12.ts";
import { FRESH } from "../../src/probe/tls/entropy.ts";
import { protectors12, type Protectors } from "../../src/probe/tls/record-protection-12.ts";
import type { RawRecord } from "../../src/probe/tls/record-reader.ts";
import { completableSuites } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";

function suiteOf(code: number): CipherSuite12 {
  const suite = cipherSuite12(code);
  if (suite === undefined || "because" in suite) throw new Error(`${code} is not completed`);
  return suite;
}

/** One suite for each way in which records are protected. */
const suites: readonly CipherSuite12[] = [
  ...new Map(
    completableSuites(Version.tls12)
      .map(suiteOf)
      .map((suite) => [JSON.stringify(suite.protection), suite]),
  ).values(),
];

/** Both sides of one connection: what the client seals, the server opens, and the other way round. */
function connection(
  { protection, hash }: CipherSuite12,
  version: number,
  encryptThenMac: boolean,
): { readonly client: Protectors; readonly server: Protectors } {
  const randoms = { client: randomBytes(32), server: randomBytes(32) };
  const prfHash = version === Version.tls12 ? hash : "md5-sha1";
  const keys = directionKeys(prfHash, protection, version, randomBytes(48), randoms);
  const form = { version, encryptThenMac };
  return {
    client: protectors12(protection, form, FRESH, keys),
    server: protectors12(protection, form, FRESH, { client: keys.server, server: keys.client }),
  };
}

const raw = (record: Uint8Array): RawRecord => ({
  type: record[0] ?? 0,
  header: record.subarray(0, 5),
  fragment: record.subarray(5),
});

const forms = suites.flatMap((suite) =>
  [Version.tls10, Version.tls11, Version.tls12]
    .filter((version) => suite.firstVersion <= version && version <= suite.lastVersion)
    .flatMap((version) =>
      (suite.protection.kind === "cbc" ? [false, true] : [false]).map(
        (encryptThenMac) => [suite, version, encryptThenMac] as const,
      ),
    ),
);

t.test("protectors12() cover every way of protecting records", async (t) => {
  const kinds = suites.map(({ protection }) =>
    protection.kind === "aead"
      ? `${protection.aead.cipher}/${protection.aead.tagLength}`
      : `${protection.cipher}/${protection.mac}`,
  );
  t.ok(kinds.length >= 20, kinds.join(", "));
  t.equal(new Set(kinds).size, kinds.length);
});

for (const [suite, version, encryptThenMac] of forms) {
  const what = `${cipherSuiteName(suite.code)} in 0x${version.toString(16)}${encryptThenMac ? ", encrypt-then-MAC" : ""}`;

  t.test(`protectors12() open what they seal: ${what}`, async (t) => {
    const contents = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(contents, fc.constantFrom(21, 22, 23), (messages, type) => {
        const { client, server } = connection(suite, version, encryptThenMac);
        for (const content of messages) {
          const record = client.sealer(type, content);
          t.same([...record.subarray(0, 3)], [type, version >>> 8, version & 0xff]);
          t.equal((record[3] ?? 0) * 256 + (record[4] ?? 0), record.length - 5);
          const opened = server.opener(raw(record));
          t.equal(opened.type, type);
          t.same(Buffer.from(opened.content), Buffer.from(content));
        }
      }),
      { numRuns: 8 },
    );
  });

  t.test(`protectors12() refuse every changed byte: ${what}`, async (t) => {
    const { client } = connection(suite, version, encryptThenMac);
    const record = client.sealer(22, Buffer.from("twenty bytes, finished"));
    for (let at = 0; at < record.length; at++) {
      if (at > 0 && at < 5) continue;
      const both = connection(suite, version, encryptThenMac);
      const sealed = new Uint8Array(both.client.sealer(22, Buffer.from("twenty bytes, finished")));
      sealed[at] = (sealed[at] ?? 0) ^ 0x40;
      let caught: unknown = null;
      try {
        both.server.opener(raw(sealed));
      } catch (error) {
        caught = error;
      }
      t.ok(caught instanceof Abort && caught.code === "bad-record", `byte ${at}`);
    }
  });

  t.test(
    `protectors12() refuse records cut short, out of order or repeated: ${what}`,
    async (t) => {
      const { client, server } = connection(suite, version, encryptThenMac);
      const refused = (record: Uint8Array, by: Protectors): boolean => {
        try {
          by.opener(raw(record));
          return false;
        } catch (error) {
          return error instanceof Abort && error.code === "bad-record";
        }
      };
      const [first, second] = [
        client.sealer(22, Buffer.alloc(16, 1)),
        client.sealer(22, Buffer.alloc(16, 2)),
      ];
      for (let length = 5; length < first.length; length++)
        t.ok(refused(first.subarray(0, length), connection(suite, version, encryptThenMac).server));
      t.ok(refused(second, server), "the second before the first");
      const again = connection(suite, version, encryptThenMac);
      const once = again.client.sealer(23, Buffer.alloc(3));
      again.server.opener(raw(once));
      t.ok(refused(once, again.server), "the first twice");
    },
  );
}

t.test("openers refuse a record with more content than is allowed", async (t) => {
  for (const code of [0x002f, 0xc02f]) {
    const { client, server } = connection(suiteOf(code), Version.tls12, false);
    const record = client.sealer(23, Buffer.alloc(16_384 + 2));
    t.throws(() => server.opener(raw(record)), { code: "bad-record" });
  }
});
