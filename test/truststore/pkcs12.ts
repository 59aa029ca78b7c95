import { existsSync, readFileSync, writeFileSync } from "node:fs";
import forge from "node-forge";
import t, { type Test } from "tap";
import { readPkcs12 } from "../../src/truststore/read-pkcs12.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { requireTool } from "../tools.ts";
import { askJava } from "./ask-java.ts";
import {
  at,
  derBlocks,
  PASSWORD,
  type Pki,
  publicRoots,
  requirePki,
  run,
  scratch,
} from "./material.ts";
import {
  authSafeOf,
  type BagPlan,
  clearSafe,
  encryptedContent,
  encryptedSafe,
  integer,
  oid,
  pbmac1,
  toBer,
  writeJks,
  writePfx,
} from "./write-stores.ts";
import { encode } from "../../src/truststore/ber.ts";

async function read(store: Uint8Array, password: string | null = PASSWORD): Promise<StoreFile> {
  const result = await readPkcs12(store, { password });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const visibility = (file: StoreFile): readonly string[] =>
  file.entries.map(({ visibleToJava }) =>
    visibleToJava.visible ? "visible" : visibleToJava.reason,
  );

const hexOf = (list: readonly Uint8Array[]): ReadonlySet<string> =>
  new Set(list.map((der) => Buffer.from(der).toString("hex")));

/** Options of keytool that make one flavour, and what its facts must say. */
const KEYTOOL_FLAVOURS: readonly (readonly [
  name: string,
  options: readonly string[],
  summary: RegExp,
])[] = [
  [
    "modern",
    [],
    /PBES2 AES-256-CBC with PBKDF2-HMAC-SHA-256 \(10000 iterations\), MAC HMAC-SHA-256/,
  ],
  [
    "legacy",
    ["keystore.pkcs12.legacy"],
    /PBE-SHA1-RC2-40 with PKCS12-KDF-SHA-1 \(50000 iter.*MAC HMAC-SHA-1 \(100000/,
  ],
  [
    "3des",
    [
      "keystore.pkcs12.certProtectionAlgorithm=PBEWithSHA1AndDESede",
      "keystore.pkcs12.certPbeIterationCount=999",
    ],
    /PBE-SHA1-3DES with PKCS12-KDF-SHA-1 \(999 iterations\)/,
  ],
  [
    "rc2-128",
    ["keystore.pkcs12.certProtectionAlgorithm=PBEWithSHA1AndRC2_128"],
    /PBE-SHA1-RC2-128/,
  ],
  [
    "aes-128",
    [
      "keystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA512AndAES_128",
      "keystore.pkcs12.macAlgorithm=HmacPBESHA512",
    ],
    /PBES2 AES-128-CBC with PBKDF2-HMAC-SHA-512.*MAC HMAC-SHA-512/,
  ],
  [
    "sha-1",
    [
      "keystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA1AndAES_256",
      "keystore.pkcs12.macAlgorithm=HmacPBESHA1",
    ],
    /PBES2 AES-256-CBC with PBKDF2-HMAC-SHA-1 .*MAC HMAC-SHA-1/,
  ],
  [
    "sha-384",
    [
      "keystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA384AndAES_128",
      "keystore.pkcs12.macAlgorithm=HmacPBESHA384",
    ],
    /PBKDF2-HMAC-SHA-384.*MAC HMAC-SHA-384/,
  ],
  [
    "sha-224",
    [
      "keystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA224AndAES_256",
      "keystore.pkcs12.macAlgorithm=HmacPBESHA224",
    ],
    /PBKDF2-HMAC-SHA-224.*MAC HMAC-SHA-224/,
  ],
  [
    "clear",
    ["keystore.pkcs12.certProtectionAlgorithm=NONE"],
    /certificates in the clear, MAC HMAC-SHA-256/,
  ],
  [
    "passwordless",
    ["keystore.pkcs12.certProtectionAlgorithm=NONE", "keystore.pkcs12.macAlgorithm=NONE"],
    /certificates in the clear, no MAC/,
  ],
];

for (const [name, options, summary] of KEYTOOL_FLAVOURS)
  t.test(`readPkcs12() reads the flavour '${name}' of keytool, entry by entry`, async (t) => {
    const keytool = requireTool(t, "keytool");
    const made = requirePki(t);
    if (keytool === undefined || made === undefined) return;
    const path = scratch(`keytool-${name}.p12`);
    const settings = options.map((option) => `-J-D${option}`);
    const source = scratch(`keytool-${name}.jks`);
    writeFileSync(
      source,
      writeJks([
        { alias: "root", certificates: [made.pki.der[2]] },
        { alias: "sub ca", certificates: [made.pki.der[1]] },
      ]),
    );
    const store = ["-keystore", path, "-storepass", PASSWORD];
    run(keytool, [
      ...settings,
      "-importkeystore",
      "-srckeystore",
      source,
      "-srcstorepass",
      PASSWORD,
      "-destkeystore",
      path,
      "-deststoretype",
      "PKCS12",
      "-deststorepass",
      PASSWORD,
    ]);
    const file = await read(readFileSync(path));
    t.match(file.flavour.summary, summary);
    t.equal(file.integrity, name === "passwordless" ? "unchecked" : "ok");
    t.same(new Set(file.entries.map(({ alias }) => alias)), new Set(["root", "sub ca"]));
    t.same(visibility(file), ["visible", "visible"]);
    t.same(file.anomalies, []);
    const listed = run(keytool, [...settings, "-list", "-rfc", ...store]);
    t.same(hexOf(file.entries.map(({ der }) => der)), hexOf(derBlocks(listed)));
  });

t.test(
  "readPkcs12() tells what a store without MAC and encryption needs no password for",
  async (t) => {
    const store = writePfx([
      clearSafe([{ bag: { certificate: at(publicRoots, 0) }, trusted: true }]),
    ]);
    for (const password of [null, "", "anything"]) {
      const file = await read(store, password);
      t.equal(file.integrity, "unchecked");
      t.same(visibility(file), ["visible"]);
      t.same(file.java, { opens: true });
      t.match(file.message, /no MAC/);
    }
  },
);

/** Options of `openssl pkcs12 -export`, and what the facts must say. */
const OPENSSL_FLAVOURS: readonly (readonly [
  name: string,
  options: readonly string[],
  summary: RegExp,
])[] = [
  [
    "modern",
    [],
    /PBES2 AES-256-CBC with PBKDF2-HMAC-SHA-256 \(2048 iterations\), MAC HMAC-SHA-256 \(2048/,
  ],
  ["3des", ["-certpbe", "PBE-SHA1-3DES"], /PBE-SHA1-3DES/],
  ["2des", ["-certpbe", "PBE-SHA1-2DES"], /PBE-SHA1-2DES/],
  ["aes-128", ["-certpbe", "AES-128-CBC"], /PBES2 AES-128-CBC/],
  ["aes-192", ["-certpbe", "AES-192-CBC", "-macalg", "SHA384"], /PBES2 AES-192-CBC.*HMAC-SHA-384/],
  ["pbes2-3des", ["-certpbe", "DES-EDE3-CBC"], /PBES2 3DES-CBC/],
  ["clear", ["-certpbe", "NONE"], /certificates in the clear, MAC/],
  ["no-mac", ["-nomac"], /no MAC/],
  [
    "one-iteration",
    ["-noiter", "-nomaciter", "-macalg", "SHA512"],
    /\(1 iterations\), MAC HMAC-SHA-512 \(1 iter/,
  ],
];

for (const [name, options, summary] of OPENSSL_FLAVOURS)
  t.test(
    `readPkcs12() reads the flavour '${name}' of openssl without keys, invisible to Java`,
    async (t) => {
      const made = requirePki(t);
      if (made === undefined) return;
      const path = scratch(`openssl-${name}.p12`);
      exportPkcs12(made.openssl, path, ["-nokeys", "-in", made.pki.chain, ...options]);
      const file = await read(readFileSync(path));
      t.match(file.flavour.summary, summary);
      t.equal(file.integrity, options.includes("-nomac") ? "unchecked" : "ok");
      t.same(hexOf(file.entries.map(({ der }) => der)), hexOf(made.pki.der));
      t.same(new Set(visibility(file)), new Set(["no-trusted-key-usage"]));
      t.same(file.java, { opens: true });
    },
  );

for (const cipher of ["PBE-SHA1-RC2-40", "PBE-SHA1-RC2-128"])
  t.test(`readPkcs12() decrypts ${cipher} as openssl writes it`, async (t) => {
    const made = requirePki(t);
    if (made === undefined) return;
    const path = scratch(`openssl-${cipher}.p12`);
    const options = ["-legacy", "-nokeys", "-in", made.pki.chain, "-certpbe", cipher];
    try {
      exportPkcs12(made.openssl, path, options);
    } catch {
      t.plan(0, "This openssl has no legacy provider");
      return;
    }
    const file = await read(readFileSync(path));
    t.equal(file.integrity, "ok");
    t.equal(at(file.flavour.encryption, 0).algorithm, cipher);
    t.same(hexOf(file.entries.map(({ der }) => der)), hexOf(made.pki.der));
  });

function exportPkcs12(
  openssl: string,
  path: string,
  options: readonly string[],
  password = PASSWORD,
): void {
  run(openssl, ["pkcs12", "-export", "-out", path, "-passout", `pass:${password}`, ...options]);
}

function exportWithKey(
  t: Test,
  name: string,
  password = PASSWORD,
): { path: string; pki: Pki } | undefined {
  const made = requirePki(t);
  if (made === undefined) return undefined;
  const { openssl, pki } = made;
  const path = scratch(`openssl-key-${name}.p12`);
  const options = [
    "-inkey",
    pki.leafKey,
    "-in",
    pki.leaf,
    "-certfile",
    pki.chain,
    "-name",
    "Server",
  ];
  exportPkcs12(openssl, path, options, password);
  return { path, pki };
}

t.test("readPkcs12() sorts the chain of a private key as Java does", async (t) => {
  const made = exportWithKey(t, "chain");
  if (made === undefined) return;
  const file = await read(readFileSync(made.path));
  t.equal(file.skipped.privateKeys, 1);
  const [leaf, intermediate, root] = made.pki.der.map((der) =>
    file.entries.find((entry) => Buffer.compare(entry.der, der) === 0),
  );
  t.match(leaf, {
    alias: "Server",
    kind: { kind: "key", position: 0 },
    visibleToJava: { visible: true },
  });
  t.match(intermediate, {
    kind: { kind: "key", position: 1 },
    visibleToJava: { visible: false, reason: "not-first-in-key-chain" },
  });
  t.match(root, { kind: { kind: "key", position: 2 } });
});

for (const password of ["pässwörd€", "😀 emoji", "", "x".repeat(200)])
  t.test(`readPkcs12() opens a store with the password '${password.slice(0, 12)}'`, async (t) => {
    const made = exportWithKey(
      t,
      `pw-${password.length}-${password.codePointAt(0) ?? 0}`,
      password,
    );
    if (made === undefined) return;
    const file = await read(readFileSync(made.path), password);
    t.equal(file.integrity, "ok");
    t.equal(file.entries.length, 4);
    t.equal(
      file.anomalies.some(({ code }) => code === "password-not-ascii"),
      /[^ -~]/.test(password),
    );
  });

t.test(
  "readPkcs12() opens a store with the empty password when none is given, unseen by Java",
  async (t) => {
    const made = exportWithKey(t, "empty", "");
    if (made === undefined) return;
    const file = await read(readFileSync(made.path), null);
    t.equal(file.integrity, "ok");
    t.same(new Set(visibility(file)), new Set(["encrypted-no-password"]));
    t.ok(file.anomalies.some(({ code }) => code === "empty-password"));
  },
);

t.test("readPkcs12() asks for a password where the certificates are encrypted", async (t) => {
  const made = exportWithKey(t, "required");
  if (made === undefined) return;
  t.match(await readPkcs12(readFileSync(made.path), { password: null }), {
    ok: false,
    error: {
      code: "password-required",
      message: /^The certificates in this PKCS#12 file are encrypted and no password was given/,
      javaMessage: /the trustAnchors parameter must be non-empty/,
    },
  });
});

t.test("readPkcs12() refuses a wrong password for encrypted certificates", async (t) => {
  const store = writePfx([encryptedSafe([{ bag: { certificate: at(publicRoots, 0) } }])]);
  // One guess in 256 meets valid padding by chance.
  for (let i = 0; i < 1_000; i++) {
    const result = await readPkcs12(store, { password: `guess ${i}` });
    if (result.ok || result.error.code !== "wrong-password") t.fail(`guess ${i}`, { result });
  }
  t.match(await readPkcs12(store, { password: "guess" }), {
    error: { message: /^Wrong password/, javaMessage: /keystore password was incorrect/ },
  });
  const made = exportWithKey(t, "wrong");
  if (made === undefined) return;
  t.match(await readPkcs12(readFileSync(made.path), { password: "guess" }), {
    error: { code: "wrong-password" },
  });
});

t.test(
  "readPkcs12() returns clear certificates whose MAC has another password, marked",
  async (t) => {
    const made = requirePki(t);
    if (made === undefined) return;
    const path = scratch("clear-mac.p12");
    exportPkcs12(made.openssl, path, ["-nokeys", "-in", made.pki.root, "-certpbe", "NONE"]);
    const file = await read(readFileSync(path), "wrong");
    t.equal(file.integrity, "wrong");
    t.equal(file.entries.length, 1);
    t.match(file.java, { opens: false, message: /Failed PKCS12 integrity checking$/ });
    t.match(await read(readFileSync(path), null), {
      integrity: "unchecked",
      java: { opens: true },
    });
  },
);

t.test(
  "readPkcs12() tells a MAC that fits while the certificates have another password",
  async (t) => {
    const safes = [
      encryptedSafe([{ bag: { certificate: at(publicRoots, 0) } }], { password: "other" }),
    ];
    t.match(await readPkcs12(writePfx(safes, pbmac1(authSafeOf(safes))), { password: PASSWORD }), {
      error: { code: "wrong-password", message: /^The password fits the MAC .* another password$/ },
    });
  },
);

t.test("readPkcs12() verifies PBMAC1, which no Java opens", async (t) => {
  const safes = [clearSafe([{ bag: { certificate: at(publicRoots, 0) }, trusted: true }])];
  const store = writePfx(safes, pbmac1(authSafeOf(safes)));
  t.match(await read(store), {
    integrity: "ok",
    flavour: { mac: { algorithm: "PBMAC1 HMAC-SHA-256", keyDerivation: "PBKDF2-HMAC-SHA-256" } },
    java: { opens: false, message: /Algorithm HmacPBE1\.2\.840\.113549\.1\.5\.14 not available$/ },
  });
  t.equal((await read(store, "wrong")).integrity, "wrong");
});

t.test(
  "readPkcs12() verifies the MAC that keytool writes with PBKDF2 and no Java opens",
  async (t) => {
    const keytool = requireTool(t, "keytool");
    const made = requirePki(t);
    if (keytool === undefined || made === undefined) return;
    for (const digest of ["SHA256", "SHA512"]) {
      const path = scratch(`keytool-pbkdf2-${digest}.p12`);
      const options = ["-importcert", "-noprompt", "-alias", "ca", "-file", made.pki.root];
      try {
        run(keytool, [
          `-J-Dkeystore.pkcs12.macAlgorithm=PBEWithHmac${digest}`,
          ...options,
          "-storetype",
          "PKCS12",
          "-keystore",
          path,
          "-storepass",
          PASSWORD,
        ]);
      } catch {
        // It writes the store, and fails to read it again.
      }
      if (!existsSync(path)) {
        t.plan(0, "This keytool does not write such a MAC");
        return;
      }
      const file = await read(readFileSync(path));
      t.equal(file.integrity, "ok");
      t.match(file.flavour.mac, { algorithm: /^HMAC-SHA-/, keyDerivation: /^PBKDF2-HMAC-SHA-/ });
      const [answer] = askJava(t, [{ path, type: "PKCS12", password: PASSWORD }]) ?? [];
      if (answer === undefined || answer.opens || file.java.opens) t.fail("Java opens it");
      else t.ok(answer.message.startsWith(file.java.message), file.java.message);
    }
  },
);

t.test("readPkcs12() reads BER with indefinite lengths and strings in segments", async (t) => {
  const bags: readonly BagPlan[] = publicRoots.map((certificate, index) => ({
    bag: { certificate },
    alias: `root ${index}`,
    trusted: true,
  }));
  const inner = clearSafe(bags);
  const safes = [toBer(inner), encryptedSafe(bags.slice(0, 1))];
  const content = encode(0x30, safes);
  const pfx = encode(0x30, [
    integer(3),
    encode(0x30, [oid("1.2.840.113549.1.7.1"), encode(0xa0, [encode(0x04, [content])])]),
  ]);
  const file = await read(toBer(pfx, 100));
  t.same(file.entries.map(({ der }) => der).slice(0, -1), publicRoots);
  t.ok(file.anomalies.some(({ code }) => code === "ber-encoding"));
});

t.test("readPkcs12() reads nested bags, which Java ignores", async (t) => {
  const nested: BagPlan = {
    bag: { bags: [{ bag: { certificate: at(publicRoots, 1) }, trusted: true }] },
  };
  const file = await read(
    writePfx([clearSafe([nested, { bag: { certificate: at(publicRoots, 0) }, trusted: true }])]),
    null,
  );
  t.same(visibility(file), ["bag-type-ignored", "visible"]);
});

t.test("readPkcs12() counts what is no certificate", async (t) => {
  const file = await read(
    writePfx([
      clearSafe([
        { bag: { key: "shrouded" }, keyId: "1" },
        { bag: { key: "plain" } },
        { bag: { other: "crl" } },
        { bag: { other: "secret" }, keyId: "2" },
        { bag: { other: "unknown" } },
      ]),
    ]),
    null,
  );
  t.same(file.skipped, {
    privateKeys: 2,
    secretKeys: 1,
    revocationLists: 1,
    requests: 0,
    other: 1,
  });
  t.same(file.entries, []);
});

t.test(
  "readPkcs12() tells overwritten aliases, dates, and keys that Java leaves out",
  async (t) => {
    const [a, b, c] = [at(publicRoots, 0), at(publicRoots, 1), at(publicRoots, 2)];
    const file = await read(
      writePfx([
        clearSafe([
          { bag: { certificate: a }, alias: "CA", trusted: true },
          { bag: { certificate: b }, alias: "ca", trusted: true },
          { bag: { certificate: c }, alias: "server", keyId: "Time 1700000000000" },
          { bag: { key: "shrouded" }, alias: "server", keyId: "Time 1700000000000" },
          { bag: { key: "shrouded" }, alias: "second" },
        ]),
      ]),
      null,
    );
    t.same(visibility(file), ["alias-overwritten", "visible", "visible"]);
    t.equal(at(file.entries, 2).date, 1_700_000_000_000);
    t.match(
      file.anomalies.map(({ code }) => code),
      ["duplicate-alias", "key-skipped-by-java"],
    );
  },
);

t.test("readPkcs12() gives the certificates that node-forge finds", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  for (const algorithm of ["3des", "aes128", "aes192", "aes256"] as const) {
    const certificate = forge.pki.createCertificate();
    const keys = forge.pki.rsa.generateKeyPair(1024);
    certificate.publicKey = keys.publicKey;
    certificate.setSubject([{ name: "commonName", value: algorithm }]);
    certificate.setIssuer([{ name: "commonName", value: algorithm }]);
    certificate.validity.notBefore = new Date("2026-01-01T00:00:00Z");
    certificate.validity.notAfter = new Date("2036-01-01T00:00:00Z");
    certificate.sign(keys.privateKey, forge.md.sha256.create());
    const asn1 = forge.pkcs12.toPkcs12Asn1(keys.privateKey, [certificate], PASSWORD, {
      algorithm,
      friendlyName: "forge",
    });
    const written = Buffer.from(forge.asn1.toDer(asn1).getBytes(), "latin1");
    const file = await read(written);
    t.equal(file.integrity, "ok", algorithm);
    const expected = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).toHex();
    t.same(
      file.entries.map(({ der }) => Buffer.from(der).toString("hex")),
      [expected],
    );
  }
  const path = scratch("forge.p12");
  exportPkcs12(made.openssl, path, ["-nokeys", "-in", made.pki.chain]);
  const bytes = readFileSync(path);
  const parsed = forge.pkcs12.pkcs12FromAsn1(
    forge.asn1.fromDer(bytes.toString("latin1")),
    PASSWORD,
  );
  const bags = parsed.getBags({ bagType: forge.pki.oids["certBag"] ?? "" });
  const theirs = Object.values(bags)
    .flat()
    .map((bag) => forge.asn1.toDer(bag?.asn1 ?? forge.asn1.create(0, 5, false, "")).toHex());
  t.same(
    (await read(bytes)).entries.map(({ der }) => Buffer.from(der).toString("hex")),
    theirs,
  );
});

t.test("readPkcs12() refuses iteration counts that only keep it busy", async (t) => {
  const plans: readonly BagPlan[] = [{ bag: { certificate: at(publicRoots, 0) } }];
  const bomb = writePfx([encryptedSafe(plans, { announced: 5_000_001 })]);
  t.match(await readPkcs12(bomb, { password: PASSWORD }), {
    error: {
      code: "iterations-too-many",
      message: /asks for 5000001 iterations; at most 5000000/,
      javaMessage: /cert PBE iteration count too large$/,
    },
  });
  const many = writePfx(
    Array.from({ length: 9 }, () => encryptedSafe(plans, { announced: 4_000_000 })),
  );
  t.match(await readPkcs12(many, { password: PASSWORD }), {
    error: { code: "iterations-too-many" },
  });
  const safes = [clearSafe(plans)];
  const mac = writePfx(safes, pbmac1(authSafeOf(safes), PASSWORD, 5_000_001));
  t.match(await readPkcs12(mac, { password: PASSWORD }), {
    error: { code: "iterations-too-many" },
  });
  t.match(await readPkcs12(mac, { password: null }), { ok: true });
});

t.test("readPkcs12() refuses bags that are nested too deep and files with too many", async (t) => {
  let plan: BagPlan = { bag: { certificate: at(publicRoots, 0) } };
  for (let i = 0; i < 17; i++) plan = { bag: { bags: [plan] } };
  t.match(await readPkcs12(writePfx([clearSafe([plan])]), { password: null }), {
    error: { code: "too-deep" },
  });
  const crl: BagPlan = { bag: { other: "crl" } };
  const many = writePfx([clearSafe(Array.from({ length: 20_001 }, () => crl))]);
  t.match(await readPkcs12(many, { password: null }), { error: { code: "too-many-entries" } });
});

t.test("readPkcs12() names algorithms that it does not know", async (t) => {
  const rc4 = encode(0x30, [
    oid("1.2.840.113549.1.12.1.1"),
    encode(0x30, [encode(4, []), integer(1)]),
  ]);
  t.match(await readPkcs12(writePfx([encryptedContent(rc4, Buffer.alloc(8))]), { password: "" }), {
    error: {
      code: "unsupported-algorithm",
      message:
        /encryption PBE-SHA1-RC4-128 \(1\.2\.840\.113549\.1\.12\.1\.1\), which is not supported/,
    },
  });
  const enveloped = encode(0x30, [oid("1.2.840.113549.1.7.3"), encode(0xa0, [encode(0x30, [])])]);
  t.match(await readPkcs12(writePfx([enveloped]), { password: "" }), {
    error: {
      code: "unsupported-algorithm",
      javaMessage: /public key protected PKCS12 not supported/,
    },
  });
});

t.test("readPkcs12() tells a file that is cut off at any length", async (t) => {
  const store = writePfx([
    clearSafe([{ bag: { certificate: at(publicRoots, 0) }, trusted: true }]),
  ]);
  for (let length = 3; length < store.length; length++) {
    const result = await readPkcs12(store.subarray(0, length), { password: null });
    if (result.ok || result.error.code !== "truncated") t.fail(`cut at ${length}`, { result });
  }
});
