import type { Certificate } from "./certificate.ts";
import { contentOf, DerError, onlyElement, Tag } from "./der.ts";
import { type Decoded, decoder } from "./extensions.ts";
import { ExtensionOid } from "./oids.ts";

/** A signed certificate timestamp: a log's promise to list the certificate (RFC 6962 section 3.2). */
export interface CertificateTimestamp {
  /** SHA-256 of the log's key, hexadecimal. */
  readonly logId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

const MAX_TIMESTAMPS = 64;

/** Reads a SignedCertificateTimestampList; entries of versions other than 1 are left out. @throws {DerError} */
export function readTimestampList(bytes: Uint8Array): readonly CertificateTimestamp[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = (at: number): number => {
    if (at + 2 > bytes.length)
      throw new DerError("truncated", at, "List of timestamps ends inside a length");
    return view.getUint16(at);
  };
  if (length(0) !== bytes.length - 2)
    throw new DerError("value-invalid", 0, "List of timestamps has another length than it says");
  const timestamps: CertificateTimestamp[] = [];
  for (let at = 2; at < bytes.length;) {
    const size = length(at);
    const start = at + 2;
    at = start + size;
    if (at > bytes.length) throw new DerError("truncated", start, "Timestamp exceeds its list");
    if (timestamps.length >= MAX_TIMESTAMPS)
      throw new DerError("value-invalid", start, `More than ${MAX_TIMESTAMPS} timestamps`);
    if (bytes[start] !== 0) continue;
    if (size < 43) throw new DerError("truncated", start, "Timestamp is too short");
    timestamps.push({
      logId: Buffer.from(bytes.subarray(start + 1, start + 33)).toString("hex"),
      timestamp: Number(view.getBigUint64(start + 33)),
    });
  }
  return timestamps;
}

/** Timestamps that a certificate carries itself. */
export const certificateTimestamps: (
  certificate: Certificate,
) => Decoded<readonly CertificateTimestamp[]> = decoder(ExtensionOid.timestampList, (value) =>
  readTimestampList(contentOf(onlyElement(value, Tag.octetString, "a list of timestamps"))),
);
