import { WORDS } from "./java-words.ts";

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;

/**
 * The exception of `KeyStore.getInstance("PKCS12").load` for a file that is no PKCS#12 file, from the first bytes at
 * which sun.security.util.DerValue stops (OpenJDK 17 and 25).
 */
export function pkcs12Refusal(bytes: Uint8Array): string {
  const [tag, first] = bytes;
  if (tag === undefined || (tag & 0x1f) === 0x1f)
    return "java.io.IOException: Tag number over 30 is not supported";
  if (first === undefined) return "java.io.IOException: Short read of DER length";
  const octets = first > 0x80 ? first & 0x7f : 0;
  if (octets > 4)
    return `java.io.IOException: DerInputStream.getLength(): lengthTag=${octets}, too big.`;
  if (bytes.length < 2 + octets) return WORDS.endOfFile;
  const length = readLength(bytes, first, octets);
  if (length > 0x7fff_ffff)
    return "java.io.IOException: DerInputStream.getLength(): Invalid length bytes";
  if (octets > 0 && length < 0x80)
    return "java.io.IOException: DerInputStream.getLength(): Should use short form for length";
  if (bytes.length < 2 + octets + length) return WORDS.endOfFile;
  if (tag !== SEQUENCE && tag !== SET)
    return `java.io.IOException: toDerInputStream rejects tag type ${tag > 0x7f ? tag - 0x100 : tag}`;
  const inner = bytes[2 + octets] ?? 0;
  return inner === INTEGER
    ? WORDS.pkcs12NotVersion3
    : `java.io.IOException: DerValue.getBigIntegerInternal, not expected ${inner > 0x7f ? inner - 0x100 : inner}`;
}

function readLength(bytes: Uint8Array, first: number, octets: number): number {
  if (first <= 0x80) return first & 0x7f;
  return bytes.subarray(2, 2 + octets).reduce((length, octet) => length * 256 + octet, 0);
}
