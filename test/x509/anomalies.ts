import { rootCertificates } from "node:tls";
import t from "tap";
import type { AnomalyCode } from "../../src/x509/anomaly.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { subjectAltName } from "../../src/x509/extensions.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import {
  ALGORITHMS,
  bytes,
  certificate,
  type CertificateParts,
  element,
  extension,
  extensions,
  name,
  oid,
  text,
} from "./encodings.ts";

const BASIC_CONSTRAINTS = "551d13";
const ALT_NAME = "551d11";
const validity = (from: Uint8Array, to: Uint8Array): Uint8Array => element(0x30, from, to);
const LATER = text(0x17, "270101000000Z");
const rsaKey = (exponent: string): Uint8Array =>
  element(
    0x30,
    ALGORITHMS.rsa,
    element(0x03, bytes("00"), element(0x30, bytes(`0203010001`), bytes(exponent))),
  );
const altName = (...names: readonly Uint8Array[]): readonly Uint8Array[] => [
  extensions(extension(ALT_NAME, element(0x30, ...names))),
];

const CASES: readonly (readonly [
  what: string,
  parts: CertificateParts,
  codes: readonly AnomalyCode[],
])[] = [
  ["an ordinary certificate", {}, []],
  ["a padded serial number", { serial: bytes("02020005") }, ["integer-not-minimal"]],
  ["a negative serial number", { serial: bytes("0201ff") }, ["serial-negative"]],
  ["a serial number of zero", { serial: bytes("020100") }, ["serial-zero"]],
  [
    "a serial number of 21 octets",
    { serial: element(0x02, new Uint8Array(21).fill(0x55)) },
    ["serial-too-long"],
  ],
  ["version 1 spelled out", { version: bytes("a003020100") }, ["default-encoded"]],
  ["version 9", { version: bytes("a003020108") }, ["version-unknown"]],
  [
    "two signature algorithms",
    { outerAlgorithm: ALGORITHMS.sha256WithRsa },
    ["signature-algorithm-mismatch"],
  ],
  [
    "RSA without NULL",
    { algorithm: element(0x30, oid("2a864886f70d01010b")) },
    ["algorithm-parameters", "algorithm-parameters"],
  ],
  [
    "ECDSA with NULL",
    { algorithm: element(0x30, oid("2a8648ce3d040302"), bytes("0500")) },
    ["algorithm-parameters", "algorithm-parameters"],
  ],
  ["no issuer", { issuer: bytes("3000") }, ["empty-issuer"]],
  ["an empty RDN", { subject: bytes("30023100") }, ["empty-rdn"]],
  ["a TeletexString", { subject: name(text(0x14, "x")) }, ["string-type"]],
  ["a PrintableString with an asterisk", { subject: name(text(0x13, "*.x")) }, ["string-content"]],
  ["a UTF8String that is none", { subject: name(element(0x0c, bytes("ff"))) }, ["string-content"]],
  ["a string in pieces", { subject: name(element(0x2c, text(0x0c, "x"))) }, ["constructed-string"]],
  [
    "a time without seconds",
    { validity: validity(text(0x17, "2601010000Z"), LATER) },
    ["time-without-seconds"],
  ],
  [
    "a time with an offset",
    { validity: validity(text(0x17, "260101000000+0100"), LATER) },
    ["time-offset"],
  ],
  [
    "a GeneralizedTime before 2050",
    { validity: validity(text(0x18, "20260101000000Z"), LATER) },
    ["time-choice"],
  ],
  [
    "a time with a fraction",
    { validity: validity(text(0x18, "20500101000000.5Z"), text(0x18, "20600101000000Z")) },
    ["time-fraction"],
  ],
  [
    "an end before its beginning",
    { validity: validity(LATER, text(0x17, "260101000000Z")) },
    ["validity-inverted"],
  ],
  [
    "something behind the validity",
    { validity: element(0x30, LATER, LATER, LATER) },
    ["trailing-bytes"],
  ],
  ["an RSA exponent of 1", { key: rsaKey("020101") }, ["rsa-exponent"]],
  ["an even RSA exponent", { key: rsaKey("0203010000") }, ["rsa-exponent"]],
  [
    "an RSA key that is none",
    { key: element(0x30, ALGORITHMS.rsa, bytes("03020000")) },
    ["key-malformed"],
  ],
  [
    "a compressed point",
    { key: element(0x30, ALGORITHMS.p256, element(0x03, bytes(`0002${"11".repeat(32)}`))) },
    ["ec-point"],
  ],
  ["unused bits that are set", { signature: bytes("03020101") }, ["bit-string-padding"]],
  [
    "extensions in version 1",
    { version: undefined, tail: [extensions(extension(BASIC_CONSTRAINTS, bytes("3000")))] },
    ["extensions-before-version-3"],
  ],
  ["a unique identifier", { tail: [bytes("81020000")] }, ["unique-identifier"]],
  ["no extension at all", { tail: [extensions()] }, ["empty-extensions"]],
  [
    "an extension twice",
    {
      tail: [
        extensions(
          extension(BASIC_CONSTRAINTS, bytes("3000")),
          extension(BASIC_CONSTRAINTS, bytes("3000")),
        ),
      ],
    },
    ["duplicate-extension"],
  ],
  [
    "criticality spelled out as FALSE",
    { tail: [extensions(extension(BASIC_CONSTRAINTS, bytes("3000"), bytes("010100")))] },
    ["default-encoded"],
  ],
  [
    "TRUE as 01",
    { tail: [extensions(extension(BASIC_CONSTRAINTS, bytes("3000"), bytes("010101")))] },
    ["boolean-not-canonical"],
  ],
  [
    "an extension that does not parse",
    { tail: [extensions(extension(BASIC_CONSTRAINTS, bytes("0500")))] },
    ["extension-malformed"],
  ],
  ["an address as a DNS name", { tail: altName(text(0x82, "10.0.0.1")) }, ["general-name"]],
  ["an address of three octets", { tail: altName(bytes("87030a0000")) }, ["general-name"]],
  ["a URI without scheme", { tail: altName(text(0x86, "example.com")) }, ["general-name"]],
  [
    "octets behind the extensions",
    { tail: [extensions(), bytes("0500")] },
    ["empty-extensions", "trailing-bytes"],
  ],
  ["octets behind the signature", { behind: [bytes("0500")] }, ["trailing-bytes"]],
];

