import { Abort } from "./abort.ts";
import { certificateCompression } from "./certificate-compression.ts";
import { Cursor } from "./cursor.ts";
import { LIMITS } from "./limits.ts";
import { hex16 } from "./versions.ts";

/** A Certificate message that came compressed. */
export interface ExpandedCertificate {
  /** Name of the algorithm. */
  readonly algorithm: string;
  /** The body of the Certificate message. */
  readonly body: Uint8Array;
}

/**
 * Undoes the compression of a CompressedCertificate (RFC 8879 section 4). Nothing is unpacked beyond the
 * announced length, nor is more announced than an uncompressed message may have.
 * @throws {DecodeError} @throws {Abort}
 */
export function expandCertificate(
  message: Uint8Array,
  offered: readonly number[],
): ExpandedCertificate {
  const cursor = new Cursor(message);
  const code = cursor.uint16("Compression algorithm");
  const length = cursor.uint24("Uncompressed length");
  const compressed = cursor.vector24("compressed certificate", 1);
  cursor.finish("CompressedCertificate");
  const algorithm = offered.includes(code) ? certificateCompression(code) : undefined;
  if (algorithm === undefined)
    throw new Abort(
      "parameter-unsupported",
      "illegal_parameter",
      `Server compressed its certificates with algorithm ${hex16(code)}, which was not offered`,
    );
  if (length > LIMITS.messageLength)
    throw new Abort(
      "message-too-large",
      "bad_certificate",
      `Compressed Certificate announces ${length} bytes; at most ${LIMITS.messageLength} are read`,
    );
  const body = unpack(() => algorithm.decompress(compressed, { maxOutputLength: length + 1 }));
  if (body?.length !== length)
    throw new Abort(
      "malformed-message",
      "bad_certificate",
      body === null
        ? `Server's certificates cannot be unpacked with ${algorithm.name} to the ${length} bytes that it announced`
        : `Server's certificates unpack to ${body.length} bytes instead of the ${length} that it announced`,
    );
  return { algorithm: algorithm.name, body };
}

/** node:zlib throws for damaged input and for more output than allowed. */
function unpack(decompress: () => Uint8Array): Uint8Array | null {
  try {
    return decompress();
  } catch {
    return null;
  }
}
