// node test/fuzz/certificate.ts [RUNS [SEED]]: searches for certificates that make the reader or a judge throw.
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { fuzz, instrument } from "./coverage.ts";

instrument(/\/src\/(x509|trust)\//);
const { parseCertificate } = await import("../../src/x509/certificate.ts");
const extensions = await import("../../src/x509/extensions.ts");
const { readPemBlocks } = await import("../../src/x509/pem.ts");
const { judge } = await import("../../src/trust/judge.ts");
const { parseRefusal } = await import("../../src/x509/parse-refusal.ts");
const { PROFILE_NAMES } = await import("../../src/trust/profile-names.ts");

const decoders = [
  extensions.basicConstraints,
  extensions.keyUsage,
  extensions.extendedKeyUsage,
  extensions.subjectAltName,
  extensions.subjectKeyIdentifier,
  extensions.authorityKeyIdentifier,
  extensions.nameConstraints,
  extensions.authorityInfoAccess,
  extensions.netscapeCertType,
];

const derOf = (pem: string): Uint8Array => {
  const blocks = readPemBlocks(pem);
  const [first] = blocks.ok ? blocks.value : [];
  if (first === undefined) throw new Error("A seed is no PEM");
  return first.der;
};

/** Small roots of the runtime, and chains with name constraints where a file of PEM texts is given. */
const seeds = [
  ...rootCertificates
    .map(derOf)
    .toSorted((a, b) => a.length - b.length)
    .slice(0, 6),
  ...process.argv.slice(4).map((file) => derOf(readFileSync(file, "utf8"))),
];
const [anchor] = seeds.flatMap((der) => {
  const parsed = parseCertificate(der);
  return parsed.ok ? [parsed.value] : [];
});
if (anchor === undefined) throw new Error("No seed is a certificate");

let turn = 0;

/** Reads, decodes, and judges what is left of a certificate as every client in turn. */
function target(input: Uint8Array): void {
  const parsed = parseCertificate(input);
  if (parsed.ok) {
    for (const decode of decoders) decode(parsed.value);
    const behind = parsed.value.anomalies.find(({ offset }) => offset > input.length);
    if (behind !== undefined) throw new Error(`${behind.code} lies behind the input`);
  }
  if (!parsed.ok && parsed.error.offset > input.length)
    throw new Error("The offset lies behind the input");
  for (const reader of ["java-17", "java-25", "openssl-3", "go-1.19"] as const)
    parseRefusal(input, reader);
  const profile = PROFILE_NAMES[turn++ % PROFILE_NAMES.length] ?? "strict";
  const verdict = judge({
    profile,
    chain: [input, anchor?.der ?? input],
    anchors: anchor === undefined ? [] : [anchor],
    host: turn % 2 === 0 ? "example.com" : "192.0.2.1",
    nameCheck: "https",
    purpose: "server",
    at: Date.UTC(2026, 10, 21),
    version: null,
    cipherSuite: null,
    maxPathLength: null,
  });
  if ((verdict.trusted === true) !== (verdict.reason === null))
    throw new Error(`${profile} is trusted ${verdict.trusted} for ${verdict.reason?.code}`);
}

const dictionary = [
  "0603551d0f",
  "0603551d11",
  "0603551d13",
  "0603551d1e",
  "0603551d23",
  "0101ff",
  "3000",
  "a000",
  "8700",
  "8200",
].map((text) => Buffer.from(text, "hex"));
const { failure, ...counts } = fuzz({
  seeds,
  dictionary,
  target,
  runs: Number(process.argv[2] ?? 100_000),
  seed: Number(process.argv[3] ?? 1),
});
process.stdout.write(`${JSON.stringify(counts)}\n`);
if (failure !== null) {
  process.exitCode = 1;
  const { input, error } = failure;
  process.stdout.write(`${Buffer.from(input).toString("hex")}\n`);
  process.stdout.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