for (const [what, parts, codes] of CASES)
  t.test(
    `parseCertificate() reads ${what} and lists ${codes.join(", ") || "nothing"}`,
    async (t) => {
      const der = certificate(parts);
      const parsed = parseCertificate(der);
      if (!parsed.ok) return t.fail(parsed.error.message);
      const { anomalies } = parsed.value;
      t.same(
        anomalies.map(({ code }) => code),
        codes,
      );
      for (const { offset } of anomalies)
        t.ok(offset >= 0 && offset < der.length, `offset ${offset}`);
      return undefined;
    },
  );

t.test("parseCertificate() names the offset of what is odd", async (t) => {
  const parsed = parseCertificate(certificate({ serial: bytes("0201ff") }));
  if (!parsed.ok) return t.fail(parsed.error.message);
  // SEQUENCE, SEQUENCE with a length of two octets each, the version
  t.same(parsed.value.anomalies, [{ code: "serial-negative", offset: 3 + 3 + 5 }]);
  return undefined;
});

t.test("parseCertificate() reads BER, but takes what was sent for what was signed", async (t) => {
  const plain = certificate();
  const inner = plain.subarray(3);
  const parsed = parseCertificate(Uint8Array.from([0x30, 0x80, ...inner, 0, 0, 0xff]));
  if (!parsed.ok) return t.fail(parsed.error.message);
  const { anomalies, tbs, der, subject } = parsed.value;
  t.same(
    anomalies.map(({ code }) => code),
    ["indefinite-length", "trailing-bytes"],
  );
  t.equal(der.length, inner.length + 4, "without the octet behind it");
  t.same(tbs, inner.subarray(0, tbs.length));
  t.equal(subject.text, "CN=Subject");
  return undefined;
});

t.test("parseCertificate() puts extension values in pieces together", async (t) => {
  const value = element(0x30, text(0x82, "example.com"));
  const pieces = element(
    0x24,
    element(0x04, value.subarray(0, 4)),
    element(0x04, value.subarray(4)),
  );
  const parsed = parseCertificate(
    certificate({ tail: [extensions(element(0x30, oid(ALT_NAME), pieces))] }),
  );
  if (!parsed.ok) return t.fail(parsed.error.message);
  t.same(subjectAltName(parsed.value), {
    state: "present",
    critical: false,
    value: [{ kind: "dns", value: "example.com" }],
  });
  t.same(
    parsed.value.anomalies.map(({ code }) => code),
    ["constructed-string"],
  );
  return undefined;
});

t.test("parseCertificate() gives the same object for the same name", async (t) => {
  const parsed = parseCertificate(certificate({ subject: name(text(0x0c, "Issuer")) }));
  if (!parsed.ok) return t.fail(parsed.error.message);
  t.equal(parsed.value.issuer, parsed.value.subject);
  return undefined;
});

t.test("parseCertificate() finds little that is odd about public roots", async (t) => {
  const counts = new Map<string, number>();
  for (const pem of rootCertificates) {
    const blocks = readPemBlocks(pem);
    const parsed = parseCertificate(
      (blocks.ok ? blocks.value[0]?.der : undefined) ?? new Uint8Array(),
    );
    if (!parsed.ok) return t.fail(parsed.error.message);
    for (const { code } of parsed.value.anomalies) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const known = ["serial-zero", "string-type", "string-content", "serial-too-long", "time-choice"];
  t.same(
    [...counts.keys()].filter((code) => !known.includes(code)),
    [],
  );
  return undefined;
});
