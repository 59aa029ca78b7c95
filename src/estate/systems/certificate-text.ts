import { type Certificate, parseCertificate } from "../../x509/certificate.ts";
import { basicConstraints } from "../../x509/extensions.ts";

/** Longest text of one certificate. */
const MAX_TEXT = 2 ** 21;

/**
 * Reads a certificate that a configuration holds as text: base64 of DER or one PEM block, with any white space in it.
 * Null when it is none.
 */
export function certificateFromText(text: string): Certificate | null {
  if (text.length > MAX_TEXT) return null;
  const base64 = text.replace(/-----(?:BEGIN|END) [A-Z0-9 ]+-----/gu, "").replace(/\s+/gu, "");
  if (base64 === "" || !/^[A-Za-z0-9+/]+={0,2}$/u.test(base64)) return null;
  const parsed = parseCertificate(Buffer.from(base64, "base64"));
  return parsed.ok ? parsed.value : null;
}

/** The certificates of PEM text, in order; blocks that cannot be read are left out. */
export function certificatesFromPem(text: string): readonly Certificate[] {
  const blocks = text
    .slice(0, 8 * MAX_TEXT)
    .split("-----BEGIN CERTIFICATE-----")
    .slice(1);
  return blocks.flatMap((block) => {
    const end = block.indexOf("-----END CERTIFICATE-----");
    return end < 0 ? [] : (certificateFromText(block.slice(0, end)) ?? []);
  });
}

/** The location of a truststore that is this one certificate. */
export const inlineLocation = ({ der }: Certificate): string =>
  `inline:${Buffer.from(der).toString("base64")}`;

/** Whether a certificate may issue others: by its basic constraints, or by being its own issuer where it has none. */
export function isAuthority(certificate: Certificate): boolean {
  const constraints = basicConstraints(certificate);
  return constraints.state === "present"
    ? constraints.value.ca
    : certificate.subject.text === certificate.issuer.text;
}
