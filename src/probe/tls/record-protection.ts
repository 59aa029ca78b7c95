import { createCipheriv, createDecipheriv } from "node:crypto";
import { Abort } from "./abort.ts";
import type { AeadName } from "./cipher-suites.ts";
import { ContentType, MAX_PLAINTEXT, type RawRecord, RECORD_HEADER } from "./record-reader.ts";

/** Bytes of the authentication tag of every AEAD here. */
export const TAG_LENGTH = 16;

/** Bytes of an AEAD nonce. */
export const NONCE_LENGTH = 12;

/** Content of a record after its protection was taken off. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Takes the protection off the records of one direction, in order. */
export type Opener = (record: RawRecord) => OpenedRecord;

/** Makes one protected record, header included. */
export type Sealer = (type: number, content: Uint8Array) => Uint8Array;

/** Keys of one direction. */
export interface TrafficKeys {
  readonly aead: AeadName;
  readonly key: Uint8Array;
  /** 12 bytes; 4 where the rest of the nonce travels in the record (GCM in TLS 1.2). */
  readonly iv: Uint8Array;
}

const options = { authTagLength: TAG_LENGTH } as const;

function decipher(aead: AeadName, key: Uint8Array, nonce: Uint8Array) {
  return aead === "chacha20-poly1305"
    ? createDecipheriv(aead, key, nonce, options)
    : createDecipheriv(aead, key, nonce, options);
}

function cipher(aead: AeadName, key: Uint8Array, nonce: Uint8Array) {
  return aead === "chacha20-poly1305"
    ? createCipheriv(aead, key, nonce, options)
    : createCipheriv(aead, key, nonce, options);
}

/** Decrypts and authenticates. @throws {Abort} `bad-record` */
export function open(
  { aead, key }: TrafficKeys,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  if (sealed.length < TAG_LENGTH)
    throw new Abort(
      "bad-record",
      "bad_record_mac",
      `Protected record of ${sealed.length} bytes is shorter than its tag`,
    );
  const length = sealed.length - TAG_LENGTH;
  const aeadDecipher = decipher(aead, key, nonce);
  aeadDecipher.setAAD(additional, { plaintextLength: length });
  aeadDecipher.setAuthTag(sealed.subarray(length));
  const content = aeadDecipher.update(sealed.subarray(0, length));
  try {
    aeadDecipher.final();
  } catch {
    throw new Abort("bad-record", "bad_record_mac", "Protected record does not authenticate");
  }
  if (content.length > MAX_PLAINTEXT + 1)
    throw new Abort(
      "bad-record",
      "record_overflow",
      `Record holds ${content.length} bytes; at most ${MAX_PLAINTEXT} are allowed`,
    );
  return content;
}

/** Encrypts `parts` one after the other into `target` at `offset`, followed by the tag. */
export function seal(
  { aead, key }: TrafficKeys,
  nonce: Uint8Array,
  additional: Uint8Array,
  parts: readonly Uint8Array[],
  target: Uint8Array,
  offset: number,
): void {
  const aeadCipher = cipher(aead, key, nonce);
  const plaintextLength = parts.reduce((sum, part) => sum + part.length, 0);
  aeadCipher.setAAD(additional, { plaintextLength });
  let at = offset;
  for (const part of parts) {
    target.set(aeadCipher.update(part), at);
    at += part.length;
  }
  aeadCipher.final();
  target.set(aeadCipher.getAuthTag(), at);
}

/** The nonce of a record: the static vector combined with the record's number (RFC 8446 section 5.3). */
export function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = new Uint8Array(iv);
  let rest = sequence;
  for (let i = NONCE_LENGTH - 1; rest > 0; i--) {
    nonce[i] = (nonce[i] ?? 0) ^ (rest & 0xff);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/** Writes a record header into `record`. */
export function writeHeader(record: Uint8Array, type: number, version: number): void {
  const length = record.length - RECORD_HEADER;
  record.set([type, version >>> 8, version & 0xff, length >>> 8, length & 0xff]);
}

/** A record without protection. */
export function plainRecord(type: number, content: Uint8Array, version: number): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER + content.length);
  record.set(content, RECORD_HEADER);
  writeHeader(record, type, version);
  return record;
}

/** The record that both sides send where TLS 1.2 would change keys (RFC 8446 appendix D.4). */
export function changeCipherSpecRecord(): Uint8Array {
  return plainRecord(ContentType.changeCipherSpec, Uint8Array.of(1), 0x0303);
}
