import { internCertificate } from "../../x509/certificate-cache.ts";
import { DerError, onlyElement, Tag } from "../../x509/der.ts";
import { canonicalName, type NameComparison, readName } from "../../x509/name.ts";

/**
 * Whether any certificate of a chain was issued by one of the authorities that a server names; always when it
 * names none. Names that cannot be read are nobody's.
 */
export function isIssuedByAny(
  chain: readonly Uint8Array[],
  authorities: readonly Uint8Array[],
  comparison: NameComparison,
): boolean {
  if (authorities.length === 0) return true;
  const accepted = new Set(authorities.map((der) => canonical(der, comparison)));
  return chain.some((der) => {
    const certificate = internCertificate(der);
    if (!certificate.ok) return false;
    return accepted.has(canonical(certificate.value.issuer.der, comparison) ?? "");
  });
}

function canonical(der: Uint8Array, comparison: NameComparison): string | null {
  try {
    return canonicalName(readName(onlyElement(der, Tag.sequence, "a name")), comparison);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return null;
  }
}
