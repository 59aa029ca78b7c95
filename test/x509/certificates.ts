import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import t from "tap";
import { parseCertificate } from "../../src/x509/certificate.ts";
import {
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyIdentifier,
  valueOf,
} from "../../src/x509/extensions.ts";
import { formatGeneralName } from "../../src/x509/general-name.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { isSelfSigned } from "../../src/x509/verify-signature.ts";
import { requireTool } from "../tools.ts";
import { readCases, requireShared } from "../corpora.ts";

const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

function bundle(): readonly Uint8Array[] {
  const blocks = readPemBlocks(readFileSync(BUNDLE, "latin1"));
  return blocks.ok ? blocks.value.map(({ der }) => der) : [];
}

t.test("parseCertificate() agrees with the runtime on every root of the system", async (t) => {
  if (!existsSync(BUNDLE)) return t.plan(0, `${BUNDLE} is not on this machine`);
  const roots = bundle();
  t.ok(roots.length > 50, "the bundle was read");
  for (const der of roots) {
    const parsed = parseCertificate(der);
    const real = new X509Certificate(der);
    if (!parsed.ok) {
      t.fail(parsed.error.message);
      continue;
    }
    const { sha256, notAfter, notBefore, serialNumber, spki } = parsed.value;
    t.equal(sha256, real.fingerprint256.replaceAll(":", "").toLowerCase());
    t.equal(new Date(notAfter).getTime(), Date.parse(real.validTo));
    t.equal(new Date(notBefore).getTime(), Date.parse(real.validFrom));
    t.equal(BigInt(`0x${serialNumber}`), BigInt(`0x${real.serialNumber}`));
    t.ok(real.publicKey.export({ type: "spki", format: "der" }).equals(spki), "public key");
    if (parsed.value.version === 3) t.equal(valueOf(basicConstraints(parsed.value))?.ca, real.ca);
    t.ok(isSelfSigned(parsed.value), `${parsed.value.subject.text} signed itself`);
  }
  return undefined;
});

const EXTENSIONS = `
[req]
distinguished_name = dn
prompt = no
x509_extensions = ext
[dn]
C = DE
O = "Müller, Söhne & Co"
CN = server.example.com
[ext]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
subjectAltName = DNS:server.example.com, DNS:*.example.org, IP:10.0.0.1, IP:2001:db8::1, email:ops@example.com, URI:https://example.com/x
nameConstraints = permitted;DNS:example.com, excluded;IP:10.0.0.0/255.0.0.0
`;

t.test("parseCertificate() reads what openssl writes, extension by extension", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const folder = t.testdir({ "openssl.cnf": EXTENSIONS });
  for (const [name, bits] of [
    ["rsa:2048", 2048],
    ["ec:P-256", 256],
    ["ec:secp384r1", 384],
    ["ed25519", 255],
  ] as const) {
    const [algorithm = "", option] = name.split(":");
    const options =
      algorithm === "rsa"
        ? ["-newkey", name]
        : algorithm === "ec"
          ? ["-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${option}`]
          : ["-newkey", algorithm];
    const der = execFileSync(
      openssl,
      [
        "req",
        "-x509",
        "-utf8",
        "-config",
        `${folder}/openssl.cnf`,
        "-nodes",
        "-keyout",
        `${folder}/key.pem`,
        "-days",
        "30",
        "-outform",
        "DER",
        ...options,
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const parsed = parseCertificate(Uint8Array.from(der));
    if (!parsed.ok) return t.fail(`${name}: ${parsed.error.message}`);
    const certificate = parsed.value;
    t.equal(certificate.subject.text, 'CN=server.example.com, O="Müller, Söhne & Co", C=DE', name);
    t.equal(certificate.publicKey.bits, bits, name);
    t.same(valueOf(basicConstraints(certificate)), { ca: true, pathLength: 3 }, name);
    t.same(
      [...(valueOf(keyUsage(certificate)) ?? [])],
      ["digitalSignature", "keyCertSign", "cRLSign"],
    );
    t.same(valueOf(extendedKeyUsage(certificate)), ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    t.same(valueOf(subjectAltName(certificate))?.map(formatGeneralName), [
      "DNS:server.example.com",
      "DNS:*.example.org",
      "IP:10.0.0.1",
      "IP:2001:db8::1",
      "email:ops@example.com",
      "URI:https://example.com/x",
    ]);
    t.equal(valueOf(subjectKeyIdentifier(certificate))?.length, 40);
    t.equal(valueOf(nameConstraints(certificate))?.permitted?.length, 1);
    t.equal(valueOf(nameConstraints(certificate))?.excluded?.length, 1);
    t.ok(isSelfSigned(certificate), `${name} signed itself`);
  }
  return undefined;
});

t.test("parseCertificate() reads every certificate of the corpora", async (t) => {
  const corpus = requireShared(t, "corpora/limbo-dev.json.gz");
  if (corpus === undefined) return;
  let count = 0;
  const failures: string[] = [];
  for (const each of readCases(corpus))
    for (const pem of [
      ...each.trusted_certs,
      ...each.untrusted_intermediates,
      each.peer_certificate,
    ]) {
      const blocks = readPemBlocks(pem);
      const der = blocks.ok ? blocks.value[0]?.der : undefined;
      const parsed = der === undefined ? undefined : parseCertificate(der);
      count++;
      if (parsed?.ok !== true) failures.push(each.id);
    }
  t.ok(count > 3000, `${count} certificates`);
  t.same(failures, []);
});

t.test("parseCertificate() answers every truncation with a typed error", async (t) => {
  if (!existsSync(BUNDLE)) return t.plan(0, `${BUNDLE} is not on this machine`);
  const [der = new Uint8Array()] = bundle();
  for (let length = 0; length < der.length; length++) {
    const parsed = parseCertificate(der.subarray(0, length));
    if (parsed.ok) return t.fail(`accepted at ${length} octets`);
  }
  return undefined;
});

t.test("parseCertificate() and its decoders survive damaged certificates", async (t) => {
  if (!existsSync(BUNDLE)) return t.plan(0, `${BUNDLE} is not on this machine`);
  const roots = bundle();
  fc.assert(
    fc.property(
      fc.nat(roots.length - 1),
      fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 4 }),
      (index, edits) => {
        const damaged = Uint8Array.from(roots[index] ?? []);
        for (const [offset, octet] of edits) damaged[offset % damaged.length] = octet;
        const parsed = parseCertificate(damaged);
        if (!parsed.ok) return parsed.error.offset <= damaged.length;
        for (const decode of [
          basicConstraints,
          keyUsage,
          extendedKeyUsage,
          subjectAltName,
          nameConstraints,
        ])
          decode(parsed.value);
        const { der, anomalies } = parsed.value;
        for (const { offset } of anomalies) if (offset > damaged.length) return false;
        return damaged.subarray(0, der.length).every((octet, at) => octet === der[at]);
      },
    ),
    { numRuns: 5000, seed: 2 },
  );
  t.pass("5,000 damaged certificates were read");
  return undefined;
});
