import type { AlertRecord } from "../handshake.ts";
import { alertRecord } from "./alerts.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { type Entropy, FRESH } from "./entropy.ts";
import { ContentType, RECORD_HEADER } from "./record-reader.ts";
import {
  decodeSsl2ServerHello,
  encodeSsl2Hello,
  SSL_2_CIPHER_KINDS,
  ssl2ErrorName,
  type Ssl2ServerHello,
  Ssl2Type,
} from "./ssl-2-messages.ts";

/** What a server made of an SSL 2.0 hello. Everything but the first two kinds means that it does not speak SSL 2.0. */
export type Ssl2Outcome =
  | { readonly kind: "server-hello"; readonly hello: Ssl2ServerHello }
  /** An ERROR of SSL 2.0: it speaks the protocol, and refuses. */
  | { readonly kind: "error"; readonly code: number; readonly name: string }
  /** An alert of SSL 3.0 or TLS. */
  | { readonly kind: "alert"; readonly alert: AlertRecord }
  | { readonly kind: "malformed"; readonly message: string }
  /** Something else, or nothing at all: how it ended and what came first, at most 64 bytes. */
  | {
      readonly kind: "other";
      readonly end: "answered" | "closed" | "reset" | "silent";
      readonly firstBytes: Uint8Array;
    };

const CHALLENGE = 16;
const KEPT = 64;

/**
 * Says hello as SSL 2.0 did and recognises the answer, without input or output: no OpenSSL speaks that protocol
 * any more, and none is needed to see whether a server does. The conversation ends with its first outcome.
 */
export class Ssl2Client {
  readonly #hello: Uint8Array;
  #bytes: Uint8Array = new Uint8Array();
  #outcome: Ssl2Outcome | null = null;

  /** `cipherKinds` are what is offered. */
  constructor(cipherKinds: readonly number[] = SSL_2_CIPHER_KINDS, entropy: Entropy = FRESH) {
    this.#hello = encodeSsl2Hello(cipherKinds, entropy.random(CHALLENGE));
  }

  /** What is known; null while the answer is awaited. */
  get outcome(): Ssl2Outcome | null {
    return this.#outcome;
  }

  /** The CLIENT-HELLO. */
  start(): Uint8Array {
    return this.#hello;
  }

  /** Takes bytes as they arrive, cut anywhere. */
  receive(chunk: Uint8Array): Ssl2Outcome | null {
    if (this.#outcome !== null) return this.#outcome;
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    try {
      this.#outcome = readAnswer(this.#bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#outcome = { kind: "malformed", message: `Malformed SERVER-HELLO: ${error.message}` };
    }
    return this.#outcome;
  }

  /** Takes note that nothing more will come; `silent` is for a time limit. */
  hangUp(end: "closed" | "reset" | "silent"): Ssl2Outcome {
    this.#outcome ??= { kind: "other", end, firstBytes: this.#bytes.slice(0, KEPT) };
    return this.#outcome;
  }
}

/** The outcome that the bytes so far amount to; null when more are needed. @throws {DecodeError} */
function readAnswer(bytes: Uint8Array): Ssl2Outcome | null {
  const [first = 0, second, third] = bytes;
  if (first === ContentType.alert && (second ?? 3) === 3) return readAlert(bytes);
  const headerLength = (first & 0x80) === 0 ? 3 : 2;
  if (second === undefined || third === undefined) return null;
  const length = ((first & (headerLength === 2 ? 0x7f : 0x3f)) << 8) | second;
  const type = bytes[headerLength];
  if (type === undefined) return null;
  const isError = type === Ssl2Type.error && length - (headerLength === 3 ? third : 0) === 3;
  if (type !== Ssl2Type.serverHello && !isError)
    return { kind: "other", end: "answered", firstBytes: bytes.slice(0, KEPT) };
  if (bytes.length < headerLength + length) return null;
  const padding = headerLength === 3 ? third : 0;
  const body = bytes.subarray(headerLength + 1, headerLength + Math.max(1, length - padding));
  if (!isError) return { kind: "server-hello", hello: decodeSsl2ServerHello(body) };
  const code = new Cursor(body).uint16("Error code");
  return { kind: "error", code, name: ssl2ErrorName(code) };
}

function readAlert(bytes: Uint8Array): Ssl2Outcome | null {
  const level = bytes[RECORD_HEADER];
  const code = bytes[RECORD_HEADER + 1];
  if (level === undefined || code === undefined) return null;
  return { kind: "alert", alert: alertRecord("received", level, code) };
}
