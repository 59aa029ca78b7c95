import type { JavaRules } from "../profile.ts";
import type { Reason } from "../reason.ts";
import { PATH_EXCEPTION, type Refusal } from "./refusal.ts";
import { SIGNATURE_EXCEPTION } from "./signature-check.ts";

const VALIDATOR = "sun.security.validator.ValidatorException";
const BUILDER = "sun.security.provider.certpath.SunCertPathBuilderException";
const CERTIFICATE = "java.security.cert.CertificateException";
const PARAMETERS = "java.security.InvalidAlgorithmParameterException";

/** Exceptions of javax.net.ssl other than SSLHandshakeException. */
const EXCEPTIONS: Partial<Record<Refusal["layer"], string>> = {
  store: "SSLException",
  crash: "SSLException",
  protocol: "SSLProtocolException",
};

/** What the application logs for a refused chain: the exception and its causes, as a stack trace words them. */
export function refusalMessage(refused: Refusal, rules: JavaRules): string {
  const alert = rules.alertInText && refused.layer !== "protocol" ? `(${alertOf(refused)}) ` : "";
  const [outermost = "", ...causes] = exceptions(refused);
  if (refused.layer === "unreadable-store")
    return trace([
      "java.security.KeyStoreException: problem accessing trust store",
      outermost,
      ...causes,
    ]);
  const text =
    refused.layer === "parse" ? "Failed to parse server certificates" : textOf(outermost);
  // an alert that is not of the handshake alone makes a plain SSLException
  const type = EXCEPTIONS[refused.layer] ?? "SSLHandshakeException";
  const head = `javax.net.ssl.${type}: ${alert}${text}`;
  if (refused.layer === "message" || refused.layer === "protocol") return head;
  return trace([head, outermost, ...causes]);
}

/** The same for a name that does not match. */
export function nameMessage(text: string, causes: readonly string[], rules: JavaRules): string {
  const alert = rules.alertInText ? "(certificate_unknown) " : "";
  // texts of exceptions of their own kind bring it along
  const exception = /^java\.[a-z.]+[A-Z]\w+Exception: /.test(text)
    ? text
    : `${CERTIFICATE}: ${text}`;
  return trace([
    `javax.net.ssl.SSLHandshakeException: ${alert}${textOf(exception)}`,
    exception,
    ...causes,
  ]);
}

const trace = (lines: readonly string[]): string => lines.join("\nCaused by: ");

/** Throwable.getMessage of an exception that is written with its class. */
function textOf(exception: string): string {
  return exception.slice(exception.indexOf(": ") + 2);
}

/** The trust manager's exception and its causes. */
function exceptions({ layer, text, causes }: Refusal): readonly string[] {
  switch (layer) {
    case "store":
      return [
        `java.lang.RuntimeException: Unexpected error: ${PARAMETERS}: ${text}`,
        `${PARAMETERS}: ${text}`,
      ];
    case "message":
    case "protocol":
      return [`: ${text}`];
    case "parse":
    case "unreadable-store":
    case "crash":
      return [text, ...causes];
    case "validation":
      return wrapped("PKIX path validation failed", `${PATH_EXCEPTION}: ${text}`, causes);
    case "anchor":
      return wrapped("PKIX path validation failed", `${VALIDATOR}: ${text}`, causes);
    case "building":
      return wrapped("PKIX path building failed", `${BUILDER}: ${text}`, causes);
    case "built-anchor":
      return wrapped("PKIX path building failed", `${VALIDATOR}: ${text}`, causes);
    case "plain":
      return [
        /^java\.[a-z.]+[A-Z]\w+Exception: /.test(text) ? text : `${VALIDATOR}: ${text}`,
        ...causes,
      ];
  }
}

const wrapped = (what: string, exception: string, causes: readonly string[]): readonly string[] => [
  `${VALIDATOR}: ${what}: ${exception}`,
  exception,
  ...causes,
];

/** The alert that JSSE sends, by the reason of the path validation error (CertificateMessage.getCertificateAlert). */
function alertOf({ layer, reason, text, causes }: Refusal): string {
  switch (layer) {
    case "store":
    case "unreadable-store":
    case "crash":
      return "internal_error";
    case "message":
    case "protocol":
    case "parse":
      return "bad_certificate";
    case "validation":
      return validationAlert(reason, text, causes);
    case "anchor":
    case "building":
    case "built-anchor":
    case "plain":
      return "certificate_unknown";
  }
}

function validationAlert({ code }: Reason, text: string, causes: readonly string[]): string {
  switch (code) {
    case "expired":
      return "certificate_expired";
    case "not-yet-valid":
      return "bad_certificate";
    case "signature-invalid":
      // a key of another kind is no invalid signature to the JDK
      return causes[0]?.startsWith(SIGNATURE_EXCEPTION) === true
        ? "bad_certificate"
        : "certificate_unknown";
    case "algorithm-disabled":
    case "key-too-small":
      return /MD5WITH|SHA1WITH/i.test(text) ? "bad_certificate" : "unsupported_certificate";
    default:
      return "certificate_unknown";
  }
}
