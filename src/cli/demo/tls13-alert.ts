import { createCipheriv, createHmac } from "node:crypto";

/** Alerts about a client certificate (RFC 8446 section 6). */
export const AlertCode = {
  badCertificate: 42,
  certificateExpired: 45,
  unknownCa: 48,
  certificateRequired: 116,
} as const;

const HEADER_LENGTH = 5;
const APPLICATION_DATA = 23;
const ALERT = 21;
const FATAL = 2;
const TAG_LENGTH = 16;

/** Counts the TLS records in a stream of bytes, however it is cut. */
export class RecordCounter {
  #header: number[] = [];
  #body = 0;
  #count = 0;

  /** Records begun since the last restart. */
  get begun(): number {
    return this.#count;
  }

  /** Starts to count again from zero. */
  restart(): void {
    this.#count = 0;
  }

  /** Takes the next bytes of the stream. */
  add(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const skipped = Math.min(this.#body, chunk.length - at);
      this.#body -= skipped;
      at += skipped;
      const octet = chunk[at];
      if (octet === undefined) return;
      this.#header.push(octet);
      at += 1;
      if (this.#header.length === HEADER_LENGTH) {
        const [, , , high = 0, low = 0] = this.#header;
        this.#body = high * 256 + low;
        this.#header = [];
        this.#count += 1;
      }
    }
  }
}

/** HKDF-Expand-Label with an empty context, for lengths up to one hash (RFC 8446 section 7.1). */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, "ascii");
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

/**
 * A fatal alert as a protected TLS 1.3 record (RFC 8446 sections 5.2 and 5.3).
 * `suite` is an AES-GCM suite by its IANA name, `secret` the server's application traffic secret, and
 * `sequence` the number of records already sent under it, below 256.
 */
export function sealAlert(alert: number, suite: string, secret: Buffer, sequence: number): Buffer {
  const wide = suite === "TLS_AES_256_GCM_SHA384";
  const hash = wide ? "sha384" : "sha256";
  const key = expandLabel(hash, secret, "key", wide ? 32 : 16);
  const nonce = expandLabel(hash, secret, "iv", 12);
  nonce[11] = (nonce[11] ?? 0) ^ sequence;
  const content = Buffer.of(FATAL, alert, ALERT);
  const header = Buffer.of(APPLICATION_DATA, 3, 3, 0, content.length + TAG_LENGTH);
  const cipher = createCipheriv(wide ? "aes-256-gcm" : "aes-128-gcm", key, nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([header, sealed, cipher.getAuthTag()]);
}
