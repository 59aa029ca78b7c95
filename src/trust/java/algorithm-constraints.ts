import type { Certificate } from "../../x509/certificate.ts";
import { keyUsage, valueOf } from "../../x509/extensions.ts";
import type { AlgorithmConstraint, JavaRules } from "../profile.ts";
import { type Reason, reason } from "../reason.ts";

/** A refused algorithm or key, with Java's text. */
export interface AlgorithmRefusal {
  readonly reason: Reason;
  readonly text: string;
}

const FAILED = "Algorithm constraints check failed on";

/** AlgorithmChecker with jdk.certpath.disabledAlgorithms: signature and key of one certificate of the path. */
export function checkDisabledAlgorithms(
  certificate: Certificate,
  depth: number,
  rules: JavaRules,
): AlgorithmRefusal | null {
  const usage = valueOf(keyUsage(certificate));
  if (
    usage !== undefined &&
    [...usage].every((bit) => bit === "encipherOnly" || bit === "decipherOnly")
  )
    return {
      reason: reason("key-usage", {
        sha256: certificate.sha256,
        depth,
        detail: "no usage bit is set",
      }),
      text: "incorrect KeyUsage extension bits",
    };
  for (const constraint of rules.disabled) {
    const found = breach(certificate, constraint);
    if (found !== null) return refuse(certificate, depth, found, rules);
  }
  return null;
}

/** The key of an anchor; its signature never counts. */
export function checkAnchorKey(
  anchor: Certificate,
  depth: number,
  rules: JavaRules,
): AlgorithmRefusal | null {
  for (const constraint of rules.disabled) {
    if (constraint.kind === "digest") continue;
    const found = breach(anchor, constraint);
    if (found !== null) return refuse(anchor, depth, found, rules);
  }
  return null;
}

type Breach =
  | { readonly kind: "digest"; readonly name: string }
  | { readonly kind: "key"; readonly name: string; readonly bits: number };

function breach(certificate: Certificate, constraint: AlgorithmConstraint): Breach | null {
  const { publicKey, signatureAlgorithm } = certificate;
  switch (constraint.kind) {
    case "digest":
      return signatureAlgorithm?.hash === constraint.hash
        ? { kind: "digest", name: constraint.hash.toUpperCase() }
        : null;
    case "key-size": {
      const family = publicKey.type === "rsa-pss" ? "rsa" : publicKey.type;
      if (family !== constraint.key || publicKey.bits === null) return null;
      return publicKey.bits < constraint.below
        ? { kind: "key", name: constraint.key.toUpperCase(), bits: publicKey.bits }
        : null;
    }
    case "curve":
      return publicKey.curve === constraint.name
        ? { kind: "key", name: constraint.name, bits: publicKey.bits ?? 0 }
        : null;
  }
}

function refuse(
  certificate: Certificate,
  depth: number,
  found: Breach,
  rules: JavaRules,
): AlgorithmRefusal {
  const { sha256, subject } = certificate;
  const java = certificate.signatureAlgorithm?.javaName ?? certificate.signatureIdentifier.oid;
  if (found.kind === "digest")
    return {
      reason: reason("algorithm-disabled", { sha256, depth, detail: `signed with ${java}` }),
      text:
        rules.wording === "25"
          ? `${FAILED} disabled algorithm: ${found.name} used with certificate: ${subject.text}`
          : `${FAILED} signature algorithm: ${java}`,
    };
  return {
    reason: reason("key-too-small", {
      sha256,
      depth,
      detail: `${found.name} ${found.bits} bit key`,
    }),
    text: `${FAILED} keysize limits: ${found.name} ${found.bits} bit key used with certificate: ${subject.text}`,
  };
}

/** Certificate signatures that a TLS 1.3 client of this family offers, and what TLS 1.2 adds. */
const OFFERED: ReadonlySet<string> = new Set([
  "SHA256withECDSA",
  "SHA384withECDSA",
  "SHA512withECDSA",
  "Ed25519",
  "Ed448",
  "RSASSA-PSS",
  "SHA256withRSA",
  "SHA384withRSA",
  "SHA512withRSA",
  "SHA256withDSA",
  "SHA1withECDSA",
  "SHA1withRSA",
  "SHA1withDSA",
]);
const OFFERED_IN_TLS12: ReadonlySet<string> = new Set([
  ...OFFERED,
  "SHA224withECDSA",
  "SHA224withRSA",
  "SHA224withDSA",
]);

/** The second AlgorithmChecker: the signature must be among the schemes offered on this connection. */
export function checkOfferedSchemes(
  certificate: Certificate,
  depth: number,
  options: { readonly rules: JavaRules; readonly version: string | null },
): AlgorithmRefusal | null {
  const { version, rules } = options;
  if (version === "TLSv1.1" || version === "TLSv1") return null;
  const java = certificate.signatureAlgorithm?.javaName ?? certificate.signatureIdentifier.oid;
  const offered = version === "TLSv1.2" ? OFFERED_IN_TLS12 : OFFERED;
  if (offered.has(java)) return null;
  const { type, bits } = certificate.publicKey;
  return {
    reason: reason("algorithm-disabled", {
      sha256: certificate.sha256,
      depth,
      detail: `signed with ${java}, which the client does not offer`,
    }),
    text:
      rules.wording === "25"
        ? `${FAILED} ${java}signature and ${type.toUpperCase()} key with size of ${bits ?? 0}bits`
        : `${FAILED} signature algorithm: ${java}`,
  };
}
