import type { Certificate } from "../../x509/certificate.ts";
import type { RevocationReason, RevokedEntry } from "../../x509/crl-entries.ts";
import type { RevocationList } from "../../x509/crl.ts";
import { readIntegerBytes } from "../../x509/der-values.ts";
import { onlyElement, Tag } from "../../x509/der.ts";
import { ALL_REASONS } from "../../x509/distribution-points.ts";
import { decodeExtension, valueOf } from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import type { RevocationContext } from "./evidence.ts";
import { coverage } from "./list-scope.ts";
import { listSigner } from "./list-signer.ts";
import { type RevocationStatus, strongest, unknown } from "./status.ts";

/** Critical extensions of lists that are understood here. */
const KNOWN_IN_LIST: ReadonlySet<string> = new Set([
  ExtensionOid.issuingDistributionPoint,
  ExtensionOid.deltaCrlIndicator,
  ExtensionOid.authorityKeyIdentifier,
]);

/** A list that may be relied on for a certificate. */
interface Usable {
  readonly list: RevocationList;
  readonly reasons: number;
}

/**
 * The status of a certificate by the lists that were given (RFC 5280 section 6.3.3), deltas applied to the lists that
 * they belong to.
 */
export function statusByLists(
  certificate: Certificate,
  issuer: Certificate,
  context: RevocationContext,
): RevocationStatus {
  const { lists } = context.evidence;
  if (lists.length === 0) return unknown("not-given");
  const failures: RevocationStatus[] = [];
  const usable: Usable[] = [];
  for (const read of lists) {
    if (!read.ok) {
      failures.push(unknown("malformed", "crl", read.error.message));
      continue;
    }
    const covered = coverage(certificate, read.value);
    if (covered === null) {
      failures.push(unknown("not-covered", "crl", read.value.issuer.text));
      continue;
    }
    const doubt = trustProblem(read.value, issuer, context);
    const problem = formProblem(read.value) ?? doubt ?? ageProblem(read.value, context.at);
    if (problem === null) usable.push({ list: read.value, reasons: covered.reasons });
    else failures.push((doubt === null ? revocationIn(certificate, read.value) : null) ?? problem);
  }
  return (
    statusByUsable(certificate, usable) ?? strongest(failures) ?? unknown("not-covered", "crl")
  );
}

/** Why a list is nobody's word about the certificates of an issuer; null when it is the issuer's. */
function trustProblem(
  list: RevocationList,
  issuer: Certificate,
  context: RevocationContext,
): RevocationStatus | null {
  const critical = list.extensions.find((each) => each.critical && !KNOWN_IN_LIST.has(each.oid));
  if (critical !== undefined) return unknown("critical-extension", "crl", critical.oid);
  if (list.criticalInEntries) return unknown("critical-extension", "crl", "in an entry");
  const signer = listSigner(list, issuer, context);
  if (signer.kind === "unauthorised")
    return unknown("signer-unauthorised", "crl", list.issuer.text);
  if (signer.kind === "invalid") return unknown("signature-invalid", "crl", list.issuer.text);
  if (context.at < list.thisUpdate)
    return unknown("not-yet-valid", "crl", new Date(list.thisUpdate).toISOString());
  return null;
}

function ageProblem({ nextUpdate }: RevocationList, at: number): RevocationStatus | null {
  return nextUpdate !== null && at > nextUpdate
    ? unknown("stale", "crl", new Date(nextUpdate).toISOString())
    : null;
}

function formProblem(list: RevocationList): RevocationStatus | null {
  const fault = formFault(list);
  return fault === null ? null : unknown("malformed", "crl", fault);
}

