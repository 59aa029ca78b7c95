import { type CipherGCMTypes, createCipheriv, createDecipheriv } from "node:crypto";
import { Abort } from "./abort.ts";
import type { Aead } from "./aeads.ts";
import { ContentType, MAX_PLAINTEXT, type RawRecord, RECORD_HEADER } from "./record-reader.ts";
import { Version } from "./versions.ts";

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
  readonly aead: Aead;
  readonly key: Uint8Array;
  /** 12 bytes; 4 where the rest of the nonce travels in the record (GCM in TLS 1.2). */
  readonly iv: Uint8Array;
}

/** The overloads of node:crypto tell the algorithms apart by type, although their options are the same here. */
function decipher({ cipher, tagLength: authTagLength }: Aead, key: Uint8Array, nonce: Uint8Array) {
  const options = { authTagLength };
  switch (cipher) {
    case "chacha20-poly1305":
      return createDecipheriv(cipher, key, nonce, options);
    case "aes-128-ccm":
    case "aes-256-ccm":
      return createDecipheriv(cipher, key, nonce, options);
    default:
      return createDecipheriv(cipher as CipherGCMTypes, key, nonce, options);
  }
}

function encipher({ cipher, tagLength: authTagLength }: Aead, key: Uint8Array, nonce: Uint8Array) {
  const options = { authTagLength };
  switch (cipher) {
    case "chacha20-poly1305":
      return createCipheriv(cipher, key, nonce, options);
    case "aes-128-ccm":
    case "aes-256-ccm":
      return createCipheriv(cipher, key, nonce, options);
    default:
      return createCipheriv(cipher as CipherGCMTypes, key, nonce, options);
  }
}

/** Decrypts and authenticates. @throws {Abort} `bad-record` */
export function open(
  { aead, key }: TrafficKeys,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  if (sealed.length < aead.tagLength)
    throw new Abort(
      "bad-record",
      "bad_record_mac",
      `Protected record of ${sealed.length} bytes is shorter than its tag`,
    );
  const length = sealed.length - aead.tagLength;
  if (length > MAX_PLAINTEXT + 1)
    throw new Abort(
      "bad-record",
      "record_overflow",
      `Record holds ${length} bytes; at most ${MAX_PLAINTEXT} are allowed`,
    );
  const aeadDecipher = decipher(aead, key, nonce);
  try {
    aeadDecipher.setAAD(additional, { plaintextLength: length });
    aeadDecipher.setAuthTag(sealed.subarray(length));
    const content = aeadDecipher.update(sealed.subarray(0, length));
    aeadDecipher.final();
    return content;
  } catch {
    throw new Abort("bad-record", "bad_record_mac", "Protected record does not authenticate");
  }
}

/** Encrypts `content` into `target` at `offset`, followed by the tag. */
export function seal(
  { aead, key }: TrafficKeys,
  nonce: Uint8Array,
  additional: Uint8Array,
  content: Uint8Array,
  target: Uint8Array,
  offset: number,
): void {
  const aeadCipher = encipher(aead, key, nonce);
  aeadCipher.setAAD(additional, { plaintextLength: content.length });
  target.set(aeadCipher.update(content), offset);
  aeadCipher.final();
  target.set(aeadCipher.getAuthTag(), offset + content.length);
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

/** What records before TLS 1.3 authenticate beside their content (RFC 5246 sections 6.2.3.1 and 6.2.3.3). */
export function authenticatedHeader(
  sequence: number,
  type: number,
  version: number,
  length: number,
): Uint8Array {
  const data = new Uint8Array(13);
  new DataView(data.buffer).setBigUint64(0, BigInt(sequence));
  data.set([type, version >>> 8, version & 0xff, length >>> 8, length & 0xff], 8);
  return data;
}

/** A record without protection. */
export function plainRecord(type: number, content: Uint8Array, version: number): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER + content.length);
  record.set(content, RECORD_HEADER);
  writeHeader(record, type, version);
  return record;
}

/** The record in front of the first one under new keys; TLS 1.3 keeps it for compatibility (RFC 8446 appendix D.4). */
export function changeCipherSpecRecord(version: number = Version.tls12): Uint8Array {
  return plainRecord(ContentType.changeCipherSpec, Uint8Array.of(1), version);
}
