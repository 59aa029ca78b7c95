import { type Certificate, isSelfIssued, sameKey } from "../x509/certificate.ts";
import { authorityInfoAccess, subjectKeyIdentifier, valueOf } from "../x509/extensions.ts";
import { namesEqual } from "../x509/name.ts";
import { AccessMethod } from "../x509/oids.ts";
import { isSelfSigned } from "../x509/verify-signature.ts";
import type { LocatedAnchor, Situation } from "./situation.ts";
import { printable } from "./words.ts";

/** Whether two certificates speak of the same authority: the same name and the same key. */
export function sameAuthority(a: Certificate, b: Certificate): boolean {
  return a.sha256 !== b.sha256 && sameKey(a, b) && namesEqual(a.subject, b.subject, "openssl");
}

/** Whether a certificate of the chain has a twin of the same name and key that is valid now. */
export function validTwinSent(certificate: Certificate, { sent, at }: Situation): boolean {
  return sent.some(
    (each) => sameAuthority(each, certificate) && each.notAfter >= at && each.notBefore <= at,
  );
}

/** Whether a certificate lets another hierarchy vouch for a root: that root, signed by itself, is known as well. */
export function isCrossCertificate(certificate: Certificate, situation: Situation): boolean {
  if (isSelfIssued(certificate)) return false;
  const known = [
    ...situation.sent,
    ...situation.anchors.map((each) => each.certificate),
    ...situation.elsewhere.map((each) => each.certificate),
  ];
  return known.some((each) => sameAuthority(each, certificate) && isSelfSigned(each));
}

/** The anchor with its place, where the certificate is one. */
export function locate({ sha256 }: Certificate, { anchors }: Situation): LocatedAnchor | undefined {
  return anchors.find(({ certificate }) => certificate.sha256 === sha256);
}

/** `trust.p12 (alias old-root)`: where an anchor is, as sentences name it. */
export function placeOf(anchor: LocatedAnchor | undefined, { store }: Situation): string {
  if (anchor === undefined) return store.name;
  const { alias, store: own } = anchor;
  return alias === null ? own.name : `${own.name} (alias ${printable(alias)})`;
}

/** Where the certificate of the issuer is published (RFC 5280 section 4.2.2.1); null when it does not say. */
export function issuerAddress(certificate: Certificate): string | null {
  for (const { method, location } of valueOf(authorityInfoAccess(certificate)) ?? [])
    if (method === AccessMethod.caIssuers && location.kind === "uri")
      return printable(location.value);
  return null;
}

/** Key identifier of a CA in hexadecimal; null when it has none. */
export function keyIdentifier(certificate: Certificate): string | null {
  return valueOf(subjectKeyIdentifier(certificate)) ?? null;
}
