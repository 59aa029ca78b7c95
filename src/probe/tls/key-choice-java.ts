import { internCertificate } from "../../x509/certificate-cache.ts";
import type { EmptyAnswerReason } from "../client-auth-record.ts";
import type { CertificateRequest } from "./certificate-request.ts";
import type { ClientCertificate } from "./client-options.ts";
import type { KeyChoice } from "./key-choice.ts";
import { isIssuedByAny } from "./key-choice-issuers.ts";
import {
  schemeAllowed,
  SCHEMES_BEFORE_12,
  signatureScheme,
  type SignatureScheme,
} from "./signature-schemes.ts";
import { signingKey } from "./signatures.ts";
import { canMake } from "./signing-ability.ts";

/** How the JDK names the algorithms of keys; several schemes share one. */
type JavaKeyType = "EC" | "EdDSA" | "RSA" | "RSASSA-PSS";

const JAVA_KEY_TYPES: ReadonlyMap<string, JavaKeyType> = new Map([
  ["ec", "EC"],
  ["ed25519", "EdDSA"],
  ["ed448", "EdDSA"],
  ["rsa", "RSA"],
  ["rsa-pss", "RSASSA-PSS"],
]);

/** Key types behind ClientCertificateType (sun.security.ssl.CertificateRequest.ClientCertificateType). */
const TYPES_BY_CERTIFICATE_TYPE: ReadonlyMap<number, readonly JavaKeyType[]> = new Map<
  number,
  readonly JavaKeyType[]
>([
  [1, ["RSA", "RSASSA-PSS"]],
  [64, ["EC", "EdDSA"]],
]);

/** Curves on which JSSE signs. */
const JAVA_CURVES: ReadonlySet<string | null> = new Set(["secp256r1", "secp384r1", "secp521r1"]);

/** Which key manager chooses, and for which version. */
export interface JavaChoice {
  readonly tls13: boolean;
  /** `sunx509`: SunX509KeyManagerImpl, the default; `pkix`: X509KeyManagerImpl. */
  readonly manager: "sunx509" | "pkix";
}

/**
 * What JSSE sends: the first entry, by key type in the order of the server's schemes, of whose chain one issuer
 * is among the named authorities; nothing without one. The `pkix` manager refuses chains with signatures that
 * the server does not list. A key that then cannot sign makes the JDK break off, which is told apart.
 */
export function chooseJavaKey(
  certificates: readonly ClientCertificate[],
  request: CertificateRequest,
  { tls13, manager }: JavaChoice,
): KeyChoice {
  const types = acceptedKeyTypes(request, tls13);
  let reason: EmptyAnswerReason = "no-accepted-key-type";
  for (const type of types)
    for (const certificate of certificates) {
      if (keyTypeOf(certificate) !== type) continue;
      if (!isIssuedByAny(certificate.chain, request.authorities, "java")) {
        reason = "no-accepted-issuer";
        continue;
      }
      if (manager === "pkix" && !hasListedSignatures(certificate, request)) {
        reason = "no-accepted-signature";
        continue;
      }
      const scheme = firstScheme(certificate, request, tls13);
      return scheme === null
        ? { kind: "none", reason: "cannot-sign" }
        : { kind: "send", certificate, scheme };
    }
  return { kind: "none", reason };
}

function keyTypeOf({ key }: ClientCertificate): JavaKeyType | undefined {
  return JAVA_KEY_TYPES.get(signingKey(key).type);
}

/** Key types in the order in which the schemes of the request ask for them. */
function acceptedKeyTypes(request: CertificateRequest, tls13: boolean): readonly JavaKeyType[] {
  const { signatureSchemes, certificateSignatureSchemes, certificateTypes } = request;
  const listed = new Set(certificateTypes.flatMap(typesBehind));
  if (signatureSchemes === null) return [...listed];
  const makes = signatureSchemes.flatMap(known).filter((scheme) => schemeAllowed(scheme, tls13));
  const producible = new Set(makes.map(({ keyType }) => JAVA_KEY_TYPES.get(keyType)));
  const inCertificates = certificateSignatureSchemes ?? signatureSchemes;
  const ordered = new Set(
    inCertificates.flatMap(known).flatMap(({ keyType }) => JAVA_KEY_TYPES.get(keyType) ?? []),
  );
  return [...ordered].filter((type) => producible.has(type) && (tls13 || listed.has(type)));
}

/** JSSE ties ECDSA schemes to their curve in every version, and signs on three curves alone. */
function firstScheme(
  { key }: ClientCertificate,
  { signatureSchemes }: CertificateRequest,
  tls13: boolean,
): SignatureScheme | null {
  const own = signingKey(key);
  if (own.type === "ec" && !JAVA_CURVES.has(own.curve)) return null;
  const offered = signatureSchemes?.flatMap(known) ?? SCHEMES_BEFORE_12;
  for (const scheme of offered)
    if (scheme !== undefined && schemeAllowed(scheme, tls13) && canMake(scheme, own, true))
      return scheme;
  return null;
}

/** Whether every signature in a chain is of an algorithm that the server lists. */
function hasListedSignatures(
  { chain }: ClientCertificate,
  { signatureSchemes, certificateSignatureSchemes }: CertificateRequest,
): boolean {
  const codes = certificateSignatureSchemes ?? signatureSchemes;
  if (codes === null) return true;
  const listed = new Set(codes.flatMap(known).map(({ name }) => SIGNATURES.get(name) ?? name));
  return chain.every((der) => {
    const certificate = internCertificate(der);
    const name = certificate.ok ? certificate.value.signatureAlgorithm?.javaName : undefined;
    return name === undefined || listed.has(name);
  });
}

/** Names of the JDK for the signatures behind schemes (sun.security.ssl.SignatureScheme). */
const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ["ecdsa_secp256r1_sha256", "SHA256withECDSA"],
  ["ecdsa_secp384r1_sha384", "SHA384withECDSA"],
  ["ecdsa_secp521r1_sha512", "SHA512withECDSA"],
  ["ecdsa_sha1", "SHA1withECDSA"],
  ["ed25519", "Ed25519"],
  ["ed448", "Ed448"],
  ["rsa_pss_rsae_sha256", "RSASSA-PSS"],
  ["rsa_pss_rsae_sha384", "RSASSA-PSS"],
  ["rsa_pss_rsae_sha512", "RSASSA-PSS"],
  ["rsa_pss_pss_sha256", "RSASSA-PSS"],
  ["rsa_pss_pss_sha384", "RSASSA-PSS"],
  ["rsa_pss_pss_sha512", "RSASSA-PSS"],
  ["rsa_pkcs1_sha1", "SHA1withRSA"],
  ["rsa_pkcs1_sha256", "SHA256withRSA"],
  ["rsa_pkcs1_sha384", "SHA384withRSA"],
  ["rsa_pkcs1_sha512", "SHA512withRSA"],
]);

const typesBehind = (code: number): readonly JavaKeyType[] =>
  TYPES_BY_CERTIFICATE_TYPE.get(code) ?? [];

function known(code: number): readonly SignatureScheme[] {
  const scheme = signatureScheme(code);
  return scheme === undefined ? [] : [scheme];
}
