import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid, KeyPurpose } from "../../x509/oids.ts";
import { type Reason, reason, type ReasonCode } from "../reason.ts";
import type { Purpose } from "../verdict.ts";

/** Position of a certificate in a path. */
export type Role = "leaf" | "intermediate" | "root";

type Complaint = readonly [code: ReasonCode, detail: string];

const HANDLED: ReadonlySet<string> = new Set([
  ExtensionOid.basicConstraints,
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.subjectAltName,
  ExtensionOid.nameConstraints,
  ExtensionOid.certificatePolicies,
  ExtensionOid.policyMappings,
  ExtensionOid.policyConstraints,
  ExtensionOid.inhibitAnyPolicy,
]);

/** What is wrong with the form of one certificate in its role; null when nothing is. */
export function checkForm(
  certificate: Certificate,
  role: Role,
  depth: number,
  purpose: Purpose,
): Reason | null {
  const found =
    wellFormed(certificate, role) ??
    algorithms(certificate, role) ??
    identifiers(certificate, role) ??
    (role === "leaf" ? leafForm(certificate, purpose) : caForm(certificate, role, purpose));
  if (found === null) return null;
  return reason(found[0], { sha256: certificate.sha256, depth, detail: found[1] });
}

/** RFC 5280 sections 4.1 and 4.2: version, serial number, names, encodings, criticality. */
function wellFormed(certificate: Certificate, role: Role): Complaint | null {
  const { version, anomalies, extensions } = certificate;
  if (version !== 3) return ["certificate-malformed", `version ${version}`];
  // roots outlive the rules on serial numbers
  const anomaly = anomalies.find(({ code }) => role !== "root" || !code.startsWith("serial-"));
  if (anomaly !== undefined) return ["certificate-malformed", anomaly.code];
  const decoders = [
    basicConstraints,
    keyUsage,
    extendedKeyUsage,
    subjectAltName,
    subjectKeyIdentifier,
    authorityKeyIdentifier,
    nameConstraints,
    authorityInfoAccess,
  ];
  for (const decode of decoders) {
    const decoded = decode(certificate);
    if (decoded.state === "malformed") return ["certificate-malformed", decoded.message];
  }
  if (valueOf(authorityInfoAccess(certificate))?.length === 0)
    return ["certificate-malformed", "authorityInfoAccess is empty"];
  const unknown = extensions.find(({ critical, oid }) => critical && !HANDLED.has(oid));
  if (unknown === undefined) return null;
  const isKnownKind =
    unknown.oid === ExtensionOid.authorityKeyIdentifier ||
    unknown.oid === ExtensionOid.subjectKeyIdentifier ||
    unknown.oid === ExtensionOid.authorityInfoAccess;
  return isKnownKind
    ? ["certificate-malformed", `${unknown.oid} must not be critical`]
    : ["unknown-critical-extension", unknown.oid];
}

/** Keys and signatures of the web PKI (CA/Browser Forum Baseline Requirements 6.1.5 and 7.1.3). */
function algorithms({ publicKey, signatureAlgorithm }: Certificate, role: Role): Complaint | null {
  const { type, bits, curve } = publicKey;
  if (type === "rsa") {
    if ((bits ?? 0) < 2048) return ["key-too-small", `RSA ${bits ?? 0} bits`];
    if ((bits ?? 0) % 8 !== 0)
      return ["algorithm-disabled", `RSA ${bits ?? 0} bits, not a multiple of 8`];
  } else if (type === "ec") {
    if (curve === null || !["secp256r1", "secp384r1", "secp521r1"].includes(curve))
      return ["algorithm-disabled", `curve ${curve ?? "without a name"}`];
  } else if (type !== "ed25519" && type !== "ed448")
    return ["algorithm-disabled", `key type ${type}`];
  if (role === "root") return null;
  const hash = signatureAlgorithm?.hash;
  if (signatureAlgorithm === null) return ["algorithm-disabled", "unknown signature algorithm"];
  const isStrong = hash === null || hash === "sha256" || hash === "sha384" || hash === "sha512";
  return isStrong ? null : ["algorithm-disabled", `signed with ${signatureAlgorithm.javaName}`];
}

