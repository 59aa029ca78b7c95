import type { JavaRules } from "../profile.ts";
import type { Reason } from "../reason.ts";
import type { Refusal } from "./refusal.ts";

const VALIDATION = "PKIX path validation failed:";
const CERT_PATH = "java.security.cert.CertPathValidatorException:";
const BUILDING =
  "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException:";

/** The exception that the application logs for a refused chain. */
export function refusalMessage(refused: Refusal, rules: JavaRules): string {
  const text = wrapped(refused);
  const alert = rules.alertInText ? `(${alertOf(refused)}) ` : "";
  return `javax.net.ssl.SSLHandshakeException: ${alert}${text}`;
}

/** The exception for a name that does not match. */
export function nameMessage(text: string, rules: JavaRules): string {
  return `javax.net.ssl.SSLHandshakeException: ${rules.alertInText ? "(certificate_unknown) " : ""}${text}`;
}

function wrapped({ layer, text }: Refusal): string {
  switch (layer) {
    case "store":
      return `Unexpected error: java.security.InvalidAlgorithmParameterException: ${text}`;
    case "parse":
      return text.startsWith("Empty server") || text.startsWith("The certificate chain length")
        ? text
        : "Failed to parse server certificates";
    case "validation":
      return `${VALIDATION} ${CERT_PATH} ${text}`;
    case "anchor":
      return `${VALIDATION} sun.security.validator.ValidatorException: ${text}`;
    case "building":
      return `${BUILDING} ${text}`;
    case "plain":
      return text;
  }
}

/** The alert that JSSE sends, by the reason of the path validation error. */
function alertOf({ layer, reason }: Refusal): string {
  if (layer === "store") return "internal_error";
  if (layer === "parse") return "bad_certificate";
  if (layer !== "validation") return "certificate_unknown";
  return validationAlert(reason);
}

function validationAlert({ code, detail }: Reason): string {
  switch (code) {
    case "expired":
      return "certificate_expired";
    case "not-yet-valid":
    case "signature-invalid":
      return "bad_certificate";
    case "algorithm-disabled":
      return /MD5|SHA1/.test(detail) ? "bad_certificate" : "unsupported_certificate";
    case "key-too-small":
      return "unsupported_certificate";
    default:
      return "certificate_unknown";
  }
}
