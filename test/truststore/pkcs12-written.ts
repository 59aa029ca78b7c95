import { existsSync, readFileSync, writeFileSync } from "node:fs";
import forge from "node-forge";
import t from "tap";
import { requireTool } from "../tools.ts";
import { askJava } from "./ask-java.ts";
import { at, derBlocks, PASSWORD, requirePki, run, scratch } from "./material.ts";
import { writeJks } from "./write-stores.ts";
import { exportPkcs12, exportWithKey, hexOf, read, visibility } from "./pkcs12-files.ts";

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
