import { type Conversation, illegal } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { type Extensions, ExtensionType } from "./extensions.ts";
import type { HelloShape } from "./hello-shape.ts";
import { MAX_PLAINTEXT } from "./record-reader.ts";

/** The least that `record_size_limit` may say (RFC 8449 section 4). */
const LEAST_LIMIT = 64;

/**
 * Keeps to what the server answered about the size of records: `record_size_limit`, which each side sets for
 * what it receives and which counts the type byte of TLS 1.3 (RFC 8449), or `max_fragment_length`, which the
 * server repeats (RFC 6066 section 4).
 * @throws {Abort} @throws {DecodeError}
 */
export function agreeOnRecordSizes(
  conversation: Conversation,
  extensions: Extensions,
  shape: HelloShape,
  tls13: boolean,
): void {
  const limit = extensions.get(ExtensionType.recordSizeLimit);
  const fragment = extensions.get(ExtensionType.maxFragmentLength);
  if (limit !== undefined && fragment !== undefined)
    throw illegal("Server answered both record_size_limit and max_fragment_length");
  const typeByte = tls13 ? 1 : 0;
  if (limit !== undefined) {
    const cursor = new Cursor(limit);
    const size = cursor.uint16("Record size limit");
    cursor.finish("record_size_limit");
    if (size < LEAST_LIMIT)
      throw illegal(`Server limits records to ${size} bytes; at least ${LEAST_LIMIT} are allowed`);
    conversation.recordSizes = {
      sent: Math.min(MAX_PLAINTEXT, size - typeByte),
      received: Math.min(MAX_PLAINTEXT, (shape.recordSizeLimit ?? Infinity) - typeByte),
    };
  }
  if (fragment !== undefined) {
    const cursor = new Cursor(fragment);
    const code = cursor.uint8("Maximum fragment length");
    cursor.finish("max_fragment_length");
    if (code !== shape.maxFragmentLength)
      throw illegal(
        `Server chose maximum fragment length ${code} where ${shape.maxFragmentLength ?? "none"} was asked for`,
      );
    const size = 2 ** (8 + code);
    conversation.recordSizes = { sent: size, received: size };
  }
}
