import { encode } from "../../x509/ber.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { RevocationList } from "../../x509/crl.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { DerWalk, readElement, Tag } from "../../x509/der.ts";
import {
  ALL_REASONS,
  crlDistributionPoints,
  type DistributionPoint,
  type DistributionPointName,
  type IssuingDistributionPoint,
  type ReasonMask,
} from "../../x509/distribution-points.ts";
import { basicConstraints, valueOf } from "../../x509/extensions.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { type Name, namesEqual, readName } from "../../x509/name.ts";

/** The point that stands for a certificate which names none (RFC 5280 section 6.3.3, step (b)). */
const NO_POINT: DistributionPoint = { name: null, reasons: null, crlIssuer: null };

/** How a list covers a certificate. */
export interface Coverage {
  readonly reasons: ReasonMask;
  /** Whether another authority than the certificate's own issuer signs the list. */
  readonly indirect: boolean;
}

/**
 * Whether and for which reasons a list covers a certificate: issuer, distribution points and scope (RFC 5280 section
 * 6.3.3, steps (b) and (d)). Null when the list is about something else.
 */
export function coverage(certificate: Certificate, list: RevocationList): Coverage | null {
  const scope = valueOf(list.scope) ?? null;
  const direct = namesEqual(list.issuer, certificate.issuer, "openssl");
  const points = valueOf(crlDistributionPoints(certificate)) ?? [];
  // a list that its issuer gives without scope covers all of its certificates
  const candidates = direct ? [...points, NO_POINT] : points;
  let reasons = 0;
  for (const point of candidates) {
    if (!issuerFits(point, list, certificate, scope)) continue;
    if (!nameFits(point, list, certificate, scope)) continue;
    reasons |= (point.reasons ?? ALL_REASONS) & (scope?.reasons ?? ALL_REASONS);
  }
  if (reasons === 0 || !kindFits(certificate, scope)) return null;
  return { reasons, indirect: !direct };
}

function issuerFits(
  { crlIssuer }: DistributionPoint,
  list: RevocationList,
  certificate: Certificate,
  scope: IssuingDistributionPoint | null,
): boolean {
  if (crlIssuer === null) return namesEqual(list.issuer, certificate.issuer, "openssl");
  return (
    scope?.indirect === true &&
    crlIssuer.some(
      (name) => name.kind === "directory" && namesEqual(name.value, list.issuer, "openssl"),
    )
  );
}

function nameFits(
  point: DistributionPoint,
  list: RevocationList,
  certificate: Certificate,
  scope: IssuingDistributionPoint | null,
): boolean {
  const wanted = scope?.name ?? null;
  if (wanted === null) return true;
  const ofList = fullNames(wanted, list.issuer);
  if (point.name === null)
    return (point.crlIssuer ?? []).some((name) => ofList.some((each) => sameName(each, name)));
  const directory = point.crlIssuer?.find(({ kind }) => kind === "directory");
  const base = directory?.kind === "directory" ? directory.value : certificate.issuer;
  const ofPoint = fullNames(point.name, base);
  return ofPoint.some((name) => ofList.some((each) => sameName(each, name)));
}

function kindFits(certificate: Certificate, scope: IssuingDistributionPoint | null): boolean {
  if (scope === null) return true;
  const isCa = valueOf(basicConstraints(certificate))?.ca === true;
  if (scope.onlyAttributeCertificates) return false;
  return isCa ? !scope.onlyUserCertificates : !scope.onlyCaCertificates;
}

/** The names of a point; a relative one is added to the name of whoever issues the list. */
function fullNames(name: DistributionPointName, issuer: Name): readonly GeneralName[] {
  if (name.kind === "full") return name.names;
  const walk = new DerWalk(issuer.der);
  walk.next(issuer.der.length);
  const rdns = issuer.der.subarray(walk.content, walk.end);
  const der = encode(Tag.sequence, [rdns, name.rdn]);
  return [{ kind: "directory", value: readName(readElement(der, 0, der.length)) }];
}

function sameName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === "directory" && b.kind === "directory")
    return namesEqual(a.value, b.value, "openssl");
  if (a.kind === "ip" && b.kind === "ip") return bytesEqual(a.value, b.value);
  return (
    a.kind === b.kind &&
    typeof a.value === "string" &&
    typeof b.value === "string" &&
    a.value === b.value
  );
}
