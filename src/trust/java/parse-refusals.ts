import { hasAnomaly } from "../../x509/anomaly.ts";
import type { Certificate } from "../../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Decoded,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectKeyIdentifier,
} from "../../x509/extensions.ts";
import { reason } from "../reason.ts";
import { javaAltNames } from "./general-names.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** What the JDK's certificate factory refuses although the encoding can be read (X509CertInfo, X509CertImpl). */
export function checkParsable(certificate: Certificate, depth: number): Refusal | null {
  const text = parseComplaint(certificate);
  if (text === null) return null;
  return refusal(
    "parse",
    reason("certificate-malformed", { sha256: certificate.sha256, depth, detail: text }),
    text,
  );
}

function parseComplaint(certificate: Certificate): string | null {
  const { version, publicKey } = certificate;
  if (hasAnomaly(certificate, "empty-issuer")) return "Empty issuer DN not allowed in X509Certificates";
  const subject = emptySubjectComplaint(certificate);
  if (subject !== null) return subject;
  if (hasAnomaly(certificate, "extensions-before-version-3"))
    return version === 1
      ? "no more data allowed for version 1 certificate"
      : "Extensions not allowed in v2 certificate";
  if (hasAnomaly(certificate, "duplicate-extension"))
    return "java.io.IOException: Duplicate extensions not allowed";
  if (hasAnomaly(certificate, "signature-algorithm-mismatch")) return "Signature algorithm mismatch";
  if (publicKey.explicitCurve) return "Only named ECParameters supported";
  return malformedCritical(certificate);
}

function emptySubjectComplaint(certificate: Certificate): string | null {
  if (certificate.subject.rdns.length > 0) return null;
  if (certificate.version === 1) return "Empty subject DN not allowed in v1 certificate";
  const incomplete = "X.509 Certificate is incomplete:";
  if (certificate.extensions.length === 0)
    return `${incomplete} subject field is empty, and certificate has no extensions`;
  const names = javaAltNames(certificate);
  if (names.state !== "present")
    return `${incomplete} subject field is empty, and SubjectAlternativeName extension is absent`;
  if (names.value.length === 0)
    return `${incomplete} subject field is empty, and SubjectAlternativeName extension is empty`;
  if (!names.critical)
    return `${incomplete} SubjectAlternativeName extension MUST be marked critical when subject field is empty`;
  return null;
}

/** A critical extension of a known type must decode; a non-critical one counts as absent. */
function malformedCritical(certificate: Certificate): string | null {
  const decoded: readonly Decoded<unknown>[] = [
    basicConstraints(certificate),
    keyUsage(certificate),
    extendedKeyUsage(certificate),
    javaAltNames(certificate),
    nameConstraints(certificate),
    authorityKeyIdentifier(certificate),
    subjectKeyIdentifier(certificate),
  ];
  for (const each of decoded)
    if (each.state === "malformed" && each.critical) return `java.io.IOException: ${each.message}`;
  return null;
}
