import { latin1 } from "../x509/der-values.ts";
import { detectAsn1 } from "./detect-asn1.ts";
import type { DetectedFormat } from "./store-format.ts";
import { decodeText } from "./text-encoding.ts";

/** Formats that are told by their first bytes. */
const MAGICS: readonly (readonly [format: DetectedFormat, offset: number, bytes: string])[] = [
  ["jks", 0, "\xfe\xed\xfe\xed"],
  ["jceks", 0, "\xce\xce\xce\xce"],
  ["nss", 0, "SQLite format 3\0"],
  ["nss-legacy", 0, "\x00\x06\x15\x61"],
  ["nss-legacy", 0, "\x61\x15\x06\x00"],
  ["windows-sst", 0, "\0\0\0\0CERT"],
  ["keepass", 0, "\x03\xd9\xa2\x9a"],
  ["java-object", 0, "\xac\xed\x00\x05"],
  ["zip", 0, "PK\x03\x04"],
];

/** Lengths of IBM stash files, version 1 and 2; they have no magic number. */
const STASH_LENGTHS: ReadonlySet<number> = new Set([129, 193]);

/** How much of a text is searched for a PEM marker; comments in front of the first block are shorter. */
const TEXT_HEAD = 2 ** 20;

/** Tells the format of a file from its content alone; the name of a file says nothing reliable. */
export function detectFormat(bytes: Uint8Array): DetectedFormat {
  const head = latin1(bytes.subarray(0, 64));
  for (const [format, offset, magic] of MAGICS) if (head.startsWith(magic, offset)) return format;
  // GSKit: 37 48, version, kind, then `X509KEY`, `X509KYP` or `X509CRL` at offset 8.
  if (head.startsWith("7H") && head.startsWith("X509", 8)) return "cms-kdb";
  const bouncyCastle = detectBouncyCastle(bytes);
  if (bouncyCastle !== null) return bouncyCastle;
  if (bytes[0] === 0x30) {
    const format = detectAsn1(bytes);
    if (format !== "unknown") return format;
  }
  if (decodeText(bytes.subarray(0, TEXT_HEAD)).text.includes("-----BEGIN ")) return "pem";
  return STASH_LENGTHS.has(bytes.length) ? "cms-stash" : "unknown";
}

/** Length of a BKS file without entries: header of 32 bytes, the end mark, the HMAC. */
const EMPTY_BKS_BYTES = 32 + 1 + 20;

/**
 * BKS and UBER begin alike: version, salt length 20, salt, iteration count. In a BKS file of version 0 or 1 an entry
 * type and the high byte of an alias length follow, or the end mark; an UBER file goes on with ciphertext.
 */
function detectBouncyCastle(bytes: Uint8Array): "bks" | "uber" | null {
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(0);
  if (version > 2 || view.getUint32(4) !== 20) return null;
  if (version === 2 || bytes.length < 34) return "bks";
  const type = view.getUint8(32);
  const plausible =
    view.getUint32(28) < 2 ** 20 &&
    (type === 0 ? bytes.length === EMPTY_BKS_BYTES : type <= 4 && view.getUint8(33) === 0);
  return plausible ? "bks" : "uber";
}
