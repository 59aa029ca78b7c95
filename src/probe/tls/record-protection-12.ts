import { Abort } from "./abort.ts";
import type { Protection } from "./cipher-suites-12.ts";
import type { Entropy } from "./entropy.ts";
import type { DirectionKeys } from "./key-schedule-12.ts";
import {
  authenticatedHeader,
  NONCE_LENGTH,
  nonceOf,
  open,
  type Opener,
  seal,
  type Sealer,
  type TrafficKeys,
  writeHeader,
} from "./record-protection.ts";
import { type CbcForm, openerCbc, sealerCbc } from "./record-protection-cbc.ts";
import { RECORD_HEADER } from "./record-reader.ts";
import { Version } from "./versions.ts";

/** Bytes of the nonce that travel in front of each GCM record (RFC 5288 section 3); ChaCha20 has none (RFC 7905). */
function explicitLength({ iv }: TrafficKeys): number {
  return NONCE_LENGTH - iv.length;
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
    const additional = authenticatedHeader(sequence++, type, Version.tls12, length);
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
    const additional = authenticatedHeader(sequence++, type, Version.tls12, content.length);
    seal(keys, nonce, additional, content, record, RECORD_HEADER + explicit);
    return record;
  };
}

/** Protection of both directions. */
export interface Protectors {
  readonly opener: Opener;
  readonly sealer: Sealer;
}

/** What protects the records of TLS 1.0 to 1.2: opens what the server sends, seals what the client sends. */
export function protectors12(
  protection: Protection,
  form: CbcForm,
  entropy: Entropy,
  { client, server }: { readonly client: DirectionKeys; readonly server: DirectionKeys },
): Protectors {
  if (protection.kind === "cbc")
    return {
      opener: openerCbc(protection, server, form),
      sealer: sealerCbc(protection, client, form, entropy),
    };
  const { aead } = protection;
  return { opener: opener12({ aead, ...server }), sealer: sealer12({ aead, ...client }) };
}
