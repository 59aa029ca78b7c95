import { hasAnomaly } from "../../x509/anomaly.ts";
import type { Certificate } from "../../x509/certificate.ts";
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  type Decoded,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid, KeyPurpose } from "../../x509/oids.ts";
import { goAltNames } from "./alt-names.ts";

const HANDLED: ReadonlySet<string> = new Set([
  ExtensionOid.keyUsage,
  ExtensionOid.basicConstraints,
  ExtensionOid.crlDistributionPoints,
  ExtensionOid.authorityKeyIdentifier,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.subjectKeyIdentifier,
  ExtensionOid.certificatePolicies,
  ExtensionOid.authorityInfoAccess,
]);

const COMPARABLE_CONSTRAINTS: ReadonlySet<string> = new Set(["dns", "ip", "email", "uri"]);

/** What x509.ParseCertificate refuses, in its words; null when it parses. */
export function parseComplaint(certificate: Certificate): string | null {
  const { publicKey } = certificate;
  if (hasAnomaly(certificate, "signature-algorithm-mismatch"))
    return "x509: inner and outer signature algorithm identifiers don't match";
  if (hasAnomaly(certificate, "duplicate-extension"))
    return "x509: certificate contains duplicate extensions";
  const isKnownCurve =
    publicKey.curve !== null && /^secp(224|256|384|521)r1$/.test(publicKey.curve);
  if (publicKey.type === "ec" && !isKnownCurve) return "x509: unsupported elliptic curve";
  const names = goAltNames(certificate);
  if (typeof names === "string") return names;
  const decoded: readonly (readonly [Decoded<unknown>, string])[] = [
    [basicConstraints(certificate), "invalid basic constraints"],
    [keyUsage(certificate), "invalid key usage"],
    [extendedKeyUsage(certificate), "invalid extended key usages"],
    [nameConstraints(certificate), "invalid NameConstraints extension"],
    [authorityKeyIdentifier(certificate), "invalid authority key identifier"],
    [subjectKeyIdentifier(certificate), "invalid subject key identifier"],
    [authorityInfoAccess(certificate), "invalid authority info access"],
  ];
  const bad = decoded.find(([{ state }]) => state === "malformed");
  if (bad !== undefined) return `x509: ${bad[1]}`;
  const subtrees = valueOf(nameConstraints(certificate));
  const isEmpty =
    subtrees !== undefined &&
    [...(subtrees.permitted ?? []), ...(subtrees.excluded ?? [])].length === 0;
  return isEmpty ? "x509: empty name constraints extension" : null;
}

/** Whether a critical extension stays unhandled. */
export function hasUnhandledCritical(certificate: Certificate): boolean {
  return certificate.extensions.some(({ critical, oid }) => {
    if (!critical || HANDLED.has(oid)) return false;
    if (oid === ExtensionOid.subjectAltName) {
      const names = goAltNames(certificate);
      if (names === null || typeof names === "string") return true;
      return (
        names.dns.length + names.emails.length + names.addresses.length + names.uriHosts.length ===
        0
      );
    }
    if (oid === ExtensionOid.nameConstraints) {
      const subtrees = valueOf(nameConstraints(certificate));
      const bases = [...(subtrees?.permitted ?? []), ...(subtrees?.excluded ?? [])];
      return bases.some(({ base }) => !COMPARABLE_CONSTRAINTS.has(base.kind));
    }
    return true;
  });
}

/** CheckSignatureFrom: whether a certificate may act as a parent at all. */
export function maySign(parent: Certificate): boolean {
  const constraints = valueOf(basicConstraints(parent));
  if (parent.version === 3 && constraints === undefined) return false;
  if (constraints !== undefined && !constraints.ca) return false;
  const usage = valueOf(keyUsage(parent));
  return usage === undefined || usage.size === 0 || usage.has("keyCertSign");
}

/** Why a signature algorithm is refused before it is verified; null when it is acceptable. */
export function algorithmComplaint({ signatureAlgorithm }: Certificate): string | null {
  const unimplemented = "x509: cannot verify signature: algorithm unimplemented";
  if (signatureAlgorithm === null) return unimplemented;
  const { hash, scheme, javaName } = signatureAlgorithm;
  if (hash === "md5" || hash === "md2" || hash === "sha1") {
    const digest = hash.toUpperCase();
    const key = scheme === "ecdsa" ? `ECDSA-${digest}` : `${digest}-RSA`;
    return `x509: cannot verify signature: insecure algorithm ${key}`;
  }
  if (hash === null) return javaName === "Ed25519" ? null : unimplemented;
  return ["sha256", "sha384", "sha512"].includes(hash) && scheme !== "dsa" ? null : unimplemented;
}

/** checkChainForKeyUsage: every certificate with purposes must allow TLS servers (or clients), or any. */
export function chainAllows(path: readonly Certificate[], purpose: "server" | "client"): boolean {
  const wanted = purpose === "server" ? KeyPurpose.serverAuth : KeyPurpose.clientAuth;
  return path.every((certificate) => {
    const purposes = valueOf(extendedKeyUsage(certificate)) ?? [];
    return purposes.length === 0 || purposes.includes(wanted) || purposes.includes(KeyPurpose.any);
  });
}
