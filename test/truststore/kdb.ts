import t from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { encode } from "../../src/x509/ber.ts";
import { at, PASSWORD, publicRoots } from "./material.ts";
import { type KdbOptions, type KdbPlan, writeKdb } from "./write-kdb.ts";

const PLANS: readonly KdbPlan[] = [
  { label: "Corporate Root", body: { signer: at(publicRoots, 0) } },
  { label: "not trusted", body: { signer: at(publicRoots, 1) }, flags: 0 },
  { label: "server", body: { personal: at(publicRoots, 2) }, flags: 0xc0 },
  { label: "next", body: { request: encode(0x30, []) }, flags: 0 },
  { label: "aes", body: { secret: encode(0x30, []) }, flags: 0 },
];

async function read(bytes: Uint8Array, password: string | null = PASSWORD): Promise<StoreFile> {
  const result = await parseStore(bytes, { password });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

for (const version of [3, 4, 6] as const)
  t.test(`readKeyDatabase() reads key databases of version ${version}`, async (t) => {
    const file = await read(writeKdb(PLANS, { version }));
    t.equal(file.format, "cms-kdb");
    t.equal(file.flavour.version, version);
    t.equal(file.integrity, "ok");
    t.equal(file.message, null);
    t.same(file.anomalies, []);
    t.match(file.skipped, { privateKeys: 1, secretKeys: 1, requests: 1 });
    t.same(
      file.entries.map(({ alias, kind, visibleTo: { gskit, java, openssl } }) => [
        alias,
        kind.kind,
        ...[gskit, java, openssl].map((one) => (one.visible ? "visible" : one.reason)),
      ]),
      [
        ["Corporate Root", "certificate", "visible", "visible", "visible"],
        [
          "not trusted",
          "certificate",
          "not-flagged-trusted",
          "not-flagged-trusted",
          "not-flagged-trusted",
        ],
        ["server", "key", "key-entry", "visible", "key-entry"],
      ],
    );
    for (const [index, { der }] of file.entries.entries())
      t.equal(Buffer.compare(der, at(publicRoots, index)), 0);
  });

t.test("readKeyDatabase() tells a wrong password from a changed file", async (t) => {
  for (const version of [3, 4, 6] as const) {
    const store = writeKdb(PLANS, { version, password: "pä€" });
    t.equal((await read(store, "pä€")).integrity, "ok");
    t.match(await read(store, "wrong"), {
      integrity: "wrong",
      message: /^The password is wrong: .* \(GSKit reports error 408\)$/,
      entries: { length: 3 },
    });
    t.match(await read(store, null), { integrity: "unchecked", entries: { length: 3 } });
    const changed = Uint8Array.from(store);
    changed[store.length - 1] = 1;
    t.match(
      await read(changed, "pä€"),
      version === 3
        ? { integrity: "unchecked", message: /^The password is right; the integrity value of/ }
        : { integrity: "wrong", message: /^The password is right, but the file was changed/ },
      `version ${version}`,
    );
  }
});

t.test(
  "readKeyDatabase() takes slots of any size, empty ones, and bytes behind them",
  async (t) => {
    const [plan] = PLANS;
    if (plan === undefined) return;
    for (const slotBytes of [2_500, 5_000, 20_000])
      t.equal((await read(writeKdb([plan], { slotBytes }))).entries.length, 1);
    t.same((await read(writeKdb([]))).entries, []);
    const store = writeKdb([plan, plan]);
    const emptied = Uint8Array.from(store);
    emptied.fill(0, 144, 148);
    t.equal((await read(emptied, null)).entries.length, 1, "slot of type 0");
    t.match((await read(Buffer.concat([store, Buffer.alloc(7)]))).anomalies, [
      { code: "trailing-bytes", message: "7 bytes follow the last slot of the key database" },
    ]);
  },
);

t.test("readKeyDatabase() names what is no key database", async (t) => {
  const write = (options: KdbOptions): Uint8Array => writeKdb(PLANS.slice(3, 4), options);
  t.match(await parseStore(write({ magic: "X509KYP" }), { password: null }), {
    error: {
      code: "no-certificate",
      message:
        "The file is a request database (.rdb) with 1 certificate requests; it holds no trust anchor",
    },
  });
  t.match(await parseStore(writeKdb([], { magic: "X509CRL" }), { password: null }), {
    error: { code: "no-certificate", message: /revoked certificates/ },
  });
});

t.test("readKeyDatabase() refuses lengths that cannot be", async (t) => {
  const store = writeKdb(PLANS);
  const changed = (offset: number, value: number): Uint8Array => {
    const copy = Buffer.from(store);
    copy.writeUInt32BE(value, offset);
    return copy;
  };
  for (const [bytes, code, message] of [
    [changed(0x14, 0x7fff_ffff), "too-many-entries", /announces 2147483647 slots/],
    [changed(0x10, 0xffff_ffff), "truncated", /ends inside 5 slots of 4294967295 bytes/],
    [changed(0x10, 3), "malformed", /Slot size 3 at offset 16/],
    [changed(144 + 8, 0xffff_ffff), "truncated", /ends inside the record of slot 1/],
    [changed(144 + 8, 10), "malformed", /^Record of slot 1 is damaged: /],
    [store.subarray(0, 60), "truncated", /password verifier/],
    [store.subarray(0, -1), "truncated", /5 slots of 5000 bytes/],
    [Uint8Array.from(store, (octet, at) => (at === 2 ? 5 : octet)), "malformed", /version 5 at/],
  ] as const)
    t.match(await parseStore(bytes, { password: null }), {
      ok: false,
      error: { code, message, format: "cms-kdb" },
    });
});
