import type { Certificate } from "../../x509/certificate.ts";
import type { RevocationReason, RevokedEntry } from "../../x509/crl-entries.ts";
import type { RevocationList } from "../../x509/crl.ts";
import {
  crlDistributionPoints,
  type DistributionPoint,
  type DistributionPointName,
  type IssuingDistributionPoint,
} from "../../x509/distribution-points.ts";
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  valueOf,
} from "../../x509/extensions.ts";
import { formatGeneralName, type GeneralName } from "../../x509/general-name.ts";
import { canonicalName, type Name } from "../../x509/name.ts";
import { AccessMethod, ExtensionOid } from "../../x509/oids.ts";
import type { JavaRules } from "../profile.ts";
import { reason } from "../reason.ts";
import { NOT_FOR_SIGNING, responseStatus } from "../revocation/check-responses.ts";
import type { RevocationEvidence } from "../revocation/evidence.ts";
import { authorityKey } from "../revocation/list-signer.ts";
import { isSignedWith } from "../revocation/signature-memory.ts";
import { strongest } from "../revocation/status.ts";
import { samePrincipal } from "./context.ts";
import { javaDate } from "./dates.ts";
import { bytesHash, hashOrder } from "./hash-order.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** A client with com.sun.net.ssl.checkRevocation=true: what it has, and which certificates it asks about. */
export interface JavaRevocation {
  readonly evidence: RevocationEvidence;
  /** `leaf` for com.sun.security.onlyCheckRevocationOfEECert. */
  readonly scope: "leaf" | "chain";
}

/** MAX_CLOCK_SKEW of RevocationChecker. */
const CLOCK_SKEW = 15 * 60_000;

/** Text of the exception when there is no answer; hard-fail is what the trust manager's parameters ask for. */
const UNDETERMINED = "Could not determine revocation status";

/** One certificate with what RevocationChecker knows of its issuer. */
export interface RevocationStep {
  readonly certificate: Certificate;
  readonly depth: number;
  readonly issuer: Certificate;
  /** Whether the issuer is the anchor, which may sign lists whatever its key usage says. */
  readonly isTop: boolean;
  readonly at: number;
  readonly release: JavaRules["wording"];
}

/**
 * RevocationChecker.check as JSSE uses it: lists that the client has, and stapled responses, which then come first
 * and fall back to the lists. Nothing is fetched. Source: RevocationChecker and DistributionPointFetcher, JDK 25.
 */
export function checkJavaRevocation(
  step: RevocationStep,
  { evidence, scope }: JavaRevocation,
): Refusal | null {
  const isCa = valueOf(basicConstraints(step.certificate))?.ca === true;
  if (scope === "leaf" && isCa) return null;
  if (evidence.responses.length === 0) return checkLists(step, evidence);
  const byResponse = checkResponses(step, evidence);
  if (byResponse === null || byResponse.reason.code === "revoked") return byResponse;
  const byList = checkLists(step, evidence);
  return byList === null || byList.reason.code === "revoked" ? byList : byResponse;
}

function undetermined({ certificate, depth }: RevocationStep, text = UNDETERMINED): Refusal {
  const { sha256 } = certificate;
  return refusal("validation", reason("revocation-unknown", { sha256, depth, detail: text }), text);
}

function checkResponses(step: RevocationStep, { responses }: RevocationEvidence): Refusal | null {
  const { certificate, depth, issuer, at } = step;
  const statuses = responses.flatMap((read) =>
    read.ok && read.value.kind === "basic"
      ? [responseStatus(read.value, certificate, issuer, at)]
      : [],
  );
  const status = strongest(
    statuses.filter((each) => each.kind !== "unknown" || each.cause !== "not-covered"),
  );
  if (status === undefined) {
    const access = valueOf(authorityInfoAccess(certificate)) ?? [];
    return undetermined(
      step,
      access.some(({ method }) => method === AccessMethod.ocsp)
        ? "Unable to determine revocation status due to network error"
        : "Certificate does not specify OCSP responder",
    );
  }
  switch (status.kind) {
    case "good":
      return null;
    case "revoked":
      return revoked({ certificate, depth }, status.at, status.reason, issuer.subject, []);
    case "unknown":
      return undetermined(
        step,
        status.detail === NOT_FOR_SIGNING
          ? "Responder's certificate not valid for signing OCSP responses"
          : (RESPONSE_TEXTS[status.cause] ?? UNDETERMINED),
      );
  }
}