/** Key identifiers (RFC 5280 sections 4.2.1.1 and 4.2.1.2). */
function identifiers(certificate: Certificate, role: Role): Complaint | null {
  const authority = valueOf(authorityKeyIdentifier(certificate));
  const own = valueOf(subjectKeyIdentifier(certificate));
  if (role !== "leaf" && own === undefined)
    return ["certificate-malformed", "a CA without subjectKeyIdentifier"];
  if (role === "root") {
    if (authority === undefined) return null;
    if (authority.issuer !== null || authority.serialNumber !== null)
      return [
        "certificate-malformed",
        "authorityKeyIdentifier of a root names issuer or serial number",
      ];
    if (isSelfIssued(certificate) && authority.keyIdentifier !== own)
      return ["key-identifier-mismatch", "authorityKeyIdentifier of a root differs from its own"];
    return null;
  }
  return (authority?.keyIdentifier ?? null) === null
    ? ["certificate-malformed", "authorityKeyIdentifier without keyIdentifier"]
    : null;
}

function caForm(certificate: Certificate, role: Role, purpose: Purpose): Complaint | null {
  const constraints = basicConstraints(certificate);
  if (constraints.state !== "present" || !constraints.value.ca)
    return [role === "root" ? "anchor-not-a-ca" : "not-a-ca", ""];
  if (!constraints.critical)
    return ["certificate-malformed", "basicConstraints of a CA must be critical"];
  const usage = valueOf(keyUsage(certificate));
  if (usage === undefined || !usage.has("keyCertSign"))
    return [role === "root" ? "anchor-key-cert-sign-missing" : "key-cert-sign-missing", ""];
  if (certificate.subject.rdns.length === 0)
    return ["certificate-malformed", "a CA without subject"];
  const subtrees = nameConstraints(certificate);
  if (subtrees.state === "present") {
    if (!subtrees.critical) return ["certificate-malformed", "nameConstraints must be critical"];
    const { permitted, excluded } = subtrees.value;
    if ((permitted ?? []).length + (excluded ?? []).length === 0)
      return ["certificate-malformed", "nameConstraints are empty"];
  }
  const purposes = valueOf(extendedKeyUsage(certificate));
  if (role === "root" && purposes !== undefined)
    return ["extended-key-usage", "a root must not have an extended key usage"];
  return purposes === undefined || allows(purposes, purpose, true)
    ? null
    : ["extended-key-usage", purposes.join(", ")];
}

function leafForm(certificate: Certificate, purpose: Purpose): Complaint | null {
  if (valueOf(basicConstraints(certificate))?.ca === true)
    return ["certificate-malformed", "the leaf is a CA"];
  const usage = keyUsage(certificate);
  if (usage.state === "present") {
    if (usage.value.size === 0) return ["key-usage", "no usage bit is set"];
    if (usage.value.has("keyCertSign")) return ["key-usage", "the leaf may sign certificates"];
  }
  const purposes = valueOf(extendedKeyUsage(certificate));
  if (purposes !== undefined && !allows(purposes, purpose, false))
    return ["extended-key-usage", purposes.join(", ")];
  if (nameConstraints(certificate).state === "present")
    return ["certificate-malformed", "nameConstraints in a leaf"];
  return namesOfLeaf(certificate);
}

function allows(purposes: readonly string[], purpose: Purpose, isCa: boolean): boolean {
  const wanted = purpose === "server" ? KeyPurpose.serverAuth : KeyPurpose.clientAuth;
  const any = purposes.includes(KeyPurpose.any);
  return isCa ? any || purposes.includes(wanted) : purposes.includes(wanted) && !any;
}

/** subjectAltName is required, and critical exactly when there is no subject. */
function namesOfLeaf(certificate: Certificate): Complaint | null {
  const names = subjectAltName(certificate);
  if (names.state !== "present" || names.value.length === 0)
    return ["certificate-malformed", "no subjectAltName"];
  const hasSubject = certificate.subject.rdns.length > 0;
  if (names.critical === hasSubject)
    return [
      "certificate-malformed",
      hasSubject
        ? "subjectAltName is critical beside a subject"
        : "subjectAltName must be critical without a subject",
    ];
  const odd = names.value.find((name) => name.kind === "dns" && /[^A-Za-z0-9.*-]/.test(name.value));
  if (odd !== undefined)
    return ["certificate-malformed", "a dNSName has characters beyond letters, digits and hyphens"];
  return null;
}
