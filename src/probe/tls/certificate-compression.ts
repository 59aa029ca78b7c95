import { brotliDecompressSync, inflateSync, type InputType, zstdDecompressSync } from "node:zlib";
import { RUNTIME } from "./runtime-support.ts";

interface Limits {
  /** Bytes after which decompression stops. */
  readonly maxOutputLength: number;
}

/** A way to compress certificates (IANA TLS Certificate Compression Algorithm IDs, RFC 8879). */
export interface CertificateCompression {
  readonly code: number;
  readonly name: string;
  /** @throws {Error} from node:zlib when the input is damaged or its content longer than the limit */
  readonly decompress: (input: InputType, limits: Limits) => Uint8Array;
}

const ALL: readonly CertificateCompression[] = [
  { code: 2, name: "brotli", decompress: brotliDecompressSync },
  { code: 1, name: "zlib", decompress: inflateSync },
  ...(RUNTIME.zstd ? [{ code: 3, name: "zstd", decompress: zstdDecompressSync }] : []),
];

/** Codes of the algorithms that the engine can undo, in its order of preference. */
export function compressionCodes(): readonly number[] {
  return ALL.map(({ code }) => code);
}

/** The algorithm behind a code; undefined when the engine cannot undo it. */
export function certificateCompression(code: number): CertificateCompression | undefined {
  return ALL.find((algorithm) => algorithm.code === code);
}
