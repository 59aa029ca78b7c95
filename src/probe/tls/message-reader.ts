import { Abort } from "./abort.ts";
import { type HandshakeMessage, handshakeTypeName } from "./handshake-type.ts";
import { LIMITS } from "./limits.ts";

const HEADER = 4;

/** Puts handshake messages together from the fragments that records carry (RFC 8446 section 5.1). */
export class MessageReader {
  #fragments: Uint8Array[] = [];
  #length = 0;
  #count = 0;

  /** Whether a message has begun and is not complete; keys must not change then. */
  get partial(): boolean {
    return this.#length > 0;
  }

  push(fragment: Uint8Array): void {
    this.#fragments.push(fragment);
    this.#length += fragment.length;
  }

  /** The next whole message; null when more bytes are needed. @throws {Abort} when a limit is exceeded */
  next(): HandshakeMessage | null {
    if (this.#length < HEADER) return null;
    const [type, ...size] = this.#peek(HEADER);
    const length = size.reduce((sum, octet) => sum * 256 + octet, 0);
    if (length > LIMITS.messageLength)
      throw new Abort(
        "message-too-large",
        "decode_error",
        `${handshakeTypeName(type ?? 0)} announces ${length} bytes; at most ${LIMITS.messageLength} are read`,
      );
    if (this.#length < HEADER + length) return null;
    if (++this.#count > LIMITS.messages)
      throw new Abort(
        "limit-exceeded",
        "unexpected_message",
        `Server sent more than ${LIMITS.messages} handshake messages`,
      );
    const bytes = this.#take(HEADER + length);
    return { type: type ?? 0, body: bytes.subarray(HEADER), bytes };
  }

  #peek(length: number): Uint8Array {
    const first = this.#fragments[0];
    if (first !== undefined && first.length >= length) return first.subarray(0, length);
    return this.#join().subarray(0, length);
  }

  #take(length: number): Uint8Array {
    const all = this.#join();
    this.#length -= length;
    this.#fragments = this.#length > 0 ? [all.subarray(length)] : [];
    return all.subarray(0, length);
  }

  /** All fragments as one; joined once a header or a whole message is there, so the cost stays linear. */
  #join(): Uint8Array {
    const [first, ...rest] = this.#fragments;
    if (first !== undefined && rest.length === 0) return first;
    const all = new Uint8Array(this.#length);
    let offset = 0;
    for (const fragment of this.#fragments) {
      all.set(fragment, offset);
      offset += fragment.length;
    }
    this.#fragments = [all];
    return all;
  }
}
