import { hash } from "node:crypto";
import type { CertificateAnswerRecord, EmptyAnswerReason } from "../client-auth-record.ts";
import type { CertificateRequest } from "./certificate-request.ts";
import type { ClientCertificate, Keyring } from "./client-options.ts";
import { chooseJavaKey } from "./key-choice-java.ts";
import { isIssuedByAny } from "./key-choice-issuers.ts";
import {
  schemeAllowed,
  SCHEMES_BEFORE_12,
  signatureScheme,
  type SignatureScheme,
} from "./signature-schemes.ts";
import { signingKey } from "./signatures.ts";
import { canMake } from "./signing-ability.ts";

/** What a client sends in answer to a request, or why it sends nothing. */
export type KeyChoice =
  | {
      readonly kind: "send";
      readonly certificate: ClientCertificate;
      readonly scheme: SignatureScheme;
    }
  | { readonly kind: "none"; readonly reason: EmptyAnswerReason };

/** Decides what a client with a keyring sends to a server's request, as that kind of client does. */
export function chooseKey(
  keyring: Keyring | null,
  request: CertificateRequest,
  tls13: boolean,
): KeyChoice {
  if (keyring === null || keyring.certificates.length === 0)
    return { kind: "none", reason: "not-configured" };
  switch (keyring.policy) {
    case "configured":
      return chooseConfigured(keyring.certificates, request, tls13);
    case "go":
      return chooseAsGo(keyring.certificates, request, tls13);
    case "sunx509":
    case "pkix":
      return chooseJavaKey(keyring.certificates, request, { tls13, manager: keyring.policy });
  }
}

/** A choice as it is recorded. */
export function answerRecord(choice: KeyChoice): CertificateAnswerRecord {
  if (choice.kind === "none") return { kind: "empty", reason: choice.reason };
  const [own = new Uint8Array()] = choice.certificate.chain;
  return { kind: "sent", sha256: hash("sha256", own, "hex") };
}

/** OpenSSL (tls_choose_sigalg): what is configured, whatever authorities the server names. */
function chooseConfigured(
  certificates: readonly ClientCertificate[],
  request: CertificateRequest,
  tls13: boolean,
): KeyChoice {
  for (const certificate of certificates) {
    const scheme = fittingScheme(certificate, request, tls13);
    if (scheme !== null) return { kind: "send", certificate, scheme };
  }
  return { kind: "none", reason: "no-accepted-scheme" };
}

/** Go (tls.CertificateRequestInfo.SupportsCertificate): the first that can sign and has an accepted issuer. */
function chooseAsGo(
  certificates: readonly ClientCertificate[],
  request: CertificateRequest,
  tls13: boolean,
): KeyChoice {
  let reason: EmptyAnswerReason = "no-accepted-scheme";
  for (const certificate of certificates) {
    const scheme = fittingScheme(certificate, request, tls13);
    if (scheme === null) continue;
    if (isIssuedByAny(certificate.chain, request.authorities, "bytes"))
      return { kind: "send", certificate, scheme };
    reason = "no-accepted-issuer";
  }
  return { kind: "none", reason };
}

/** The first scheme of the server's list that a certificate's key can make; null when there is none. */
function fittingScheme(
  { key }: ClientCertificate,
  { signatureSchemes }: CertificateRequest,
  tls13: boolean,
): SignatureScheme | null {
  const own = signingKey(key);
  const offered = signatureSchemes?.map(signatureScheme) ?? SCHEMES_BEFORE_12;
  for (const scheme of offered)
    if (scheme !== undefined && schemeAllowed(scheme, tls13) && canMake(scheme, own, tls13))
      return scheme;
  return null;
}
