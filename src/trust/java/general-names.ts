import type { Certificate } from "../../x509/certificate.ts";
import { type Decoded, subjectAltName } from "../../x509/extensions.ts";
import type { GeneralName } from "../../x509/general-name.ts";

/**
 * subjectAltName as sun.security.x509 reads it: beyond the encoding it rejects URIs without a scheme and addresses of
 * odd lengths, and then the whole extension counts as malformed.
 */
export function javaAltNames(certificate: Certificate): Decoded<readonly GeneralName[]> {
  const decoded = subjectAltName(certificate);
  if (decoded.state !== "present") return decoded;
  const message = decoded.value.map(complaint).find((text) => text !== null);
  if (message === undefined || message === null) return decoded;
  return { state: "malformed", critical: decoded.critical, message };
}

function complaint(name: GeneralName): string | null {
  switch (name.kind) {
    case "uri":
      return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(name.value)
        ? null
        : `URI name must include scheme:${name.value}`;
    case "ip":
      return [4, 8, 16, 32].includes(name.value.length) ? null : "Invalid IPAddressName";
    case "dns":
    case "email":
    case "directory":
    case "registered-id":
    case "other":
    case "x400":
    case "edi-party":
      return null;
  }
}
