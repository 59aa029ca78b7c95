import { execFile } from "node:child_process";
import { promisify } from "node:util";
import t from "tap";
import { cipherSuiteFacts } from "../../src/probe/tls/cipher-suite-facts.ts";
import { cipherSuiteName, NAMED_CIPHER_SUITES } from "../../src/probe/tls/cipher-suite-names.ts";
import { CIPHER_SUITES, USUAL_SUITES_12 } from "../../src/probe/tls/cipher-suites.ts";
import { cipherSuite12 } from "../../src/probe/tls/cipher-suites-12.ts";
import { completableSuites, namedSuites, singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);

/** A name as GnuTLS spells it. */
function asGnutls(name: string): string {
  return name
    .toUpperCase()
    .replace(/(_WITH_.*POLY1305)_SHA256$/, "$1")
    .replace("_WITH_", "_")
    .replace("PSK_DHE", "DHE_PSK")
    .replace("RC4", "ARCFOUR")
    .replace(/_SHA$/, "_SHA1");
}

const SIGNALS = new Set(["TLS_EMPTY_RENEGOTIATION_INFO_SCSV", "TLS_FALLBACK_SCSV"]);

t.test("cipherSuiteName() agrees with OpenSSL and GnuTLS about every suite", async (t) => {
  const [openssl, gnutls] = [requireTool(t, "openssl"), requireTool(t, "gnutlsCli")];
  if (openssl === undefined || gnutls === undefined) return;
  const all = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
  const ours = await run(openssl, ["ciphers", "-V", "-stdname", all]);
  const rows = [...ours.stdout.matchAll(/0x(..),0x(..) - (TLS_\S+)/g)];
  t.ok(rows.length > 140, `${rows.length} suites of OpenSSL`);
  for (const [, high = "", low = "", name] of rows)
    t.equal(cipherSuiteName(Number.parseInt(high + low, 16)), name);
  const others = await run(gnutls, ["--list"]);
  const theirs = [...others.stdout.matchAll(/^(TLS_\S+)\s+0x(..), 0x(..)/gm)];
  t.ok(theirs.length > 150, `${theirs.length} suites of GnuTLS`);
  for (const [, name = "", high = "", low = ""] of theirs) {
    const known = cipherSuiteName(Number.parseInt(high + low, 16));
    t.equal(asGnutls(known), name.replace("_WITH_", "_"));
  }
});

t.test("cipherSuiteFacts() understands every name but those of signals", async (t) => {
  for (const code of NAMED_CIPHER_SUITES) {
    const name = cipherSuiteName(code);
    const facts = cipherSuiteFacts(code);
    t.equal(facts === undefined, SIGNALS.has(name), name);
    if (facts === undefined) continue;
    t.ok(facts.cipher.length > 0 && facts.firstVersion <= facts.lastVersion, name);
    t.equal(facts.export, name.includes("EXPORT"), name);
    t.equal(facts.keyExchange === "null", name === "TLS_NULL_WITH_NULL_NULL", name);
  }
  t.equal(cipherSuiteFacts(0xeeee), undefined);
});

const { ssl30, tls10, tls11, tls12, tls13 } = Version;

const facts = {
  0x002f: ["rsa", "rsa", "AES_128_CBC", "SHA", ssl30, tls12],
  0x0039: ["dhe", "rsa", "AES_256_CBC", "SHA", ssl30, tls12],
  0x0032: ["dhe", "dss", "AES_128_CBC", "SHA", ssl30, tls12],
  0x0014: ["dhe", "rsa", "DES40_CBC", "SHA", ssl30, tls10],
  0x0009: ["rsa", "rsa", "DES_CBC", "SHA", ssl30, tls11],
  0x0034: ["dhe", "none", "AES_128_CBC", "SHA", ssl30, tls12],
  0x003e: ["dh", "dss", "AES_128_CBC", "SHA256", tls12, tls12],
  0x00ae: ["psk", "psk", "AES_128_CBC", "SHA256", tls10, tls12],
  0xc0ab: ["dhe", "psk", "AES_256_CCM_8", null, tls12, tls12],
  0xc00a: ["ecdhe", "ecdsa", "AES_256_CBC", "SHA", tls10, tls12],
  0xc02e: ["ecdh", "ecdsa", "AES_256_GCM", "SHA384", tls12, tls12],
  0xc01e: ["srp", "rsa", "AES_128_CBC", "SHA", ssl30, tls12],
  0xcca9: ["ecdhe", "ecdsa", "CHACHA20_POLY1305", "SHA256", tls12, tls12],
  0x1302: ["any", "any", "AES_256_GCM", "SHA384", tls13, tls13],
  0xc103: ["any", "any", "KUZNYECHIK_MGM_L", null, tls13, tls13],
} as const;

for (const [code, expected] of Object.entries(facts))
  t.test(`cipherSuiteFacts() reads ${cipherSuiteName(Number(code))}`, async (t) => {
    const { keyExchange, authentication, cipher, hash, firstVersion, lastVersion } =
      cipherSuiteFacts(Number(code)) ?? {};
    t.same([keyExchange, authentication, cipher, hash, firstVersion, lastVersion], expected);
  });

const obstacles = {
  0x0003: /as weak as export/,
  0x0005: /cipher RC4_128 is not implemented/,
  0x0007: /cipher IDEA_CBC is not implemented/,
  0x0018: /nothing in it proves/,
  0x003b: /encrypts nothing/,
  0x00a8: /other means than certificates \(psk\)/,
  0x0096: /cipher SEED_CBC is not implemented/,
  0xc004: /key exchange ecdh is not implemented/,
  0x0030: /key exchange dh is not implemented/,
  0xc01e: /key exchange srp is not implemented/,
  0xc07a: /cipher CAMELLIA_128_GCM is not implemented/,
  0xfeff: /cipher 3DES_EDE_CBC is not implemented/,
} as const;

for (const [code, because] of Object.entries(obstacles))
  t.test(
    `cipherSuite12() says why ${cipherSuiteName(Number(code))} is not completed`,
    async (t) => {
      t.match(cipherSuite12(Number(code)), { because });
    },
  );

t.test("completableSuites() are named suites of the version, the usual ones first", async (t) => {
  for (const version of [tls10, tls11, tls12]) {
    const named = new Set(namedSuites(version));
    const completed = completableSuites(version);
    t.equal(new Set(completed).size, completed.length, "none twice");
    t.ok(completed.every((code) => named.has(code)));
  }
  t.equal(completableSuites(tls12)[0], 0xc02b);
  t.equal(completableSuites(tls10)[0], 0xc009);
  t.equal(completableSuites(tls13).length, 0);
  t.equal(completableSuites(ssl30).length, 0);
  t.same(
    USUAL_SUITES_12.filter((code) => !completableSuites(tls12).includes(code)),
    [],
    "each usual suite is completed",
  );
  t.ok(CIPHER_SUITES.every(({ code, name }) => cipherSuiteName(code) === name));
});

t.test("singleHello() offers one version, and no more suites than servers bear", async (t) => {
  for (const version of [ssl30, tls10, tls11, tls12]) {
    const shape = singleHello({ version });
    t.same(shape.versions, [version]);
    t.equal(shape.legacyVersion, version);
    t.ok(shape.cipherSuites.length <= 64);
    t.equal(shape.extensions.length > 0, version > ssl30);
  }
});
