import { sameKey } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { dateText, distanceText } from "../words.ts";
import {
  entryWithName,
  type LintContext,
  type ReadableEntry,
  removalStep,
  storeArguments,
  storeName,
  trustedEntries,
} from "./context.ts";

/** Anchors that have expired or soon will. */
export function expiryFindings(context: LintContext): readonly Finding[] {
  const all = trustedEntries(context.file);
  return all.flatMap((item) => {
    const { notBefore, notAfter } = item.certificate;
    if (notAfter < context.at) return [expired(item, all, context)];
    const { warning, critical } = context.thresholds(notAfter - notBefore);
    const left = notAfter - context.at;
    return left <= Math.max(warning, critical)
      ? [expiring(item, left <= critical, all, context)]
      : [];
  });
}

/** A later issue of the same CA (name and key) in the same store, which takes over. */
function successor(
  { certificate }: ReadableEntry,
  all: readonly ReadableEntry[],
  at: number,
): ReadableEntry | undefined {
  return all.find(
    (other) =>
      other.certificate.notAfter > Math.max(at, certificate.notAfter) &&
      other.certificate.subject.text === certificate.subject.text &&
      sameKey(other.certificate, certificate),
  );
}

function expired(
  item: ReadableEntry,
  all: readonly ReadableEntry[],
  context: LintContext,
): Finding {
  const { entry, certificate } = item;
  const later = successor(item, all, context.at);
  const ended = `${entryWithName(item)} in ${storeName(context)} expired on ${dateText(certificate.notAfter)}`;
  return makeFinding("truststore.anchor-expired", {
    severity: later === undefined ? "critical" : "warning",
    summary:
      later === undefined
        ? `${ended}: OpenSSL, Go, Node.js and .NET clients refuse what depends on it; Java does not look at that`
        : `${ended}; ${entryWithName(later)} is its renewed form and makes it superfluous`,
    remedy: [
      ...(later === undefined
        ? [
            "Get the renewed CA certificate from its owner, and compare its SHA-256 fingerprint with the owner",
            `anchorwatch store add ${storeArguments(context)} ca.cer --in-place`,
          ]
        : []),
      removalStep(context, entry),
    ],
    certificates: [certificate],
    truststore: storeName(context),
    alias: entry.alias,
    time: certificate.notAfter,
  });
}

function expiring(
  item: ReadableEntry,
  isCritical: boolean,
  all: readonly ReadableEntry[],
  context: LintContext,
): Finding {
  const { entry, certificate } = item;
  const later = successor(item, all, context.at);
  const ends = `${entryWithName(item)} in ${storeName(context)} expires in ${distanceText(context.at, certificate.notAfter)}, on ${dateText(certificate.notAfter)}`;
  return makeFinding("truststore.anchor-expiring", {
    severity: later !== undefined ? "info" : isCritical ? "critical" : "warning",
    summary: later === undefined ? ends : `${ends}; ${entryWithName(later)} takes over`,
    remedy:
      later === undefined
        ? [
            "Get the renewed CA certificate from its owner, and compare its SHA-256 fingerprint with the owner",
            `anchorwatch store add ${storeArguments(context)} ca.cer --in-place`,
          ]
        : [],
    certificates: [certificate],
    truststore: storeName(context),
    alias: entry.alias,
    time: certificate.notAfter,
  });
}
