import { createHash, type Hash, hash as digest } from "node:crypto";
import type { TranscriptHash } from "./hashes.ts";
import { HandshakeType } from "./handshake-type.ts";

/** The running hash over all handshake messages (RFC 8446 section 4.4.1, RFC 5246 section 7.4.9). */
export class Transcript {
  readonly #messages: Uint8Array[] = [];
  #hash: Hash | null = null;

  /** Adds one message with its header. */
  add(message: Uint8Array): void {
    this.#messages.push(message);
    this.#hash?.update(message);
  }

  /** Fixes the hash, which is known once the server has chosen the suite; earlier messages are caught up. */
  begin(algorithm: TranscriptHash): void {
    this.#hash = createHash(algorithm);
    for (const message of this.#messages) this.#hash.update(message);
  }

  /** Replaces the first ClientHello with its hash, as a HelloRetryRequest asks (RFC 8446 section 4.4.1). */
  restart(algorithm: TranscriptHash): void {
    const first = digest(algorithm, Buffer.concat(this.#messages), "buffer");
    const header = Uint8Array.of(HandshakeType.messageHash, 0, 0, first.length);
    this.#messages.splice(0, this.#messages.length, Buffer.concat([header, first]));
  }

  /** Hash of everything so far. */
  digest(): Uint8Array {
    if (this.#hash === null) throw new Error("The transcript has no hash before begin()");
    return this.#hash.copy().digest();
  }

  /** Everything so far, for signatures that bring their own hash (RFC 5246 section 7.4.8). */
  bytes(): Uint8Array {
    return Buffer.concat(this.#messages);
  }
}
