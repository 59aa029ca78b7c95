import type { Certificate } from "../../x509/certificate.ts";
import {
  basicConstraints,
  type BasicConstraints,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid, KeyPurpose } from "../../x509/oids.ts";
import { goRefusal } from "../../x509/refusals/go.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import { goNames } from "./alt-names.ts";
import { areComparable } from "./name-constraints.ts";

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

const refusals = new WeakMap<Certificate, string | null>();

/** What x509.ParseCertificate refuses, in its words; null when it parses. */
export function parseComplaint(certificate: Certificate): string | null {
  let known = refusals.get(certificate);
  if (known === undefined) {
    known = goRefusal(certificate.der);
    refusals.set(certificate, known);
  }
  return known;
}

/** Whether a critical extension stays unhandled. */
export function hasUnhandledCritical(certificate: Certificate): boolean {
  if (certificate.version < 3) return false;
  return certificate.extensions.some(({ critical, oid }) => {
    if (!critical || HANDLED.has(oid)) return false;
    if (oid === ExtensionOid.subjectAltName) return (goNames(certificate) ?? []).length === 0;
    if (oid !== ExtensionOid.nameConstraints) return true;
    const subtrees = valueOf(nameConstraints(certificate));
    return subtrees === undefined || !areComparable(subtrees);
  });
}

/** basicConstraints as Go reads them, in version 3 alone. */
export function goBasicConstraints(certificate: Certificate): BasicConstraints | undefined {
  return certificate.version === 3 ? valueOf(basicConstraints(certificate)) : undefined;
}

const UNIMPLEMENTED = "x509: cannot verify signature: algorithm unimplemented";

/** CheckSignatureFrom: what is wrong with a parent or with its signature; null when nothing is. */
export function signatureComplaint(child: Certificate, parent: Certificate): string | null {
  if (!maySign(parent))
    return "x509: invalid signature: parent certificate cannot sign this kind of certificate";
  const key = KEYS[parent.publicKey.type];
  if (key === undefined) return UNIMPLEMENTED;
  const wanted = algorithmOf(child);
  if (typeof wanted === "string") return wanted;
  if (wanted.key !== key.algorithm)
    return key.algorithm === "DSA"
      ? UNIMPLEMENTED
      : `x509: signature algorithm specifies an ${wanted.key} public key, but have public key of type ${key.type}`;
  if (key.algorithm === "DSA") return UNIMPLEMENTED;
  return isSignedBy(child, parent) ? null : key.failure;
}

/** Whether a certificate may act as a parent at all. */
function maySign(parent: Certificate): boolean {
  const constraints = goBasicConstraints(parent);
  if (parent.version === 3 && constraints === undefined) return false;
  if (constraints !== undefined && !constraints.ca) return false;
  const usage = parent.version === 3 ? valueOf(keyUsage(parent)) : undefined;
  return usage === undefined || usage.size === 0 || usage.has("keyCertSign");
}

interface GoKey {
  readonly algorithm: "RSA" | "ECDSA" | "Ed25519" | "DSA";
  /** The type as %T prints it. */
  readonly type: string;
  readonly failure: string;
}

const KEYS: Readonly<Record<string, GoKey>> = {
  rsa: { algorithm: "RSA", type: "*rsa.PublicKey", failure: "crypto/rsa: verification error" },
  ec: {
    algorithm: "ECDSA",
    type: "*ecdsa.PublicKey",
    failure: "x509: ECDSA verification failure",
  },
  ed25519: {
    algorithm: "Ed25519",
    type: "ed25519.PublicKey",
    failure: "x509: Ed25519 verification failure",
  },
  dsa: { algorithm: "DSA", type: "*dsa.PublicKey", failure: UNIMPLEMENTED },
};

/** The kind of key that a signature asks for, or why it is refused before that. */
function algorithmOf({
  signatureAlgorithm,
}: Certificate): { readonly key: GoKey["algorithm"] } | string {
  if (signatureAlgorithm === null) return UNIMPLEMENTED;
  const { hash, scheme, saltLength } = signatureAlgorithm;
  const insecure = "x509: cannot verify signature: insecure algorithm";
  const override = " (temporarily override with GODEBUG=x509sha1=1)";
  switch (scheme) {
    case "rsa-pkcs1":
      if (hash === "md5") return `${insecure} MD5-RSA`;
      if (hash === "sha1") return `${insecure} SHA1-RSA${override}`;
      return isModern(hash) ? { key: "RSA" } : UNIMPLEMENTED;
    case "rsa-pss": {
      const octets = hash === null ? 0 : Number(/\d+$/.exec(hash)?.[0] ?? 0) / 8;
      return isModern(hash) && saltLength === octets ? { key: "RSA" } : UNIMPLEMENTED;
    }
    case "ecdsa":
      if (hash === "sha1") return `${insecure} ECDSA-SHA1${override}`;
      return isModern(hash) ? { key: "ECDSA" } : UNIMPLEMENTED;
    case "dsa":
      if (hash === "sha1") return `${insecure} DSA-SHA1`;
      return hash === "sha256" ? { key: "DSA" } : UNIMPLEMENTED;
    case "eddsa":
      return signatureAlgorithm.javaName === "Ed25519" ? { key: "Ed25519" } : UNIMPLEMENTED;
    case "ml-dsa":
      return UNIMPLEMENTED;
  }
}

function isModern(hash: string | null): boolean {
  return hash === "sha256" || hash === "sha384" || hash === "sha512";
}

/** checkChainForKeyUsage: every certificate with purposes must allow TLS servers (or clients), or any. */
export function chainAllows(path: readonly Certificate[], purpose: "server" | "client"): boolean {
  const wanted = purpose === "server" ? KeyPurpose.serverAuth : KeyPurpose.clientAuth;
  return path.every((certificate) => {
    const purposes =
      certificate.version === 3 ? (valueOf(extendedKeyUsage(certificate)) ?? []) : [];
    return purposes.length === 0 || purposes.includes(wanted) || purposes.includes(KeyPurpose.any);
  });
}
