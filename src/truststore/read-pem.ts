import { type PemBlock, readPemBlocks } from "../x509/pem.ts";
import { DerError } from "../x509/der.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { hideBehindUnreadable } from "./pem-refusals.ts";
import { pemLayout } from "./pem-layout.ts";
import { bareCertificate, type PlainContent, readPlainFile } from "./plain-file.ts";
import { readSignedData } from "./signed-data.ts";
import type { FoundCertificate } from "./store-entry.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreReader } from "./store-reader.ts";
import { type DecodedText, decodeText } from "./text-encoding.ts";
import { splitTrustedCertificate } from "./trusted-certificate.ts";
import type { SkippedCounts, StoreAnomaly } from "./truststore.ts";

type BlockKind = "certificate" | "trusted" | "signed-data" | keyof SkippedCounts;

/** What a block with this label is; labels that are not listed are counted as `other`. */
const LABELS: ReadonlyMap<string, BlockKind> = new Map([
  ["CERTIFICATE", "certificate"],
  ["X509 CERTIFICATE", "certificate"],
  ["TRUSTED CERTIFICATE", "trusted"],
  ["PKCS7", "signed-data"],
  ["CMS", "signed-data"],
  ["X509 CRL", "revocationLists"],
  ["CERTIFICATE REQUEST", "requests"],
  ["NEW CERTIFICATE REQUEST", "requests"],
]);

function kindOf({ label }: PemBlock): BlockKind {
  return LABELS.get(label) ?? (label.endsWith("PRIVATE KEY") ? "privateKeys" : "other");
}

/**
 * Reads the certificates of a PEM file, whatever lies around them: UTF-8, UTF-16 or ISO 8859-1 text, any line ending,
 * comments, one-line bodies. Private keys are counted and reported, never decoded.
 */
export const readPem: StoreReader = (bytes) =>
  readPlainFile("pem", bytes, () => {
    const decoded = decodeText(bytes);
    const { text } = decoded;
    const blocks = readPemBlocks(text);
    if (!blocks.ok) {
      const { code, line, message } = blocks.error;
      throw new StoreFault(
        code === "too-many-blocks"
          ? "too-many-entries"
          : code === "unterminated"
            ? "truncated"
            : "malformed",
        message,
        { line: line === 0 ? null : line },
      );
    }
    return collect(blocks.value, decoded);
  });

function collect(blocks: readonly PemBlock[], decoded: DecodedText): PlainContent {
  const { encoding } = decoded;
  const found: FoundCertificate[] = [];
  const anomalies: StoreAnomaly[] = [];
  const skipped = { privateKeys: 0, secretKeys: 0, revocationLists: 0, requests: 0, other: 0 };
  const placeOf = (block: PemBlock): Pick<FoundCertificate, "label" | "layout"> => ({
    label: block.label,
    layout: pemLayout(decoded, block),
  });
  for (const block of blocks) {
    const kind = kindOf(block);
    switch (kind) {
      case "certificate":
        found.push({ ...bareCertificate(block.der), ...placeOf(block) });
        break;
      case "trusted":
        found.push({ ...trustedCertificate(block, anomalies), ...placeOf(block) });
        break;
      case "signed-data": {
        const content = signedData(block);
        found.push(
          ...content.certificates.map((der) => ({ ...bareCertificate(der), ...placeOf(block) })),
        );
        skipped.revocationLists += content.revocationLists;
        skipped.other += content.other;
        break;
      }
      default:
        skipped[kind]++;
        if (kind === "privateKeys") anomalies.push(privateKey(block));
    }
    if (found.length > MAX_ENTRIES)
      throw new StoreFault(
        "too-many-entries",
        `PEM file holds more than ${MAX_ENTRIES} certificates`,
      );
  }
  if (found.length === 0) {
    const labels = [...new Set(blocks.map(({ label }) => label))].slice(0, 5).join(", ");
    throw new StoreFault("no-certificate", `The PEM file holds no certificate, only: ${labels}`);
  }
  if (encoding !== "UTF-8")
    anomalies.push({
      code: "not-utf8",
      message: `The file is ${encoding} text; OpenSSL and Java read PEM as ASCII only`,
    });
  return {
    summary: `PEM, ${blocks.length} block${blocks.length === 1 ? "" : "s"}`,
    found,
    skipped,
    anomalies,
    compare: hideBehindUnreadable,
  };
}

function trustedCertificate(block: PemBlock, anomalies: StoreAnomaly[]): FoundCertificate {
  const { der, trust, alias } = splitTrustedCertificate(block.der);
  if (trust === null)
    anomalies.push({
      code: "trust-appendix-unreadable",
      message: `The TRUSTED CERTIFICATE block of line ${block.line} has no readable trust settings; OpenSSL refuses it`,
    });
  return { ...bareCertificate(der), alias, opensslTrust: trust };
}

function signedData(block: PemBlock): ReturnType<typeof readSignedData> {
  try {
    return readSignedData(block.der);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new StoreFault(
      "malformed",
      `The ${block.label} block of line ${block.line} is damaged: ${error.message}`,
      { line: block.line },
    );
  }
}

function privateKey({ label, line }: PemBlock): StoreAnomaly {
  return {
    code: "private-key-in-bundle",
    message: `Line ${line} begins a ${label}: a private key does not belong into a truststore; it was not read`,
  };
}
