import { hex } from "../x509/der-values.ts";
import { fail, type Result } from "../x509/result.ts";
import { conversionSteps } from "./conversion.ts";
import { detectFormat } from "./detect.ts";
import { pkcs12Refusal } from "./java-der-words.ts";
import { MAX_STORE_BYTES } from "./limits.ts";
import { READERS } from "./readers.ts";
import { type StoreError, storeError } from "./store-error.ts";
import { FORMAT_NAMES, type DetectedFormat, type UnsupportedFormat } from "./store-format.ts";
import type { ReadOptions } from "./store-reader.ts";
import type { StoreFile } from "./truststore.ts";

/** Options of parseStore. */
export interface ParseOptions extends ReadOptions {
  /** Name to show in the commands of remedies. @default `FILE` */
  readonly fileName?: string;
}

/** Reads a store of any format from its bytes; what it is, is told from the content. */
export async function parseStore(
  bytes: Uint8Array,
  { password, fileName = "FILE" }: ParseOptions,
): Promise<Result<StoreFile, StoreError>> {
  if (bytes.length === 0)
    return fail(
      storeError("empty-file", "The file is empty (0 bytes); a truststore was expected", {
        javaMessage: pkcs12Refusal(bytes),
        remedy: [
          "Copy the truststore again: an interrupted transfer or a full disk leaves empty files",
        ],
      }),
    );
  if (bytes.length > MAX_STORE_BYTES) return fail(tooLarge(bytes.length));
  const format = detectFormat(bytes);
  if (isReadable(format)) return READERS[format](bytes, { password });
  const javaMessage = pkcs12Refusal(bytes);
  return format === "unknown"
    ? fail(unknownFormat(bytes, javaMessage))
    : fail(unsupportedFormat(format, fileName, javaMessage));
}

function isReadable(format: DetectedFormat): format is keyof typeof READERS {
  return Object.hasOwn(READERS, format);
}

/** Failure of a file above the limit; `size` in bytes. */
export function tooLarge(size: number): StoreError {
  return storeError(
    "too-large",
    `The file has ${size} bytes; truststores up to ${MAX_STORE_BYTES} bytes are read`,
  );
}

function unknownFormat(bytes: Uint8Array, javaMessage: string): StoreError {
  const head = hex(bytes.subarray(0, 8)).replaceAll(/(..)(?=.)/g, "$1 ");
  return storeError(
    "unknown-format",
    `The file begins with ${head} and is no truststore of a known format; JKS, PKCS#12, PEM, DER or another format of docs/truststores.md was expected`,
    {
      format: "unknown",
      javaMessage,
      remedy: ["Check that this is the file that was meant, and that it was copied in binary mode"],
    },
  );
}

function unsupportedFormat(
  format: UnsupportedFormat,
  fileName: string,
  javaMessage: string,
): StoreError {
  return storeError(
    "unsupported-format",
    `The content of the file is: ${FORMAT_NAMES[format]}; this is not read as a truststore`,
    { format, javaMessage, remedy: conversionSteps(format, fileName) },
  );
}
