import type { Certificate } from "../../x509/certificate.ts";
import type { RevocationList } from "../../x509/crl.ts";
import { hex } from "../../x509/der-values.ts";
import { contentOf, inside, onlyElement, Tag } from "../../x509/der.ts";
import { decodeExtension, keyUsage, subjectKeyIdentifier, valueOf } from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { RevocationContext } from "./evidence.ts";
import { isSignedWith } from "./signature-memory.ts";

/** Who signed a list, or why nobody who may did. */
export type ListSigner =
  | { readonly kind: "found"; readonly certificate: Certificate }
  | { readonly kind: "unauthorised" }
  | { readonly kind: "invalid" };

const MAX_CANDIDATES = 8;

/**
 * The certificate whose key signed a list and that may sign lists (RFC 5280 section 6.3.3, steps (f) and (g)): the
 * issuer on the path, or a certificate of the list's issuer that a certificate of the path or an anchor has signed.
 */
export function listSigner(
  list: RevocationList,
  issuer: Certificate,
  context: RevocationContext,
): ListSigner {
  const wanted = authorityKey(list);
  const fits = (candidate: Certificate): boolean => {
    const own = valueOf(subjectKeyIdentifier(candidate));
    return wanted === null || own === undefined || own === wanted;
  };
  const named = [issuer, ...context.path, ...context.others].filter(
    (candidate) => namesEqual(candidate.subject, list.issuer, "openssl") && fits(candidate),
  );
  const candidates = [...new Set(named)].slice(0, MAX_CANDIDATES);
  let unauthorised = false;
  for (const candidate of candidates) {
    if (!isSignedWith(list, candidate)) continue;
    if (mayList(candidate) && isBacked(candidate, context))
      return { kind: "found", certificate: candidate };
    unauthorised = true;
  }
  return { kind: unauthorised || candidates.length === 0 ? "unauthorised" : "invalid" };
}

/** Whether a certificate's key usage lets it sign lists; without one it may. */
export function mayList(certificate: Certificate): boolean {
  const usage = keyUsage(certificate);
  return usage.state === "absent" || (usage.state === "present" && usage.value.has("cRLSign"));
}

/** A signer is on the path, or one of the path has signed it and it is valid. */
function isBacked(candidate: Certificate, { path, others, at }: RevocationContext): boolean {
  if (path.some(({ sha256 }) => sha256 === candidate.sha256)) return true;
  if (at < candidate.notBefore || at > candidate.notAfter) return false;
  const authorities = [...path.slice(1), ...others].filter((each) =>
    namesEqual(each.subject, candidate.issuer, "openssl"),
  );
  return authorities
    .slice(0, MAX_CANDIDATES)
    .some((each) => path.includes(each) && isSignedBy(candidate, each));
}

/** Key identifier of the list's authorityKeyIdentifier, hexadecimal; null without one. */
export function authorityKey({ extensions }: RevocationList): string | null {
  const decoded = decodeExtension(extensions, ExtensionOid.authorityKeyIdentifier, (value) => {
    const key = inside(onlyElement(value, Tag.sequence, "AuthorityKeyIdentifier")).optional(0x80);
    return key === undefined ? null : hex(contentOf(key));
  });
  return valueOf(decoded) ?? null;
}
