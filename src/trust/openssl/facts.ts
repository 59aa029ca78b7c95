import type { Certificate } from "../../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Decoded,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  netscapeCertType,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import { ExtensionOid, KeyPurpose } from "../../x509/oids.ts";
import type { Purpose } from "../verdict.ts";
import { altNames } from "./alt-names.ts";

/** Whether the name checks out as X509_NAME_cmp sees it. */
export function selfIssued(certificate: Certificate): boolean {
  return namesEqual(certificate.subject, certificate.issuer, "openssl");
}

/**
 * X509_self_signed: self-issued, own key identifiers agree, the key fits the signature algorithm; no signature is
 * looked at. A certificate with an extension that does not decode is none.
 */
export function looksSelfSigned(certificate: Certificate): boolean {
  return (
    selfIssued(certificate) &&
    extensionsDecode(certificate) &&
    fitsKeyIdentifier(certificate, certificate) &&
    keyFitsSignature(certificate, certificate)
  );
}

/** ossl_x509_likely_issued: names, key identifiers, kind of key. */
export function likelyIssued(issuer: Certificate, subject: Certificate): boolean {
  return (
    namesEqual(issuer.subject, subject.issuer, "openssl") &&
    extensionsDecode(issuer) &&
    extensionsDecode(subject) &&
    fitsKeyIdentifier(issuer, subject) &&
    keyFitsSignature(issuer, subject)
  );
}

/** X509_check_akid. */
export function fitsKeyIdentifier(issuer: Certificate, subject: Certificate): boolean {
  const wanted = valueOf(authorityKeyIdentifier(subject));
  if (wanted === undefined) return true;
  const own = valueOf(subjectKeyIdentifier(issuer));
  if (wanted.keyIdentifier !== null && own !== undefined && wanted.keyIdentifier !== own)
    return false;
  if (wanted.serialNumber !== null && wanted.serialNumber !== issuer.serialNumber) return false;
  const directory = wanted.issuer?.find(({ kind }) => kind === "directory");
  if (directory?.kind === "directory" && !namesEqual(directory.value, issuer.issuer, "openssl"))
    return false;
  return true;
}

/** check_sig_alg_match: RSA keys may sign PSS, everything else must be of the kind that the signature names. */
function keyFitsSignature(issuer: Certificate, subject: Certificate): boolean {
  const algorithm = subject.signatureAlgorithm;
  if (algorithm === null) return false;
  const { type } = issuer.publicKey;
  switch (algorithm.scheme) {
    case "rsa-pkcs1":
      return type === "rsa";
    case "rsa-pss":
      return type === "rsa" || type === "rsa-pss";
    case "ecdsa":
      return type === "ec";
    case "dsa":
      return type === "dsa";
    case "eddsa":
    case "ml-dsa":
      return type === algorithm.javaName.toLowerCase();
  }
}

/** Extensions that are decoded beforehand; one of these that does not decode, or comes twice, spoils the certificate. */
const CACHED: readonly string[] = [
  ExtensionOid.basicConstraints,
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.netscapeCertType,
  ExtensionOid.subjectKeyIdentifier,
  ExtensionOid.authorityKeyIdentifier,
  ExtensionOid.subjectAltName,
  ExtensionOid.nameConstraints,
  ExtensionOid.crlDistributionPoints,
];

const decodes = new WeakMap<Certificate, boolean>();

/** ossl_x509v3_cache_extensions without EXFLAG_INVALID. */
export function extensionsDecode(certificate: Certificate): boolean {
  let known = decodes.get(certificate);
  if (known === undefined) {
    known = allDecode(certificate);
    decodes.set(certificate, known);
  }
  return known;
}

function allDecode(certificate: Certificate): boolean {
  const decoded: readonly Decoded<unknown>[] = [
    basicConstraints(certificate),
    keyUsage(certificate),
    extendedKeyUsage(certificate),
    altNames(certificate),
    subjectKeyIdentifier(certificate),
    authorityKeyIdentifier(certificate),
    nameConstraints(certificate),
    netscapeCertType(certificate),
  ];
  if (decoded.some(({ state }) => state === "malformed")) return false;
  if (valueOf(keyUsage(certificate))?.size === 0) return false;
  const { extensions } = certificate;
  return CACHED.every((wanted) => extensions.filter(({ oid }) => oid === wanted).length < 2);
}

/**
 * X509_check_ca: 0 is no CA, 1 a CA by basicConstraints, 3 a version 1 root, 4 tolerated for its keyCertSign,
 * 5 a CA by Netscape type.
 */
export function caKind(certificate: Certificate): 0 | 1 | 3 | 4 | 5 {
  if (!extensionsDecode(certificate)) return 0;
  const usage = valueOf(keyUsage(certificate));
  if (usage !== undefined && !usage.has("keyCertSign")) return 0;
  const constraints = valueOf(basicConstraints(certificate));
  if (constraints !== undefined) return constraints.ca ? 1 : 0;
  if (certificate.version === 1 && looksSelfSigned(certificate)) return 3;
  if (usage !== undefined) return 4;
  return ((valueOf(netscapeCertType(certificate)) ?? 0) & 0x07) !== 0 ? 5 : 0;
}

const PURPOSES: Record<Purpose, readonly string[]> = {
  server: [
    KeyPurpose.serverAuth,
    KeyPurpose.microsoftServerGatedCrypto,
    KeyPurpose.netscapeServerGatedCrypto,
  ],
  client: [KeyPurpose.clientAuth],
};

/**
 * X509_check_purpose for sslserver and sslclient: anyExtendedKeyUsage is not enough. Extensions that do not decode are
 * an error of their own, which counts as fine without X509_V_FLAG_X509_STRICT.
 */
export function fitsPurpose(
  certificate: Certificate,
  purpose: Purpose,
  mustBeCa: boolean,
): boolean {
  if (!extensionsDecode(certificate)) return true;
  if (!fitsExtendedUsage(certificate, purpose)) return false;
  const netscape = valueOf(netscapeCertType(certificate));
  if (mustBeCa) {
    const kind = caKind(certificate);
    return kind !== 0 && (kind !== 5 || ((netscape ?? 0) & 0x04) !== 0);
  }
  if (netscape !== undefined && (netscape & (purpose === "server" ? 0x40 : 0x80)) === 0)
    return false;
  const usage = valueOf(keyUsage(certificate));
  if (usage === undefined) return true;
  return (
    usage.has("digitalSignature") ||
    usage.has("keyAgreement") ||
    (purpose === "server" && usage.has("keyEncipherment"))
  );
}

/** xku_reject, turned round. */
export function fitsExtendedUsage(certificate: Certificate, purpose: Purpose): boolean {
  const purposes = valueOf(extendedKeyUsage(certificate));
  return purposes === undefined || purposes.some((oid) => PURPOSES[purpose].includes(oid));
}
