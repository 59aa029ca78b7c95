import { Abort } from "./abort.ts";
import {
  NONCE_LENGTH,
  nonceOf,
  open,
  type Opener,
  seal,
  type Sealer,
  type TrafficKeys,
  writeHeader,
} from "./record-protection.ts";
import { RECORD_HEADER } from "./record-reader.ts";
import { Version } from "./versions.ts";

/** Bytes of the nonce that travel in front of each GCM record (RFC 5288 section 3); ChaCha20 has none (RFC 7905). */
function explicitLength({ iv }: TrafficKeys): number {
  return NONCE_LENGTH - iv.length;
}

/** What a record authenticates beside its content (RFC 5246 section 6.2.3.3). */
function additionalData(sequence: number, type: number, length: number): Uint8Array {
  const data = new Uint8Array(13);
  new DataView(data.buffer).setBigUint64(0, BigInt(sequence));
  data.set([type, Version.tls12 >>> 8, Version.tls12 & 0xff, length >>> 8, length & 0xff], 8);
  return data;
}

/** Explicit part of the nonce we send: the record's number, which never repeats under one key. */
function explicitNonce(sequence: number): Uint8Array {
  const explicit = new Uint8Array(8);
  new DataView(explicit.buffer).setBigUint64(0, BigInt(sequence));
  return explicit;
}

function join(iv: Uint8Array, explicit: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(NONCE_LENGTH);
  nonce.set(iv);
  nonce.set(explicit, iv.length);
  return nonce;
}

/** AEAD record protection of TLS 1.2, receiving side (RFC 5246 section 6.2.3.3). */
export function opener12(keys: TrafficKeys): Opener {
  let sequence = 0;
  const explicit = explicitLength(keys);
  return ({ type, fragment }) => {
    if (fragment.length < explicit + keys.aead.tagLength)
      throw new Abort(
        "bad-record",
        "bad_record_mac",
        `Protected record of ${fragment.length} bytes is shorter than its nonce and tag`,
      );
    const nonce =
      explicit > 0 ? join(keys.iv, fragment.subarray(0, explicit)) : nonceOf(keys.iv, sequence);
    const length = fragment.length - explicit - keys.aead.tagLength;
    const additional = additionalData(sequence++, type, length);
    return { type, content: open(keys, nonce, additional, fragment.subarray(explicit)) };
  };
}

/** AEAD record protection of TLS 1.2, sending side. */
export function sealer12(keys: TrafficKeys): Sealer {
  let sequence = 0;
  const explicit = explicitLength(keys);
  return (type, content) => {
    const record = new Uint8Array(RECORD_HEADER + explicit + content.length + keys.aead.tagLength);
    writeHeader(record, type, Version.tls12);
    const sent = explicitNonce(sequence);
    if (explicit > 0) record.set(sent, RECORD_HEADER);
    const nonce = explicit > 0 ? join(keys.iv, sent) : nonceOf(keys.iv, sequence);
    const additional = additionalData(sequence++, type, content.length);
    seal(keys, nonce, additional, content, record, RECORD_HEADER + explicit);
    return record;
  };
}