const RESPONSE_TEXTS: Partial<Record<string, string>> = {
  stale: "Response is unreliable: its validity interval is out-of-date",
  "not-yet-valid": "Response is unreliable: its validity interval is out-of-date",
  "signature-invalid": "Error verifying OCSP Response's signature",
  "signer-unauthorised": "Responder's certificate is not authorized to sign OCSP responses",
  "responder-unaware": "Certificate's revocation status is unknown",
};

/** checkCRLs: every reason must be covered by lists that count, then each of these is asked. */
function checkLists(step: RevocationStep, { lists }: RevocationEvidence): Refusal | null {
  const { certificate, depth, at } = step;
  const possible = lists.flatMap((read) =>
    read.ok && isCurrent(read.value, at) ? [read.value] : [],
  );
  const approved = approvedLists(inSetOrder(possible, step), step);
  if (approved === null) return undetermined(step);
  for (const list of inSetOrder(approved, step)) {
    const entry = javaEntry(list, certificate);
    if (entry === undefined) continue;
    const odd = entry.extensions.some(({ critical, oid }) => critical && !KNOWN_IN_ENTRY.has(oid));
    if (odd) return undetermined(step, isSoughtAgain(step) ? UNDETERMINED : ODD_ENTRY);
    if (entry.revokedAt < at)
      return revoked(
        { certificate, depth },
        entry.revokedAt,
        valueOf(entry.reason) ?? null,
        list.issuer,
        entry.extensions.map(({ oid }) => oid),
      );
  }
  return null;
}

/** Lists are kept in hash sets, so that which of two good ones counts is left to their hash codes. */
function inSetOrder(
  lists: readonly RevocationList[],
  { release }: RevocationStep,
): readonly RevocationList[] {
  const different = [...new Map(lists.map((list) => [list.sha256, list])).values()];
  return hashOrder(different, ({ der }) => (release === "17" ? weightedSum(der) : bytesHash(der)));
}

/** X509CRL.hashCode of JDK 17: every octet times its position. */
function weightedSum(bytes: Uint8Array): number {
  let hash = 0;
  for (let at = 1; at < bytes.length; at++)
    hash = (hash + Math.imul(((bytes[at] ?? 0) << 24) >> 24, at)) | 0;
  return hash;
}

/** verifyPossibleCRLs: the lists that together answer for every reason; null when they do not. */
function approvedLists(
  possible: readonly RevocationList[],
  step: RevocationStep,
): readonly RevocationList[] | null {
  const points = valueOf(crlDistributionPoints(step.certificate)) ?? [
    issuerPoint(step.certificate),
  ];
  const approved: RevocationList[] = [];
  for (const point of points)
    for (const list of possible) {
      const scope = valueOf(list.scope) ?? null;
      const fit = fitOf(list, point, scope, step);
      // a list of another key sends the JDK to look for its signer; when there is none, all is given up
      if (fit === "other-key") return null;
      if (fit === "no") continue;
      approved.push(list);
      // lists for some reasons only never complete the nine that the JDK counts
      if (point.reasons === null && (scope?.reasons ?? null) === null) return approved;
    }
  return null;
}

const ODD_ENTRY = "Unrecognized critical extension(s) in revoked CRL entry";

/** Without a key usage an intermediate counts as a signer of lists only in a second search, which keeps its causes. */
function isSoughtAgain({ isTop, issuer }: RevocationStep): boolean {
  return !isTop && keyUsage(issuer).state === "absent";
}

const KNOWN_IN_ENTRY: ReadonlySet<string> = new Set([
  ExtensionOid.reasonCode,
  ExtensionOid.certificateIssuer,
]);

/** X509CRLSelector: a list without nextUpdate is never selected. */
function isCurrent({ thisUpdate, nextUpdate }: RevocationList, at: number): boolean {
  if (nextUpdate === null) return false;
  return at - CLOCK_SKEW <= nextUpdate && at + CLOCK_SKEW >= thisUpdate;
}

function issuerPoint({ issuer }: Certificate): DistributionPoint {
  const names: readonly GeneralName[] = [{ kind: "directory", value: issuer }];
  return { name: { kind: "full", names }, reasons: null, crlIssuer: null };
}

