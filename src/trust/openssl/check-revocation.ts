import type { Certificate } from "../../x509/certificate.ts";
import type { RevocationList } from "../../x509/crl.ts";
import {
  ALL_REASONS,
  crlDistributionPoints,
  type DistributionPoint,
  type DistributionPointName,
  type IssuingDistributionPoint,
  type ReasonMask,
} from "../../x509/distribution-points.ts";
import {
  basicConstraints,
  keyUsage,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { formatGeneralName } from "../../x509/general-name.ts";
import { canonicalName, namesEqual } from "../../x509/name.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { publicKeyOf } from "../../x509/verify-signature.ts";
import type { ReasonCode } from "../reason.ts";
import { entryFor } from "../revocation/check-lists.ts";
import { authorityKey } from "../revocation/list-signer.ts";
import { isSignedWith } from "../revocation/signature-memory.ts";
import { type OpenSslContext, verifyError, type VerifyError } from "./context.ts";
import { VerifyErrors } from "./errors.ts";
import { looksSelfSigned } from "./facts.ts";

/** How well a list fits, as X509_STORE_CTX_get_crl weighs it (CRL_SCORE_… of x509_vfy.c). */
const Score = {
  noCritical: 0x100,
  scope: 0x080,
  time: 0x040,
  issuerName: 0x020,
  issuerCertificate: 0x018,
  samePath: 0x008,
  authorityKey: 0x004,
} as const;

/** What X509_verify_cert was told about revocation: -crl_check looks at the leaf, -crl_check_all at every certificate. */
export interface OpenSslRevocation {
  readonly scope: "leaf" | "chain";
  /** Lists in the store, in its order; one that does not parse is no list. */
  readonly lists: readonly RevocationList[];
}

/**
 * check_revocation without the flags for extended lists and deltas, as the commands run it by default: indirect lists
 * and lists for some reasons only are not used. Responses by OCSP play no part.
 */
export function checkRevocation(
  chain: readonly Certificate[],
  { scope, lists }: OpenSslRevocation,
  context: OpenSslContext,
): VerifyError | null {
  const last = scope === "leaf" ? 0 : chain.length - 1;
  for (let depth = 0; depth <= last; depth++) {
    const error = checkOne(chain, depth, lists, context);
    if (error !== null) return error;
  }
  return null;
}

interface Scored {
  readonly list: RevocationList;
  readonly score: number;
  readonly issuer: Certificate;
  /** Reasons for which the list answers; 0 outside its scope. */
  readonly reasons: ReasonMask;
}

/** A list within its scope that adds no reason to those that were answered is left out. */
function isRedundant({ score, reasons }: Scored, answered: ReasonMask): boolean {
  return (score & Score.scope) !== 0 && (reasons & ~answered) === 0;
}

function checkOne(
  chain: readonly Certificate[],
  depth: number,
  lists: readonly RevocationList[],
  context: OpenSslContext,
): VerifyError | null {
  const certificate = chain[depth];
  if (certificate === undefined) return null;
  const fail = (
    known: readonly [number, string],
    code: ReasonCode = "revocation-unknown",
    detail = "",
  ): VerifyError => verifyError(known, code, { certificate, depth, detail });
  // every list answers for some reasons; the search goes on until all are answered
  for (let answered = 0; answered !== ALL_REASONS;) {
    const best = bestList(chain, depth, { lists, answered }, context);
    if (best === null) return fail(VerifyErrors.unableToGetCrl);
    const problem = listProblem(best, chain, depth, context);
    if (problem !== null) return fail(problem);
    if ((best.score & Score.noCritical) === 0) return fail(VerifyErrors.unhandledCriticalCrl);
    const entry = entryFor(certificate, best.list);
    if (entry !== undefined && valueOf(entry.reason) !== "removeFromCRL")
      return fail(VerifyErrors.revoked, "revoked", new Date(entry.revokedAt).toISOString());
    if ((best.reasons & ~answered) === 0) return fail(VerifyErrors.unableToGetCrl);
    answered |= best.reasons;
  }
  return null;
}

interface Candidates {
  readonly lists: readonly RevocationList[];
  readonly answered: ReasonMask;
}

/** get_crl_sk: the best list, the newer one of two that are equally good. */
function bestList(
  chain: readonly Certificate[],
  depth: number,
  { lists, answered }: Candidates,
  context: OpenSslContext,
): Scored | null {
  let best: Scored | null = null;
  for (const list of lists) {
    const scored = scoreOf(list, chain, depth, context);
    if (scored === null || isRedundant(scored, answered)) continue;
    if (
      best === null ||
      scored.score > best.score ||
      (scored.score === best.score && list.thisUpdate > best.list.thisUpdate)
    )
      best = scored;
  }
  return best;
}

/** get_crl_score; null for a list that is not considered at all. */
function scoreOf(
  list: RevocationList,
  chain: readonly Certificate[],
  depth: number,
  context: OpenSslContext,
): Scored | null {
  const certificate = chain[depth];
  const scope = valueOf(list.scope) ?? null;
  if (certificate === undefined || isInvalidScope(list, scope)) return null;
  if (scope !== null && (scope.indirect || scope.reasons !== null)) return null;
  if (!namesEqual(certificate.issuer, list.issuer, "openssl")) return null;
  let score: number = Score.issuerName;
  if (!hasUnknownCritical(list)) score |= Score.noCritical;
  if (timeError(list, context.at) === null) score |= Score.time;
  const top = chain.length - 1;
  const direct = chain[Math.min(depth + 1, top)];
  if (direct === undefined) return null;
  let issuer: Certificate | undefined;
  if (fitsAuthorityKey(list, direct)) {
    issuer = direct;
    score |= Score.authorityKey | Score.issuerCertificate;
  } else {
    issuer = chain
      .slice(Math.min(depth + 2, chain.length))
      .find(
        (each) => namesEqual(each.subject, list.issuer, "openssl") && fitsAuthorityKey(list, each),
      );
    if (issuer === undefined) return null;
    score |= Score.authorityKey | Score.samePath;
  }
  const reasons = reasonsOf(certificate, list, scope);
  if (reasons !== null) score |= Score.scope;
  return { list, score, issuer, reasons: reasons ?? 0 };
}

/** IDP_INVALID: an undecodable scope, or one that excludes itself. */
function isInvalidScope(list: RevocationList, scope: IssuingDistributionPoint | null): boolean {
  if (list.scope.state === "malformed") return true;
  if (scope === null) return false;
  const only = [
    scope.onlyUserCertificates,
    scope.onlyCaCertificates,
    scope.onlyAttributeCertificates,
  ];
  return only.filter(Boolean).length > 1;
}

const KNOWN: ReadonlySet<string> = new Set([
  ExtensionOid.issuingDistributionPoint,
  ExtensionOid.authorityKeyIdentifier,
  ExtensionOid.deltaCrlIndicator,
]);

/** EXFLAG_CRITICAL of a list, entries included. */
function hasUnknownCritical(list: RevocationList): boolean {
  return (
    list.criticalInEntries ||
    list.extensions.some(({ critical, oid }) => critical && !KNOWN.has(oid))
  );
}

/** check_crl_time: in whole seconds, the last one excluded. */
function timeError(
  { thisUpdate, nextUpdate }: RevocationList,
  at: number,
): readonly [number, string] | null {
  const now = Math.floor(at / 1000);
  if (Math.floor(thisUpdate / 1000) > now) return VerifyErrors.crlNotYetValid;
  const hasEnded = nextUpdate !== null && Math.floor(nextUpdate / 1000) <= now;
  return hasEnded ? VerifyErrors.crlExpired : null;
}

/** X509_check_akid against the list's authorityKeyIdentifier. */
function fitsAuthorityKey(list: RevocationList, issuer: Certificate): boolean {
  const wanted = authorityKey(list);
  const own = valueOf(subjectKeyIdentifier(issuer));
  return wanted === null || own === undefined || wanted === own;
}

/** crl_crldp_check: the reasons of the first distribution point that leads to the list; null when none does. */
function reasonsOf(
  certificate: Certificate,
  list: RevocationList,
  scope: IssuingDistributionPoint | null,
): ReasonMask | null {
  const isCa = valueOf(basicConstraints(certificate))?.ca === true;
  if (scope?.onlyAttributeCertificates === true) return null;
  if (isCa ? scope?.onlyUserCertificates === true : scope?.onlyCaCertificates === true) return null;
  const points = valueOf(crlDistributionPoints(certificate)) ?? [];
  const point = points.find(
    (each) => issuerFits(each, list) && (scope === null || samePoint(each.name, scope.name, list)),
  );
  if (point !== undefined) return point.reasons ?? ALL_REASONS;
  return scope === null || scope.name === null ? ALL_REASONS : null;
}

function issuerFits({ crlIssuer }: DistributionPoint, list: RevocationList): boolean {
  if (crlIssuer === null) return true;
  return crlIssuer.some(
    (name) => name.kind === "directory" && namesEqual(name.value, list.issuer, "openssl"),
  );
}

/** idp_check_dp: a name that is missing on either side fits any. */
function samePoint(
  a: DistributionPointName | null,
  b: DistributionPointName | null,
  list: RevocationList,
): boolean {
  if (a === null || b === null) return true;
  const names = (name: DistributionPointName): readonly string[] =>
    name.kind === "full"
      ? name.names.map((each) =>
          each.kind === "directory"
            ? `directory:${canonicalName(each.value, "openssl")}`
            : `${each.kind}:${formatGeneralName(each)}`,
        )
      : [`relative:${list.issuer.text}:${Buffer.from(name.rdn).toString("hex")}`];
  const known = new Set(names(a));
  return names(b).some((name) => known.has(name));
}

/** check_crl. */
function listProblem(
  { list, score, issuer }: Scored,
  chain: readonly Certificate[],
  depth: number,
  context: OpenSslContext,
): readonly [number, string] | null {
  const top = chain.length - 1;
  if (depth >= top && !looksSelfSigned(issuer)) return VerifyErrors.unableToGetCrlIssuer;
  if (!list.isDelta) {
    const usage = valueOf(keyUsage(issuer));
    if (usage !== undefined && !usage.has("cRLSign")) return VerifyErrors.keyUsageNoCrlSign;
    if ((score & Score.scope) === 0) return VerifyErrors.differentCrlScope;
  }
  const late = (score & Score.time) === 0 ? timeError(list, context.at) : null;
  if (late !== null) return late;
  if (publicKeyOf(issuer) === null) return VerifyErrors.undecodableIssuerKey;
  return isSignedWith(list, issuer) ? null : VerifyErrors.crlSignatureFailure;
}
