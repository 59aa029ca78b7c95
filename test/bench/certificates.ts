import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { compare, type Row } from "./measure.ts";

/** The roots that the runtime brings: real certificates of many authorities, the same on every machine. */
const encoded = rootCertificates.map((pem) => new X509Certificate(pem).raw);

const readOwn = (): number => {
  for (const der of encoded) {
    const read = parseCertificate(der);
    if (!read.ok) throw new Error(`A root of the runtime is not readable: ${read.error.code}`);
  }
  return encoded.length;
};

/** As much as our reader gives at once: names, dates, serial number, fingerprint, the usual extensions. */
const readRuntime = (): number => {
  let length = 0;
  for (const der of encoded) {
    const certificate = new X509Certificate(der);
    const { subject, issuer, validFrom, validTo, serialNumber, fingerprint256 } = certificate;
    const parts = [subject, issuer, validFrom, validTo, serialNumber, fingerprint256];
    length +=
      parts.join("").length + (certificate.subjectAltName ?? "").length + Number(certificate.ca);
  }
  if (length === 0) throw new Error("The runtime read nothing");
  return encoded.length;
};

/** Reading one certificate with our reader, against `X509Certificate` of node:crypto. */
export const certificateRows = (): readonly Row[] => [
  {
    what: "read a certificate",
    ...compare(readOwn, readRuntime),
    peer: `node:crypto X509Certificate, ${encoded.length} roots`,
  },
];
