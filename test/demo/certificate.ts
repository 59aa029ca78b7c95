import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { issueCertificate } from "../../src/cli/demo/certificate.ts";
import { CERTIFICATES } from "../../src/cli/demo/certificates.ts";
import { generateKeys, type KeyKind } from "../../src/cli/demo/keys.ts";
import { buildPki } from "../../src/cli/demo/pki.ts";
import { requireTool } from "../tools.ts";
import { run } from "./run.ts";

const DAY = 86_400_000;
const kinds: readonly KeyKind[] = ["rsa-2048", "p-256", "p-384"];

t.test("issueCertificate() makes chains that OpenSSL accepts in strict mode", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const directory = t.testdir();
  const now = Date.now();
  for (const issuerKind of kinds) {
    const root = issueCertificate({
      subject: [
        ["C", "GB"],
        ["O", "Ünïcode & Söhne"],
        ["CN", `Root ${issuerKind}`],
      ],
      key: await generateKeys(issuerKind),
      notBefore: now - DAY,
      notAfter: now + 40 * 365 * DAY,
      ca: true,
      pathLen: 0,
    });
    for (const leafKind of kinds) {
      const leaf = issueCertificate({
        subject: [["CN", `Leaf ${leafKind}`]],
        key: await generateKeys(leafKind),
        issuer: root,
        notBefore: now - DAY,
        notAfter: now + DAY,
        san: ["leaf.example.com", "other.example.com"],
        eku: ["serverAuth"],
        issuerUrl: "http://pki.example.com/root.cer",
      });
      const rootFile = join(directory, "root.pem");
      const leafFile = join(directory, "leaf.pem");
      writeFileSync(rootFile, root.pem);
      writeFileSync(leafFile, leaf.pem);
      const verified = await run(openssl, [
        "verify",
        "-x509_strict",
        "-check_ss_sig",
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "other.example.com",
        "-CAfile",
        rootFile,
        leafFile,
      ]);
      t.equal(verified.code, 0, `${leafKind} under ${issuerKind}: ${verified.stderr}`);
    }
    t.match(new X509Certificate(root.der).subject, "O=Ünïcode & Söhne\n");
  }
});

t.test("issueCertificate() writes the fields that were asked for", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const key = await generateKeys("rsa-2048");
  const certificate = issueCertificate({
    subject: [
      ["C", "US"],
      ["ST", "NY"],
      ["L", "Islandia"],
      ["O", "Identity Management"],
      ["OU", "Provisioning Services"],
    ],
    key,
    notBefore: Date.UTC(2026, 0, 2, 3, 4, 5),
    notAfter: Date.UTC(2051, 11, 30, 23, 59, 58),
    serial: Uint8Array.of(0x12, 0x34),
    san: ["a.example.com"],
    eku: ["serverAuth", "clientAuth"],
    issuerUrl: "http://pki.example.com/ca.cer",
  });
  const { stdout } = await run(
    openssl,
    ["x509", "-noout", "-text", "-nameopt", "RFC2253", "-certopt", "no_pubkey,no_sigdump"],
    certificate.pem,
  );
  t.match(stdout, /Version: 3 \(0x2\)/);
  t.match(stdout, /Serial Number: 4660 \(0x1234\)/);
  t.match(
    stdout,
    /Subject: OU=Provisioning Services,O=Identity Management,L=Islandia,ST=NY,C=US/,
    "the name in the order given",
  );
  t.match(stdout, /Not Before: Jan {2}2 03:04:05 2026 GMT/);
  t.match(stdout, /Not After : Dec 30 23:59:58 2051 GMT/, "a year beyond UTCTime");
  t.match(stdout, /Basic Constraints: \n\s+CA:FALSE/);
  t.match(stdout, /Key Usage: critical\n\s+Digital Signature, Key Encipherment\n/);
  t.match(stdout, /TLS Web Server Authentication, TLS Web Client Authentication\n/);
  t.match(stdout, /Subject Alternative Name: \n\s+DNS:a\.example\.com\n/);
  t.match(stdout, /CA Issuers - URI:http:\/\/pki\.example\.com\/ca\.cer/);
  t.notMatch(stdout, /Authority Key Identifier/, "a self-signed certificate names no other key");
});

t.test("issueCertificate() draws a fresh positive serial number every time", async (t) => {
  const key = await generateKeys("p-256");
  const serials = Array.from({ length: 50 }, () => {
    const { der } = issueCertificate({
      subject: [["CN", "x"]],
      key,
      notBefore: 0,
      notAfter: DAY,
    });
    return new X509Certificate(der).serialNumber;
  });
  t.equal(new Set(serials).size, serials.length);
  t.ok(serials.every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial)));
});

t.test("buildPki() signs every certificate with the issuer that its plan names", async (t) => {
  const now = Date.now();
  const pki = await buildPki(now);
  t.equal(pki.size, Object.keys(CERTIFICATES).length);
  for (const [id, plan] of Object.entries(CERTIFICATES)) {
    const own = [...pki].find(([name]) => name === id)?.[1];
    const above = plan.issuer === undefined ? own : pki.get(plan.issuer);
    if (own === undefined || above === undefined) {
      t.fail(`${id} or its issuer was not issued`);
      continue;
    }
    const certificate = new X509Certificate(own.der);
    const issuer = new X509Certificate(above.der);
    t.ok(certificate.checkIssued(issuer), `${id} names its issuer`);
    t.ok(certificate.verify(issuer.publicKey), `${id} is signed by its issuer`);
    t.equal(certificate.ca, plan.ca !== undefined, `${id} is a CA or not, as planned`);
    const days = Math.floor((certificate.validToDate.getTime() - now) / DAY + 0.5);
    t.equal(days, plan.days[1], `${id} ends on the planned day`);
  }
});

t.test("buildPki() gives a re-keyed CA the same name and another key", async (t) => {
  const pki = await buildPki(Date.now());
  const [old, current] = [pki.get("sm-root-old"), pki.get("sm-root")].map((issued) =>
    issued === undefined ? undefined : new X509Certificate(issued.der),
  );
  t.equal(old?.subject, current?.subject);
  t.notSame(
    old?.publicKey.export({ type: "spki", format: "der" }),
    current?.publicKey.export({ type: "spki", format: "der" }),
  );
});
