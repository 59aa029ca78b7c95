import t, { type Test } from "tap";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { knownCertificate } from "../../src/diagnosis/lint/known-certificates.ts";
import { lintStore } from "../../src/diagnosis/lint/lint-store.ts";
import type { Finding } from "../../src/diagnosis/finding.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import { MODERN_PKCS12, OPENSSL_PKCS12, writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { requireTool } from "../tools.ts";
import { issue, NOW, someKeys } from "../truststore/authority.ts";
import { derBlocks, run, scratch } from "../truststore/material.ts";
import { writeJks as writeAnyJks } from "../truststore/write-stores.ts";

const DAY = 86_400_000;
const PASSWORD = "not a known one";

interface Circumstances {
  readonly path?: string;
  readonly known?: boolean;
  readonly password?: string | null;
}

async function lint(
  bytes: Uint8Array,
  { path = "/srv/trust", known = false, password = PASSWORD }: Circumstances = {},
): Promise<readonly Finding[]> {
  const parsed = await parseStore(bytes, { password });
  if (!parsed.ok) throw new Error(parsed.error.message);
  const findings = lintStore({
    file: { ...parsed.value, path },
    at: NOW,
    thresholds: () => ({ warning: 30 * DAY, critical: 7 * DAY }),
    opensWithKnownPassword: known,
  });
  for (const { summary, remedy } of findings) {
    if (!/^[A-Z#'/]/.test(summary) || summary.endsWith("."))
      throw new Error(`Not a sentence: ${summary}`);
    if (remedy.some((step) => /storepass |pass:/.test(step))) throw new Error(remedy.join("\n"));
  }
  return findings;
}

const jks = (...certificates: readonly IssuedCertificate[]): Uint8Array =>
  writeJks(
    certificates.map(({ der }, index) => ({ alias: `ca-${index}`, der })),
    PASSWORD,
    NOW,
  );

const codes = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ severity, code }) => `${severity} ${code.replace("truststore.", "")}`);

async function expect(
  t: Test,
  words: string,
  bytes: Uint8Array,
  wanted: readonly string[],
  circumstances?: Circumstances,
): Promise<readonly Finding[]> {
  const findings = await lint(bytes, circumstances);
  t.same(codes(findings), wanted, words);
  return findings;
}

t.test("lintStore() has nothing to say about a good store", async (t) => {
  const root = await issue();
  await expect(t, "JKS", jks(root), []);
  const entries = [{ alias: "ca", der: root.der }];
  await expect(t, "PKCS#12", await writePkcs12(entries, PASSWORD, MODERN_PKCS12), []);
  await expect(t, "PEM", Buffer.from(writePemStore(entries)), [], { path: "/srv/ca.pem" });
});

t.test("lintStore() judges dates by what the store holds besides", async (t) => {
  const expired = await issue({ days: [-500, -3] });
  const soon = await issue({ name: "Soon", days: [-500, 20] });
  const sooner = await issue({ name: "Sooner", days: [-500, 3] });
  const renewed = await issue({ days: [-1, 3000] });
  await expect(t, "expired", jks(expired), ["critical anchor-expired"]);
  await expect(t, "superseded", jks(expired, renewed), ["warning anchor-expired"]);
  await expect(t, "20 days", jks(soon), ["warning anchor-expiring"]);
  await expect(t, "3 days", jks(sooner), ["critical anchor-expiring"]);
  const ending = await issue({ days: [-500, 3] });
  await expect(t, "a successor is there", jks(ending, renewed), ["info anchor-expiring"]);
});

t.test("lintStore() tells leaves, CAs without root and CAs that may not sign", async (t) => {
  const [, key] = await someKeys();
  if (key === undefined) throw new Error("No keys");
  const root = await issue();
  const leaf = await issue({ name: "server.example.com", issuer: root, key, ca: false });
  const pinned = await issue({ name: "alone.example.com", key, ca: false });
  const between = await issue({ name: "Corp Issuing", issuer: root, key });
  const [finding] = await expect(t, "leaf", jks(root, leaf), ["warning leaf-pinned"]);
  t.match(finding?.summary, "a server's or user's own certificate");
  t.match(finding?.remedy[0], /CN=Corp Root, O=Corp from its owner, and compare its SHA-256/);
  await expect(t, "self-signed leaf", jks(pinned), ["info leaf-pinned"]);
  await expect(t, "intermediate alone", jks(between), ["info intermediate-only"]);
  await expect(t, "intermediate with its root", jks(root, between), []);
});