/** DistributionPointFetcher.verifyCRL for lists that the certificate's own issuer signs. */
function fitOf(
  list: RevocationList,
  point: DistributionPoint,
  scope: IssuingDistributionPoint | null,
  { certificate, issuer, isTop }: RevocationStep,
): "yes" | "no" | "other-key" {
  if (list.scope.state === "malformed" || !samePrincipal(list.issuer, certificate.issuer))
    return "no";
  if (point.crlIssuer !== null && !isIndirectFor(list, point, scope)) return "no";
  const wanted = valueOf(authorityKeyIdentifier(certificate))?.keyIdentifier ?? null;
  const own = authorityKey(list);
  const isOther = wanted !== null && own !== null && wanted !== own;
  if (!isOther && !isTop && !maySignLists(issuer)) return "no";
  if (
    scope !== null &&
    !(scopeFits(scope, certificate) && namesMeet(scope, point, list, certificate))
  )
    return "no";
  if (isOther) return "other-key";
  if (!isSignedWith(list, issuer)) return "no";
  const isKnown = list.extensions.every(
    ({ critical, oid }) => !critical || oid === ExtensionOid.issuingDistributionPoint,
  );
  return isKnown ? "yes" : "no";
}

function isIndirectFor(
  list: RevocationList,
  { crlIssuer }: DistributionPoint,
  scope: IssuingDistributionPoint | null,
): boolean {
  return (
    scope?.indirect === true &&
    (crlIssuer ?? []).some(
      (name) => name.kind === "directory" && samePrincipal(name.value, list.issuer),
    )
  );
}

/**
 * certCanSignCrl and, for an issuer without a key usage, verifyWithSeparateSigningKey, which finds the issuer once
 * more as a signer of lists.
 */
function maySignLists(issuer: Certificate): boolean {
  const usage = keyUsage(issuer);
  return usage.state === "present" ? usage.value.has("cRLSign") : true;
}

function scopeFits(scope: IssuingDistributionPoint, certificate: Certificate): boolean {
  const isCa = valueOf(basicConstraints(certificate))?.ca === true;
  if (scope.onlyAttributeCertificates) return false;
  return isCa ? !scope.onlyUserCertificates : !scope.onlyCaCertificates;
}

function namesMeet(
  scope: IssuingDistributionPoint,
  point: DistributionPoint,
  list: RevocationList,
  certificate: Certificate,
): boolean {
  if (scope.name === null) return true;
  const ofList = new Set(nameKeys(scope.name, list.issuer));
  const ofPoint =
    point.name === null
      ? (point.crlIssuer ?? []).map(nameKey)
      : nameKeys(point.name, certificate.issuer);
  return ofPoint.some((key) => ofList.has(key));
}

function nameKeys(name: DistributionPointName, issuer: Name): readonly string[] {
  return name.kind === "full"
    ? name.names.map(nameKey)
    : [`${canonicalName(issuer, "java")}\n${Buffer.from(name.rdn).toString("hex")}`];
}

function nameKey(name: GeneralName): string {
  return name.kind === "directory"
    ? canonicalName(name.value, "java")
    : `${name.kind} ${formatGeneralName(name).toLowerCase()}`;
}

/** X509CRLImpl.getRevokedCertificate: by issuer and serial number. */
function javaEntry(list: RevocationList, certificate: Certificate): RevokedEntry | undefined {
  return list
    .find(certificate.serialNumber)
    .find(({ certificateIssuer }) =>
      samePrincipal(certificateIssuer ?? list.issuer, certificate.issuer),
    );
}

/** java.security.cert.CRLReason. */
const REASON_NAMES: Record<RevocationReason, string> = {
  unspecified: "UNSPECIFIED",
  keyCompromise: "KEY_COMPROMISE",
  cACompromise: "CA_COMPROMISE",
  affiliationChanged: "AFFILIATION_CHANGED",
  superseded: "SUPERSEDED",
  cessationOfOperation: "CESSATION_OF_OPERATION",
  certificateHold: "CERTIFICATE_HOLD",
  removeFromCRL: "REMOVE_FROM_CRL",
  privilegeWithdrawn: "PRIVILEGE_WITHDRAWN",
  aACompromise: "AA_COMPROMISE",
};

function revoked(
  { certificate, depth }: { readonly certificate: Certificate; readonly depth: number },
  at: number,
  why: RevocationReason | null,
  authority: Name,
  oids: readonly string[],
): Refusal {
  const { sha256 } = certificate;
  const text = [
    `Certificate has been revoked, reason: ${REASON_NAMES[why ?? "unspecified"]}`,
    `revocation date: ${javaDate(at)}`,
    `authority: ${authority.text}`,
    `extension OIDs: [${oids.join(", ")}]`,
  ].join(", ");
  return refusal(
    "validation",
    reason("revoked", { sha256, depth, detail: new Date(at).toISOString() }),
    text,
    [`java.security.cert.CertificateRevokedException: ${text}`],
  );
}
