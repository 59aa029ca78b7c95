import { hash } from "node:crypto";
import { isSelfIssued, type Certificate } from "../../x509/certificate.ts";
import { namesEqual } from "../../x509/name.ts";
import { writePem } from "../../x509/pem.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { StoreEntry, StoreFile } from "../../truststore/truststore.ts";
import { type ExtensionText, extensionTexts } from "./extension-text.ts";
import { type StoreEntryRecord, storeEntryRecord, twins } from "./record.ts";

/** Who signed a certificate, as far as the store itself shows. */
export type SignedBy =
  | { readonly kind: "itself" }
  | { readonly kind: "entry"; readonly index: number; readonly alias: string | null }
  /** The issuer's name stands in the store with another key, or the signature is damaged. */
  | { readonly kind: "other-key" }
  | { readonly kind: "not-in-store" };

/** Everything about one certificate of a store, as `store show --format json` writes it. */
export interface StoreDetailRecord extends StoreEntryRecord {
  readonly path: string | null;
  /** Null when the certificate cannot be read. */
  readonly certificate: {
    readonly version: number;
    readonly key: {
      readonly type: string;
      readonly bits: number | null;
      readonly curve: string | null;
      /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal. */
      readonly sha256: string;
    };
    readonly signatureAlgorithm: string | null;
    readonly signedBy: SignedBy;
    readonly extensions: readonly ExtensionText[];
  } | null;
  /** Why the certificate cannot be read; null when it can. */
  readonly unreadable: string | null;
  readonly pem: string;
}

/** Everything about one entry of a store. @param at ms since 1970 */
export function storeDetail(file: StoreFile, entry: StoreEntry, at: number): StoreDetailRecord {
  const twin = twins(file.entries).get(entry) ?? null;
  const { certificate } = entry;
  return {
    path: file.path,
    ...storeEntryRecord(entry, twin, at),
    certificate: certificate.ok ? detailsOf(certificate.value, file) : null,
    unreadable: certificate.ok ? null : certificate.error.message,
    pem: writePem("CERTIFICATE", entry.der),
  };
}

function detailsOf(
  certificate: Certificate,
  file: StoreFile,
): NonNullable<StoreDetailRecord["certificate"]> {
  const { version, publicKey, spki, signatureAlgorithm } = certificate;
  return {
    version,
    key: {
      type: publicKey.type,
      bits: publicKey.bits,
      curve: publicKey.curve,
      sha256: hash("sha256", spki, "hex"),
    },
    signatureAlgorithm: signatureAlgorithm?.javaName ?? null,
    signedBy: signedBy(certificate, file),
    extensions: extensionTexts(certificate),
  };
}

/** Most keys that are tried for one signature: a hostile store may hold thousands under one name. */
const MAX_KEYS = 20;

function signedBy(certificate: Certificate, { entries }: StoreFile): SignedBy {
  if (isSelfIssued(certificate) && isSignedBy(certificate, certificate)) return { kind: "itself" };
  const candidates = entries.filter(
    (entry) =>
      entry.certificate.ok &&
      namesEqual(entry.certificate.value.subject, certificate.issuer, "openssl"),
  );
  const issuer = candidates
    .slice(0, MAX_KEYS)
    .find((entry) => entry.certificate.ok && isSignedBy(certificate, entry.certificate.value));
  if (issuer !== undefined) return { kind: "entry", index: issuer.index, alias: issuer.alias };
  return candidates.length === 0 ? { kind: "not-in-store" } : { kind: "other-key" };
}
