import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import { basicConstraints, keyUsage, valueOf } from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { dateText, shortName } from "../words.ts";
import {
  entryWithName,
  type LintContext,
  type ReadableEntry,
  removalStep,
  storeArguments,
  storeName,
  titles,
  trustedEntries,
} from "./context.ts";

/** What a certificate is for, as far as it matters in a truststore. */
export type CertificateRole =
  /** May sign certificates. */
  | "ca"
  /** A server's or user's own, issued by a CA. */
  | "leaf"
  /** A server's or user's own, signed by itself. */
  | "self-signed-leaf"
  /** Says that it is a CA, and has a keyUsage without keyCertSign. */
  | "ca-without-signing";

/** What a certificate is for. Before version 3 a self-issued one counts as a CA, as Java and OpenSSL count it. */
export function roleOf(certificate: Certificate): CertificateRole {
  const isSelf = isSelfIssued(certificate);
  if (certificate.version < 3) return isSelf ? "ca" : "leaf";
  if (valueOf(basicConstraints(certificate))?.ca !== true)
    return isSelf ? "self-signed-leaf" : "leaf";
  const usage = valueOf(keyUsage(certificate));
  return usage === undefined || usage.has("keyCertSign") ? "ca" : "ca-without-signing";
}

/** Entries that are no CAs, and CAs whose own root is missing. */
export function roleFindings(context: LintContext): readonly Finding[] {
  const all = trustedEntries(context.file);
  const findings = all.flatMap((item) => roleFinding(item, context) ?? []);
  const rootless = all.filter(
    ({ certificate }) =>
      roleOf(certificate) === "ca" &&
      !isSelfIssued(certificate) &&
      !all.some((other) => namesEqual(other.certificate.subject, certificate.issuer, "openssl")),
  );
  return rootless.length === 0 ? findings : [...findings, intermediates(rootless, context)];
}

function roleFinding(item: ReadableEntry, context: LintContext): Finding | null {
  const { entry, certificate } = item;
  const common = {
    certificates: [certificate],
    truststore: storeName(context),
    alias: entry.alias,
  };
  const where = `${entryWithName(item)} in ${storeName(context)}`;
  switch (roleOf(certificate)) {
    case "ca":
      return null;
    case "leaf":
      return makeFinding("truststore.leaf-pinned", {
        ...common,
        severity: "warning",
        summary: `${where} is a server's or user's own certificate (valid until ${dateText(certificate.notAfter)}), not a CA: Java and Go trust it until the next renewal, OpenSSL and Node.js not at all`,
        remedy: [
          `Get the CA certificate ${certificate.issuer.text} from its owner, and compare its SHA-256 fingerprint with the owner`,
          `anchorwatch store add ${storeArguments(context)} ca.cer --in-place`,
          removalStep(context, entry),
        ],
      });
    case "self-signed-leaf":
      return makeFinding("truststore.leaf-pinned", {
        ...common,
        severity: "info",
        summary: `${where} is signed by itself and no CA: it stands for one server, until ${dateText(certificate.notAfter)}`,
        remedy: [],
        time: certificate.notAfter,
      });
    case "ca-without-signing":
      return makeFinding("truststore.anchor-not-ca", {
        ...common,
        severity: "warning",
        summary: `${where} is a CA whose key usage lacks keyCertSign: Java, OpenSSL and Go refuse what it has signed`,
        remedy: [
          `Ask the owner of ${shortName(certificate.subject)} for a CA certificate with keyCertSign, and compare its SHA-256 fingerprint with the owner`,
        ],
      });
  }
}

function intermediates(items: readonly ReadableEntry[], context: LintContext): Finding {
  const entries = items.map(({ entry }) => entry);
  const one = items.length === 1;
  return makeFinding("truststore.intermediate-only", {
    severity: "info",
    summary: `${storeName(context)} holds ${titles(entries)} without ${one ? "its root" : "their roots"}: Java and Go end a path there, OpenSSL and Node.js need the root as well`,
    remedy: [
      "Get the root from its owner, and compare its SHA-256 fingerprint with the owner",
      `anchorwatch store add ${storeArguments(context)} root.cer --in-place`,
    ],
    certificates: items.map(({ certificate }) => certificate),
    truststore: storeName(context),
  });
}