/** What RFC 5280 section 5 demands of every list of version 2. */
function formFault(list: RevocationList): string | null {
  if (list.scope.state === "malformed") return list.scope.message;
  if (list.version === 1)
    return list.extensions.length > 0 ? "extensions in a list of version 1" : null;
  if (list.nextUpdate === null) return "no nextUpdate";
  if (list.number.state === "absent") return "no CRLNumber";
  if (list.number.state === "malformed") return list.number.message;
  if (list.number.critical) return "CRLNumber must not be critical";
  if (list.scope.state === "present" && !list.scope.critical)
    return "issuingDistributionPoint must be critical";
  return list.extensions.some(({ oid }) => oid === ExtensionOid.authorityKeyIdentifier)
    ? null
    : "no authorityKeyIdentifier";
}

/** A list that is too old or not in form cannot say that a certificate is good, only that it was revoked. */
function revocationIn(certificate: Certificate, list: RevocationList): RevocationStatus | null {
  const entry = entryFor(certificate, list);
  return entry === undefined || REVERSIBLE.has(valueOf(entry.reason)) ? null : revoked(entry);
}

const REVERSIBLE: ReadonlySet<RevocationReason | undefined> = new Set([
  "certificateHold",
  "removeFromCRL",
]);

function revoked({ revokedAt, reason }: RevokedEntry): RevocationStatus {
  return { kind: "revoked", source: "crl", at: revokedAt, reason: valueOf(reason) ?? null };
}

function statusByUsable(
  certificate: Certificate,
  usable: readonly Usable[],
): RevocationStatus | undefined {
  const complete = usable.filter(({ list }) => !list.isDelta);
  let reasons = 0;
  const statuses: RevocationStatus[] = [];
  for (const each of complete) {
    const delta = newestDelta(each.list, usable);
    const entry =
      (delta === null ? undefined : entryFor(certificate, delta)) ??
      entryFor(certificate, each.list);
    if (entry !== undefined && valueOf(entry.reason) !== "removeFromCRL")
      statuses.push(revoked(entry));
    reasons |= each.reasons;
  }
  if (statuses.length > 0) return strongest(statuses);
  if (complete.length === 0) return undefined;
  if (reasons !== ALL_REASONS) return unknown("reasons-open", "crl");
  const ends = complete.flatMap(({ list }) => (list.nextUpdate === null ? [] : [list.nextUpdate]));
  return { kind: "good", source: "crl", until: ends.length === 0 ? null : Math.min(...ends) };
}

/** The delta that brings a list up to date (RFC 5280 section 5.2.4): same issuer and scope, based on no later list. */
function newestDelta(base: RevocationList, usable: readonly Usable[]): RevocationList | null {
  const number = valueOf(base.number);
  if (number === undefined) return null;
  const scope = (list: RevocationList): string => scopeText(list);
  const deltas = usable.flatMap(({ list }) => {
    if (!list.isDelta || !namesEqual(list.issuer, base.issuer, "openssl")) return [];
    const from = baseNumber(list);
    const own = valueOf(list.number);
    const fits = from !== null && own !== undefined && from <= number && own >= number;
    return fits && scope(list) === scope(base) ? [{ list, own }] : [];
  });
  return deltas.toSorted((a, b) => Number(b.own - a.own))[0]?.list ?? null;
}

function scopeText({ extensions }: RevocationList): string {
  const scope = extensions.find(({ oid }) => oid === ExtensionOid.issuingDistributionPoint);
  return scope === undefined ? "" : Buffer.from(scope.value).toString("hex");
}

function baseNumber({ extensions }: RevocationList): bigint | null {
  const decoded = decodeExtension(extensions, ExtensionOid.deltaCrlIndicator, (value) => {
    const octets = readIntegerBytes(onlyElement(value, Tag.integer, "a BaseCRLNumber"));
    return BigInt(`0x${Buffer.from(octets).toString("hex")}`);
  });
  return valueOf(decoded) ?? null;
}

/** The entry of a certificate in a list: serial number and, in an indirect list, issuer. */
export function entryFor(certificate: Certificate, list: RevocationList): RevokedEntry | undefined {
  return list
    .find(certificate.serialNumber)
    .find(({ certificateIssuer }) =>
      namesEqual(certificateIssuer ?? list.issuer, certificate.issuer, "openssl"),
    );
}
