import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import type { Finding, Severity } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import {
  entryWithName,
  type LintContext,
  removalStep,
  storeName,
  trustedEntries,
} from "./context.ts";

/** What is weak about a certificate, for whom. */
interface Weakness {
  readonly severity: Severity;
  readonly words: string;
}

/** Anchors with keys or signatures that clients refuse, or soon will. */
export function strengthFindings(context: LintContext): readonly Finding[] {
  return trustedEntries(context.file).flatMap((item) => {
    const weaknesses = [
      keyWeakness(item.certificate),
      signatureWeakness(item.certificate),
      versionWeakness(item.certificate),
    ].filter((weakness) => weakness !== null);
    if (weaknesses.length === 0) return [];
    const { entry, certificate } = item;
    return [
      makeFinding("truststore.weak-certificate", {
        severity: worst(weaknesses),
        summary: `${entryWithName(item)} in ${storeName(context)} ${weaknesses.map(({ words }) => words).join("; and ")}`,
        remedy: [
          "Get the CA's present root from its owner, and compare its SHA-256 fingerprint with the owner",
          `When nothing depends on this one any more: ${removalStep(context, entry)}`,
        ],
        certificates: [certificate],
        truststore: storeName(context),
        alias: entry.alias,
      }),
    ];
  });
}

function worst(weaknesses: readonly Weakness[]): Severity {
  const has = (severity: Severity): boolean =>
    weaknesses.some((weakness) => weakness.severity === severity);
  return has("critical") ? "critical" : has("warning") ? "warning" : "info";
}

/** Sizes below what jdk.certpath.disabledAlgorithms and OpenSSL's security level 2 allow. */
function keyWeakness({ publicKey: { type, bits } }: Certificate): Weakness | null {
  if (bits === null) return null;
  const name = { rsa: "RSA", "rsa-pss": "RSA", dsa: "DSA", ec: "EC" } as const;
  switch (type) {
    case "rsa":
    case "rsa-pss":
    case "dsa":
      if (bits < 1024)
        return {
          severity: "critical",
          words: `has a key of ${name[type]} ${bits} bits, which every client refuses`,
        };
      return bits < 2048
        ? {
            severity: "warning",
            words: `has a key of ${name[type]} ${bits} bits, which OpenSSL refuses at its usual security level 2 (2048 bits)`,
          }
        : null;
    case "ec":
      return bits < 224
        ? {
            severity: "warning",
            words: `has a key of EC ${bits} bits, which Java and OpenSSL refuse (224 bits)`,
          }
        : null;
    default:
      return null;
  }
}

/** The signature of a root is not looked at, that of an anchor below a root by OpenSSL and by whoever goes on to the root. */
function signatureWeakness(certificate: Certificate): Weakness | null {
  const hash = certificate.signatureAlgorithm?.hash ?? null;
  if (isSelfIssued(certificate) || hash === null) return null;
  if (hash === "md5" || hash === "md2")
    return {
      severity: "warning",
      words: `is signed with ${hash.toUpperCase()}, which every client refuses above an anchor`,
    };
  return hash === "sha1"
    ? {
        severity: "warning",
        words:
          "is signed with SHA-1, which OpenSSL and Go refuse when the path leads on to its root",
      }
    : null;
}

function versionWeakness({ version }: Certificate): Weakness | null {
  return version < 3
    ? {
        severity: "info",
        words: `is of X.509 version ${version} and cannot say that it is a CA: some clients take it for one, strict ones do not`,
      }
    : null;
}