t.test("lintStore() tells weak keys, signatures and versions", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const make = (name: string, bits: number, ...more: readonly string[]): Uint8Array => {
    const path = scratch(`${name}.pem`);
    const key = ["-newkey", `rsa:${bits}`, "-nodes", "-keyout", scratch(`${name}.key`)];
    const subject = ["-subj", `/CN=${name}`, "-days", "3000", "-out", path, ...more];
    run(openssl, ["req", "-x509", ...key, ...subject]);
    const [der] = derBlocks(run(openssl, ["x509", "-in", path]));
    if (der === undefined) throw new Error("openssl made no certificate");
    return writeJks([{ alias: name, der }], PASSWORD, NOW);
  };
  await expect(t, "512 bits", make("tiny", 512, "-sha256"), ["critical weak-certificate"]);
  await expect(t, "1024 bits", make("small", 1024, "-sha256"), ["warning weak-certificate"]);
  await expect(t, "a root signed with SHA-1", make("root", 2048, "-sha1"), []);
});

t.test("lintStore() tells entries that hide, repeat or are not seen", async (t) => {
  const [root, other] = [await issue(), await issue({ name: "Other" })];
  const any = (...plans: readonly (readonly [alias: string, IssuedCertificate])[]): Uint8Array =>
    writeAnyJks(
      plans.map(([alias, { der }]) => ({ alias, certificates: [der] })),
      PASSWORD,
    );
  await expect(t, "overwritten", any(["a", root], ["a", other]), ["warning alias-overwritten"]);
  await expect(t, "upper case", any(["a", root], ["B", other]), ["warning entry-invisible"]);
  const [none] = await expect(t, "all upper case", any(["A", root]), ["critical no-java-anchors"]);
  t.match(none?.clientMessage, "trustAnchors parameter must be non-empty");
  const [twice] = await expect(t, "twice", any(["a", root], ["b", root]), ["info duplicate-entry"]);
  t.same(twice?.remedy, ["anchorwatch store remove /srv/trust '#2' --password prompt --in-place"]);
  await expect(t, "empty", any(), ["critical no-anchors"]);
  const many = Array.from({ length: 9 }, () => ({ alias: null, der: root.der }));
  const p12 = await writePkcs12(many, PASSWORD, OPENSSL_PKCS12);
  await expect(t, "openssl's PKCS#12", p12, ["critical no-java-anchors", "info duplicate-entry"]);
});

t.test("lintStore() tells what is wrong with the file", async (t) => {
  const root = await issue();
  const entries = [{ alias: "ca", der: root.der }];
  const clear = await writePkcs12(entries, "", {
    safe: { kind: "none" },
    mac: null,
    trusted: true,
  });
  await expect(t, "no MAC", clear, ["info no-integrity"], { password: null });
  await expect(
    t,
    "PKCS#12 called .jks",
    await writePkcs12(entries, PASSWORD),
    ["warning misnamed"],
    {
      path: "/srv/trust.jks",
    },
  );
  await expect(t, "JKS called .p12", jks(root), ["warning misnamed"], { path: "/srv/TRUST.P12" });
  const snakeoil = Buffer.from(writePemStore(entries));
  await expect(t, "snakeoil", snakeoil, ["warning known-certificate"], {
    path: "/etc/ssl/certs/ssl-cert-snakeoil.pem",
  });
  await expect(t, "JKS called cacerts", jks(root), [], { path: "/srv/cacerts" });
  await expect(t, "changeit", jks(root), ["warning default-password"], { known: true });
  await expect(t, "another password", jks(root), ["critical wrong-password"], { password: "x" });
  const key = writeAnyJks([{ alias: "own", certificates: [root.der], key: true }], PASSWORD);
  const [only] = await expect(t, "only a key", key, ["warning private-keys"]);
  t.match(only?.summary, "holds only 1 private key");
  const bundle = `${writePemStore(entries)}-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n`;
  await expect(t, "a key in a bundle", Buffer.from(bundle), ["warning private-keys"]);
});

t.test(
  "knownCertificate() recognises vendors', samples' and published certificates, and no others",
  async (t) => {
    const what = async (name: string, organisation: string): Promise<string | null> => {
      const { der } = await issue({ name, organisation });
      const parsed = parseCertificate(der);
      return parsed.ok ? (knownCertificate(parsed.value)?.notoriety ?? null) : "unreadable";
    };
    t.equal(await what("Superfish, Inc.", "Superfish, Inc."), "key-published");
    t.equal(await what("Snake Oil CA", "Snake Oil, Ltd"), "key-published");
    t.equal(await what("Sample CA", "Service Manager Samples"), "sample");
    t.equal(await what("Corp Test Root CA", "Corp"), "sample");
    t.equal(await what("DO_NOT_TRUST_FiddlerRoot", "DO_NOT_TRUST"), "interception");
    t.equal(
      await what("(STAGING) Pretend Pear X1", "(STAGING) Internet Security Research Group"),
      "sample",
    );
    for (const name of ["Corp Root CA", "Contest Root CA", "Example Group Root", "Testimonial CA"])
      t.equal(await what(name, "Corp"), null, name);
  },
);

t.test("knownCertificate() says nothing about public CAs", async (t) => {
  const { rootCertificates } = await import("node:tls");
  for (const pem of rootCertificates)
    for (const der of derBlocks(pem)) {
      const parsed = parseCertificate(der);
      if (parsed.ok) t.equal(knownCertificate(parsed.value), null, parsed.value.subject.text);
    }
});
