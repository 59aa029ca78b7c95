import { hash } from "node:crypto";
import { type Certificate, type CertificateError, parseCertificate } from "./certificate.ts";
import type { Result } from "./result.ts";

const CAPACITY = 8192;
const parsed = new Map<string, Result<Certificate, CertificateError>>();

/** What the same array gave before: one handshake is read by every client that judges it, and hashing costs more. */
const seen = new WeakMap<Uint8Array, Result<Certificate, CertificateError>>();

/**
 * As parseCertificate, but the same bytes give the same object while it is remembered: what hangs on a certificate,
 * such as decoded extensions and verified signatures, is then computed once. Bounded; the oldest entry leaves first.
 * The bytes may not be changed afterwards.
 */
export function internCertificate(der: Uint8Array): Result<Certificate, CertificateError> {
  const before = seen.get(der);
  if (before !== undefined) return before;
  const result = lookUp(der);
  seen.set(der, result);
  return result;
}

function lookUp(der: Uint8Array): Result<Certificate, CertificateError> {
  const key = hash("sha256", der, "hex");
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const result = parseCertificate(der);
  if (parsed.size >= CAPACITY) {
    const oldest = parsed.keys().next();
    if (!oldest.done) parsed.delete(oldest.value);
  }
  parsed.set(key, result);
  return result;
}
