import type { Certificate } from "../../x509/certificate.ts";
import { javaExtensionComplaint, javaRefusal } from "../../x509/refusals/java.ts";
import type { JavaRules } from "../profile.ts";
import { reason } from "../reason.ts";
import { refusal, type Refusal } from "./refusal.ts";

type Release = JavaRules["wording"];

/** What most complaints of the certificate parser are, and what reading a malformed extension later raises. */
export const PARSING_EXCEPTION = "java.security.cert.CertificateParsingException";

/** What the JDK's certificate factory refuses although the encoding can be read. */
export function checkParsable(
  certificate: Certificate,
  depth: number,
  release: Release,
): Refusal | null {
  const exceptions = parseComplaint(certificate, release);
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

type Answers = Partial<Record<Release, readonly string[] | null>>;

const memory = new WeakMap<Certificate, Answers>();

/** The exceptions that reading a certificate raises, outermost first; null when the JDK can read it. */
export function parseComplaint(
  certificate: Certificate,
  release: Release,
): readonly string[] | null {
  let known = memory.get(certificate);
  if (known === undefined) {
    known = {};
    memory.set(certificate, known);
  }
  const before = known[release];
  if (before !== undefined) return before;
  const complaint = javaRefusal(certificate.der, release)?.exceptions ?? null;
  known[release] = complaint;
  return complaint;
}

/** What the JDK keeps about an extension that it cannot read; null when it reads it, or when there is none. */
export function extensionError(
  { extensions }: Certificate,
  wanted: string,
  release: Release,
): string | null {
  const extension = extensions.find(({ oid }) => oid === wanted);
  return extension === undefined
    ? null
    : (javaExtensionComplaint(extension, release)?.message ?? null);
}
