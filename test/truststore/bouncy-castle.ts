import { readFileSync, writeFileSync } from "node:fs";
import t, { type Test } from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { findTool } from "../tools.ts";
import { requireBouncyCastle } from "./java-peers.ts";
import { at, PASSWORD, publicRoots, run, scratch } from "./material.ts";
import { writeBks } from "./write-bks.ts";
import {
  derFile,
  type KeystoreEntry,
  type KeystoreType,
  type KeystorePlan,
  writeKeystores,
} from "./write-keystores.ts";

async function read(path: string, password: string | null = PASSWORD): Promise<StoreFile> {
  const result = await parseStore(readFileSync(path), { password });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const NOTHING = new Uint8Array(0);

/** What every keystore of these tests holds, by alias. */
const CERTIFICATES = { "Upper CA": 0, "second ca": 1, ünïcode: 2 } as const;
const ENTRIES: readonly KeystoreEntry[] = [
  ...Object.entries(CERTIFICATES).map(([alias, number]) => ({
    kind: "cert" as const,
    alias,
    files: [derFile(`bc-${number}`, at(publicRoots, number))],
  })),
  { kind: "secret", alias: "secret", files: [] },
  {
    kind: "key",
    alias: "server",
    files: [3, 4].map((n) => derFile(`bc-${n}`, at(publicRoots, n))),
  },
];

const VARIANTS: readonly (readonly [type: KeystoreType, variant: string, summary: RegExp])[] = [
  ["BKS", "-", /^BKS version 2, certificates in the clear, HMAC-SHA-1 \(\d+ iterations\)$/],
  ["BKS-V1", "-", /^BKS version 1, /],
  [
    "BCFKS",
    "-",
    /^BCFKS, PBES2 AES-256-CCM with PBKDF2-HMAC-SHA-512 \(51200 iterations\), MAC HMAC-SHA-512$/,
  ],
  ["BCFKS", "scrypt:1024:8:1", /AES-256-CCM with scrypt \(r 8, p 1\) \(1024 iterations\)/],
  ["BCFKS", "scrypt:512:4:4", /scrypt \(r 4, p 4\)/],
  ["BCFKS", "scrypt:512:8:2,AES256_KWP", /AES-256-KWP with scrypt/],
  ["BCFKS", "AES256_KWP", /AES-256-KWP with PBKDF2/],
  ["BCFKS", "pbkdf2:PRF_SHA3_512,HmacSHA3_512", /PBKDF2-HMAC-SHA3-512.*HMAC-SHA3-512$/],
  ["BCFKS", "pbkdf2:PRF_SHA512,HmacSHA3_512", /PBKDF2-HMAC-SHA-512 \(1000 .*HMAC-SHA3-512$/],
];

const VARIANT_PLANS: readonly KeystorePlan[] = VARIANTS.map(([type, variant], index) => ({
  path: scratch(`bc-${index}.ks`),
  type,
  variant,
  password: PASSWORD,
  // Sealing a key takes BouncyCastle as long as the whole store: one store of each type has some.
  entries: variant === "-" ? ENTRIES : ENTRIES.filter(({ kind }) => kind === "cert"),
}));

const OTHER_PASSWORD = "pä$$wörd€";
const PASSWORD_PLANS: readonly KeystorePlan[] = (["BKS", "BKS-V1", "BCFKS"] as const).map(
  (type) => ({
    path: scratch(`bc-password-${type}.ks`),
    type,
    variant: type === "BCFKS" ? "pbkdf2:PRF_SHA512" : "-",
    password: OTHER_PASSWORD,
    entries: ENTRIES.slice(0, 1),
  }),
);
const UBER_PLAN: KeystorePlan = {
  path: scratch("it's a store.uber"),
  type: "UBER",
  password: PASSWORD,
  entries: ENTRIES.slice(0, 1).map((entry) => ({ ...entry, alias: "ca" })),
};
const HOSTILE_PLAN: KeystorePlan = {
  path: scratch("bc-hostile.ks"),
  type: "BCFKS",
  variant: "scrypt:512:8:1",
  password: PASSWORD,
  entries: ENTRIES.slice(0, 1),
};

let written: { readonly jar: string; readonly before: number } | undefined;

/** Writes all stores of these tests in one run of Java; skips the test where there is none. */
function requireStores(t: Test): { readonly jar: string; readonly before: number } | undefined {
  const peer = requireBouncyCastle(t);
  if (peer === undefined || written !== undefined) return written;
  written = { jar: peer.jar, before: Date.now() };
  const plans = [...VARIANT_PLANS, ...PASSWORD_PLANS, UBER_PLAN, HOSTILE_PLAN];
  writeKeystores(peer.java, plans, peer.jar);
  return written;
}

t.test("parseStore() reads what BouncyCastle writes, in every variant", async (t) => {
  const stores = requireStores(t);
  if (stores === undefined) return;
  for (const [index, [type, variant, summary]] of VARIANTS.entries()) {
    const { path } = at(VARIANT_PLANS, index);
    const what = `${type} ${variant}`;
    const file = await read(path);
    t.match(file.flavour.summary, summary, what);
    t.equal(file.integrity, "ok", what);
    t.equal(file.message, null, what);
    t.same(file.java, { opens: true }, what);
    const keys = variant === "-" ? 1 : 0;
    t.match(file.skipped, { privateKeys: keys, secretKeys: keys }, what);
    const found = new Map(
      file.entries.map((entry) => [`${entry.alias} ${entry.kind.kind}`, entry]),
    );
    for (const [alias, number] of Object.entries(CERTIFICATES)) {
      const entry = found.get(`${alias} certificate`);
      t.equal(
        Buffer.compare(entry?.der ?? NOTHING, at(publicRoots, number)),
        0,
        `${what}: ${alias}`,
      );
      t.same(entry?.visibleToJava, { visible: true }, "aliases keep their case");
      t.ok((entry?.date ?? 0) > stores.before - 2_000 && (entry?.date ?? 0) <= Date.now(), what);
    }
    const chain = file.entries.filter(({ kind }) => kind.kind === "key");
    t.same(
      chain.map(({ alias, visibleToJava }) => [alias, visibleToJava.visible]),
      [
        ["server", true],
        ["server", false],
      ].slice(0, 2 * keys),
      what,
    );
    t.notOk(
      chain.some(({ visibleTo }) => visibleTo.openssl.visible),
      what,
    );
    t.same(
      file.anomalies.map(({ code }) => code),
      type === "BKS-V1" ? ["weak-integrity"] : [],
      what,
    );
  }
});

t.test("parseStore() tells wrong and missing passwords of BouncyCastle's stores", async (t) => {
  if (requireStores(t) === undefined) return;
  for (const { path, type } of PASSWORD_PLANS) {
    const bytes = readFileSync(path);
    t.equal((await read(path, OTHER_PASSWORD)).integrity, "ok", `${type}: not ASCII`);
    const wrong = await parseStore(bytes, { password: "wrong" });
    const without = await parseStore(bytes, { password: null });
    if (type === "BCFKS") {
      t.match(wrong, { error: { code: "wrong-password", message: /^Wrong password: / } });
      t.match(without, { error: { code: "password-required" } });
      continue;
    }
    t.match(wrong, {
      value: {
        integrity: "wrong",
        message: /^The password is wrong or the file was changed/,
        java: { message: "java.io.IOException: KeyStore integrity check failed." },
      },
    });
    t.match(without, { value: { integrity: "unchecked", java: { opens: true } } });
    for (const result of [wrong, without]) t.ok(result.ok && result.value.entries.length === 1);
  }
});

t.test("parseStore() refuses UBER with a command that keytool carries out", async (t) => {
  const stores = requireStores(t);
  const keytool = findTool("keytool");
  if (stores === undefined || keytool === undefined) return;
  const { path } = UBER_PLAN;
  const result = await parseStore(readFileSync(path), { password: PASSWORD, fileName: path });
  t.match(result, {
    ok: false,
    error: { code: "unsupported-format", format: "uber", message: /: BouncyCastle UBER; / },
  });
  if (result.ok) return;
  const command = at(result.error.remedy, 0)
    .replace(/^keytool/, `'${keytool}'`)
    .replace("bcprov.jar", stores.jar);
  run("sh", ["-c", `${command} -srcstorepass ${PASSWORD} -deststorepass ${PASSWORD}`]);
  const converted = await parseStore(readFileSync(`${path}.p12`), { password: PASSWORD });
  t.match(converted, { ok: true, value: { format: "pkcs12", entries: [{ alias: "ca" }] } });
});

t.test("readBks() reads versions 0 to 2, and tells where they are cut", async (t) => {
  const plans = [
    { alias: "ca", type: 1, certificates: [at(publicRoots, 0)] },
    { alias: "plain", type: 2, certificates: [at(publicRoots, 1), at(publicRoots, 2)] },
    { alias: "secret", type: 3, certificates: [] },
    { alias: "ca", type: 1, certificates: [at(publicRoots, 3)] },
  ];
  for (const version of [0, 1, 2]) {
    const store = writeBks(plans, { version });
    const result = await parseStore(store, { password: PASSWORD });
    t.match(result, {
      ok: true,
      value: {
        format: "bks",
        integrity: "ok",
        flavour: { version },
        skipped: { privateKeys: 1, secretKeys: 1 },
      },
    });
    if (!result.ok) continue;
    t.same(
      result.value.entries.map(({ alias, visibleToJava }) => [
        alias,
        visibleToJava.visible ? "visible" : visibleToJava.reason,
      ]),
      [
        ["ca", "alias-overwritten"],
        ["plain", "visible"],
        ["plain", "not-first-in-key-chain"],
        ["ca", "visible"],
      ],
    );
    for (const length of [33, 100, store.length - 21])
      t.match(await parseStore(store.subarray(0, length), { password: PASSWORD }), {
        error: { code: "truncated", javaMessage: "java.io.EOFException" },
      });
    t.match(await parseStore(store.subarray(0, -1), { password: PASSWORD }), {
      value: { integrity: "wrong", anomalies: { length: version < 2 ? 3 : 2 } },
    });
    const changed = Uint8Array.from(store);
    changed[200] = (changed[200] ?? 0) ^ 1;
    t.match(await parseStore(changed, { password: PASSWORD }), { value: { integrity: "wrong" } });
  }
});

t.test("readBks() refuses counts that only exhaust the reader", async (t) => {
  const store = (announced: number): Uint8Array => writeBks([], { announced });
  t.match(await parseStore(store(5_000_001), { password: PASSWORD }), {
    error: { code: "iterations-too-many", message: /^The HMAC asks for 5000001 iterations/ },
  });
  t.match(await parseStore(store(0xffff_ffff), { password: null }), { ok: true });
  const chain = writeBks([{ alias: "k", type: 4, certificates: [] }]);
  const at32 = Buffer.from(chain);
  at32.writeUInt32BE(0x7fff_ffff, 32 + 1 + 3 + 8);
  t.match(await parseStore(at32, { password: null }), { error: { code: "too-many-entries" } });
  at32[32] = 9;
  t.match(await parseStore(at32, { password: null }), {
    error: {
      code: "malformed",
      message:
        "BKS entry 1 has type 9 at offset 32; 1 (certificate) to 4 (sealed key), or 0 at the end, was expected",
    },
  });
});

t.test("readBcfks() refuses costs that only exhaust the reader, and damaged files", async (t) => {
  if (requireStores(t) === undefined) return;
  const { path } = HOSTILE_PLAN;
  const store = readFileSync(path);
  const cost = store.indexOf(Buffer.from("02020200020108", "hex"));
  t.ok(cost > 0);
  const changed = (at: number, value: string): Buffer => {
    const copy = Buffer.from(store);
    copy.write(value, at, "hex");
    return copy;
  };
  t.match(await parseStore(changed(cost + 2, "4000"), { password: PASSWORD }), {
    error: { code: "wrong-password" },
  });
  t.match(await parseStore(changed(cost + 2, "7fff"), { password: PASSWORD }), {
    error: { code: "malformed", message: /N must be a power of two/ },
  });
  t.match(await parseStore(changed(cost + 6, "7f"), { password: PASSWORD }), {
    error: { code: "wrong-password" },
  });
  for (const length of [10, 200, store.length - 1])
    t.match(await parseStore(store.subarray(0, length), { password: PASSWORD }), {
      ok: false,
      error: { code: /truncated|malformed|unknown-format/ },
    });
  writeFileSync(path, changed(store.length - 1, "00"));
  t.match(await parseStore(readFileSync(path), { password: PASSWORD }), {
    value: { integrity: "wrong", entries: { length: 1 } },
  });
});
