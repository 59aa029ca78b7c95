import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { Abort } from "./abort.ts";
import type { CbcProtection } from "./cipher-suites-12.ts";
import type { Entropy } from "./entropy.ts";
import type { DirectionKeys } from "./key-schedule-12.ts";
import { authenticatedHeader, type Opener, type Sealer, writeHeader } from "./record-protection.ts";
import { MAX_PLAINTEXT, RECORD_HEADER } from "./record-reader.ts";
import { Version } from "./versions.ts";

/** What decides the form of CBC records beside the keys. */
export interface CbcForm {
  /** As in hello messages: TLS 1.0 chains the vectors, later versions send one with each record. */
  readonly version: number;
  /** Whether the code is over what is encrypted (RFC 7366) instead of being encrypted itself. */
  readonly encryptThenMac: boolean;
}

function macOf(
  { mac }: CbcProtection,
  key: Uint8Array,
  header: Uint8Array,
  ...content: readonly Uint8Array[]
): Uint8Array {
  const hmac = createHmac(mac, key).update(header);
  for (const part of content) hmac.update(part);
  return hmac.digest();
}

function bad(message: string): Abort {
  return new Abort("bad-record", "bad_record_mac", message);
}

/** Removes the padding, each byte of which says how many others there are (RFC 5246 section 6.2.3.2). */
function unpad(padded: Uint8Array, least: number): Uint8Array {
  const count = padded.at(-1) ?? 0;
  const length = padded.length - count - 1;
  if (length < least)
    throw bad(`Padding of ${count + 1} bytes does not fit a record of ${padded.length}`);
  for (let at = length; at < padded.length; at++)
    if (padded[at] !== count)
      throw bad(`Padding byte ${at - length} of a record is ${padded[at]} instead of ${count}`);
  return padded.subarray(0, length);
}

function pad(length: number, blockLength: number): Uint8Array {
  const count = blockLength - 1 - (length % blockLength);
  return new Uint8Array(count + 1).fill(count);
}

/** CBC record protection, receiving side (RFC 5246 section 6.2.3.2, RFC 4346, RFC 2246, RFC 7366). */
export function openerCbc(
  protection: CbcProtection,
  keys: DirectionKeys,
  { version, encryptThenMac }: CbcForm,
): Opener {
  const { cipher, blockLength, macLength } = protection;
  const explicit = version > Version.tls10;
  let sequence = 0;
  let chain = keys.iv;
  const verify = (type: number, content: Uint8Array, mac: Uint8Array): void => {
    const header = authenticatedHeader(sequence, type, version, content.length);
    if (!timingSafeEqual(macOf(protection, keys.mac, header, content), mac))
      throw bad("Protected record does not authenticate");
  };
  const decrypt = (sealed: Uint8Array): Uint8Array => {
    const iv = explicit ? sealed.subarray(0, blockLength) : chain;
    const encrypted = explicit ? sealed.subarray(blockLength) : sealed;
    if (encrypted.length === 0 || encrypted.length % blockLength !== 0)
      throw bad(
        `Protected record of ${sealed.length} bytes is not made of blocks of ${blockLength}`,
      );
    if (!explicit) chain = new Uint8Array(encrypted.subarray(-blockLength));
    const decipher = createDecipheriv(cipher, keys.key, iv).setAutoPadding(false);
    return decipher.update(encrypted);
  };
  const authenticated = (type: number, fragment: Uint8Array): Uint8Array => {
    if (fragment.length < macLength)
      throw bad(`Protected record of ${fragment.length} bytes is shorter than its code`);
    const border = fragment.length - macLength;
    const sealed = fragment.subarray(0, border);
    verify(type, sealed, fragment.subarray(border));
    return unpad(decrypt(sealed), 0);
  };
  const encrypted = (type: number, fragment: Uint8Array): Uint8Array => {
    const opened = unpad(decrypt(fragment), macLength);
    const border = opened.length - macLength;
    const content = opened.subarray(0, border);
    verify(type, content, opened.subarray(border));
    return content;
  };
  return ({ type, fragment }) => {
    const content = (encryptThenMac ? authenticated : encrypted)(type, fragment);
    sequence++;
    if (content.length > MAX_PLAINTEXT)
      throw new Abort(
        "bad-record",
        "record_overflow",
        `Record holds ${content.length} bytes; at most ${MAX_PLAINTEXT} are allowed`,
      );
    return { type, content };
  };
}

/** CBC record protection, sending side, with as little padding as fits. */
export function sealerCbc(
  protection: CbcProtection,
  keys: DirectionKeys,
  { version, encryptThenMac }: CbcForm,
  entropy: Entropy,
): Sealer {
  const { cipher, blockLength } = protection;
  const explicit = version > Version.tls10;
  let sequence = 0;
  let chain = keys.iv;
  const encrypt = (...content: readonly Uint8Array[]): Uint8Array => {
    const plain = Buffer.concat(content);
    const iv = explicit ? entropy.random(blockLength) : chain;
    const encipher = createCipheriv(cipher, keys.key, iv).setAutoPadding(false);
    const encrypted = encipher.update(Buffer.concat([plain, pad(plain.length, blockLength)]));
    if (explicit) return Buffer.concat([iv, encrypted]);
    chain = new Uint8Array(encrypted.subarray(-blockLength));
    return encrypted;
  };
  const mac = (type: number, content: Uint8Array): Uint8Array =>
    macOf(
      protection,
      keys.mac,
      authenticatedHeader(sequence++, type, version, content.length),
      content,
    );
  return (type, content) => {
    const parts: Uint8Array[] = [];
    if (encryptThenMac) {
      const encrypted = encrypt(content);
      parts.push(encrypted, mac(type, encrypted));
    } else parts.push(encrypt(content, mac(type, content)));
    const record = Buffer.concat([new Uint8Array(RECORD_HEADER), ...parts]);
    writeHeader(record, type, version);
    return record;
  };
}
