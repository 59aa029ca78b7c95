import { hasAnomaly } from "../../x509/anomaly.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { reason } from "../reason.ts";
import { JavaParseError } from "./der-value.ts";
import { checkExtensionClass } from "./extension-classes.ts";
import { javaAltNames } from "./general-names.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** What the JDK's certificate factory refuses although the encoding can be read (X509CertInfo, X509CertImpl). */
export function checkParsable(certificate: Certificate, depth: number): Refusal | null {
  const exceptions = parseComplaint(certificate);
  if (exceptions === null) return null;
  const [outermost = "", ...causes] = exceptions;
  const text = outermost.slice(outermost.indexOf(": ") + 2);
  return refusal(
    "parse",
    reason("certificate-malformed", { sha256: certificate.sha256, depth, detail: text }),
    outermost,
    causes,
  );
}

const memory = new WeakMap<Certificate, readonly string[] | null>();

/** The exceptions that reading a certificate raises, outermost first; null when the JDK can read it. */
export function parseComplaint(certificate: Certificate): readonly string[] | null {
  let known = memory.get(certificate);
  if (known === undefined) {
    known = complaint(certificate);
    memory.set(certificate, known);
  }
  return known;
}

/** What most complaints of the certificate parser are, and what reading a malformed extension later raises. */
export const PARSING_EXCEPTION = "java.security.cert.CertificateParsingException";

/** In the order of X509CertInfo.parse; the algorithms of inside and outside are compared last. */
function complaint(certificate: Certificate): readonly string[] | null {
  const { version, publicKey, subject } = certificate;
  const parsing = (text: string): readonly string[] => [`${PARSING_EXCEPTION}: ${text}`];
  if (certificate.issuer.rdns.length === 0)
    return parsing("Empty issuer DN not allowed in X509Certificates");
  if (version === 1 && subject.rdns.length === 0)
    return parsing("Empty subject DN not allowed in v1 certificate");
  if (publicKey.explicitCurve)
    return wrapped(["java.io.IOException: Only named ECParameters supported"]);
  if (certificate.extensions.length > 0 && version < 3)
    return parsing(
      version === 1
        ? "no more data allowed for version 1 certificate"
        : "Extensions not allowed in v2 certificate",
    );
  const malformed = extensionComplaint(certificate);
  if (malformed !== null) return malformed;
  const incomplete = emptySubjectComplaint(certificate);
  if (incomplete !== null) return parsing(`X.509 Certificate is incomplete: ${incomplete}`);
  return hasAnomaly(certificate, "signature-algorithm-mismatch")
    ? ["java.security.cert.CertificateException: Signature algorithm mismatch"]
    : null;
}

/** new CertificateParsingException(Throwable): its text is the cause's. */
function wrapped(exceptions: readonly string[]): readonly string[] {
  return [`${PARSING_EXCEPTION}: ${exceptions[0] ?? ""}`, ...exceptions];
}

/** CertificateExtensions.parseExtension: a critical extension has to be readable, and none may come twice. */
function extensionComplaint({ extensions }: Certificate): readonly string[] | null {
  const seen = new Set<string>();
  for (const extension of extensions) {
    try {
      checkExtensionClass(extension);
    } catch (error) {
      if (!(error instanceof JavaParseError)) throw error;
      if (extension.critical) return wrapped(error.exceptions);
      continue;
    }
    if (seen.has(extension.oid))
      return wrapped(["java.io.IOException: Duplicate extensions not allowed"]);
    seen.add(extension.oid);
  }
  return null;
}

/** What the JDK keeps about an extension that it cannot read; null when it reads it, or when there is none. */
export function extensionError({ extensions }: Certificate, wanted: string): string | null {
  const extension = extensions.find(({ oid }) => oid === wanted);
  try {
    if (extension !== undefined) checkExtensionClass(extension);
    return null;
  } catch (error) {
    if (error instanceof JavaParseError) return error.message;
    throw error;
  }
}

function emptySubjectComplaint(certificate: Certificate): string | null {
  if (certificate.subject.rdns.length > 0 || certificate.version < 3) return null;
  if (certificate.extensions.length === 0) return null;
  const names = javaAltNames(certificate);
  if (names.state !== "present")
    return "subject field is empty, and SubjectAlternativeName extension is absent";
  return names.critical
    ? null
    : "SubjectAlternativeName extension MUST be marked critical when subject field is empty";
}
