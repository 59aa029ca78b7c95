import type { Certificate } from "../x509/certificate.ts";
import type { VendorWords } from "./profile.ts";
import type { Reason, ReasonCode } from "./reason.ts";

/** What was refused: a path for a reason, or the name. */
export type Refused =
  | { readonly kind: "path"; readonly reason: Reason; readonly top: Certificate | undefined }
  | { readonly kind: "name"; readonly text: string };

/** How a product tells a refusal, as far as its documentation gives the words. */
export function vendorMessage(words: VendorWords, refused: Refused): string {
  switch (words) {
    case "ibm-jsse2":
      return ibmMessage(refused);
    case "gskit":
      return refused.kind === "name"
        ? "GSK_ERROR_BAD_CERT(gsk rc = 414): the name does not fit"
        : "lib_stream: openStream: Failed in r_gsk_secure_soc_init: GSK_ERROR_BAD_CERT(gsk rc = 414)";
    case "layer7":
      return refused.kind === "name"
        ? "Unable to obtain HTTP response: the host name does not match the certificate"
        : "Unable to obtain HTTP response: Certificate not verified.";
    case "dotnet":
      return dotnetMessage(refused);
  }
}

const IBM_EXCEPTION = "java.security.cert.CertPathValidatorException";

/** IBM's builder names what it misses: the issuer, or the date. */
function ibmMessage(refused: Refused): string {
  const head = "javax.net.ssl.SSLHandshakeException: ";
  if (refused.kind === "name")
    return `${head}java.security.cert.CertificateException: ${refused.text}`;
  const { reason, top } = refused;
  const building =
    "com.ibm.jsse2.util.h: PKIX path building failed: java.security.cert.CertPathBuilderException: PKIXCertPathBuilderImpl could not build a valid CertPath.";
  const issuer = top === undefined ? "" : top.issuer.text;
  const cause = IBM_CAUSES[reason.code] ?? `The certificate issued by ${issuer} is not trusted`;
  const inner =
    reason.code === "issuer-unknown" || reason.code === "anchor-mismatch"
      ? `; internal cause is: ${IBM_EXCEPTION}: Certificate chaining error`
      : reason.detail === ""
        ? ""
        : `; internal cause is: ${reason.detail}`;
  return `${head}${building}; internal cause is: ${IBM_EXCEPTION}: ${cause}${inner}`;
}

const IBM_CAUSES: Partial<Record<ReasonCode, string>> = {
  expired: "The certificate expired",
  "not-yet-valid": "The certificate is not yet valid",
  "signature-invalid": "Signature does not match.",
  "not-a-ca": "The certificate is not a CA certificate",
};

/** System.Net.Security with the flags of X509ChainStatusFlags. */
function dotnetMessage(refused: Refused): string {
  if (refused.kind === "name")
    return "System.Security.Authentication.AuthenticationException: The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch";
  const flag = CHAIN_FLAGS[refused.reason.code] ?? "PartialChain";
  return `System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: ${flag}`;
}

const CHAIN_FLAGS: Partial<Record<ReasonCode, string>> = {
  "self-signed": "UntrustedRoot",
  "self-signed-in-chain": "UntrustedRoot",
  "issuer-unknown": "PartialChain",
  "partial-chain": "PartialChain",
  expired: "NotTimeValid",
  "not-yet-valid": "NotTimeValid",
  "signature-invalid": "NotSignatureValid",
  "not-a-ca": "InvalidBasicConstraints",
  "anchor-not-a-ca": "InvalidBasicConstraints",
  "path-length-exceeded": "InvalidBasicConstraints",
  "key-cert-sign-missing": "NotValidForUsage",
  "extended-key-usage": "NotValidForUsage",
  "key-usage": "NotValidForUsage",
  "netscape-type": "NotValidForUsage",
  "name-constraints": "HasNotPermittedNameConstraint",
  "name-constraints-unsupported": "InvalidNameConstraints",
  "algorithm-disabled": "HasWeakSignature",
  "key-too-small": "HasWeakSignature",
  policy: "InvalidPolicyConstraints",
  revoked: "Revoked",
  "revocation-unknown": "RevocationStatusUnknown",
};
