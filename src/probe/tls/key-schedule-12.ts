import { createHmac } from "node:crypto";
import type { CipherSuite, SuiteHash } from "./cipher-suites.ts";
import { NONCE_LENGTH, type TrafficKeys } from "./record-protection.ts";

const MASTER_SECRET_LENGTH = 48;
const VERIFY_DATA_LENGTH = 12;

/** Bytes of the nonce that stay secret in GCM and CCM suites (RFC 5288 section 3, RFC 6655 section 3). */
const FIXED_IV = 4;

/** The pseudorandom function (RFC 5246 section 5) with the hash of the suite. */
export function prf(
  hash: SuiteHash,
  secret: Uint8Array,
  label: string,
  seed: readonly Uint8Array[],
  length: number,
): Uint8Array {
  const full = Buffer.concat([Buffer.from(label, "latin1"), ...seed]);
  const blocks: Uint8Array[] = [];
  let produced = 0;
  let chain: Uint8Array = full;
  while (produced < length) {
    chain = createHmac(hash, secret).update(chain).digest();
    const block = createHmac(hash, secret).update(chain).update(full).digest();
    blocks.push(block);
    produced += block.length;
  }
  return Buffer.concat(blocks, length);
}

/** Both sides' random values. */
export interface Randoms {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** The master secret as RFC 5246 section 8.1 derives it. */
export function masterSecret(
  hash: SuiteHash,
  premaster: Uint8Array,
  { client, server }: Randoms,
): Uint8Array {
  return prf(hash, premaster, "master secret", [client, server], MASTER_SECRET_LENGTH);
}

/** The master secret bound to the handshake; `sessionHash` ends with ClientKeyExchange (RFC 7627 section 4). */
export function extendedMasterSecret(
  hash: SuiteHash,
  premaster: Uint8Array,
  sessionHash: Uint8Array,
): Uint8Array {
  return prf(hash, premaster, "extended master secret", [sessionHash], MASTER_SECRET_LENGTH);
}

/** Record keys of both directions (RFC 5246 section 6.3). */
export function trafficKeys12(
  { hash, aead }: CipherSuite,
  master: Uint8Array,
  { client, server }: Randoms,
): { readonly client: TrafficKeys; readonly server: TrafficKeys } {
  const { keyLength } = aead;
  const ivLength = aead.cipher === "chacha20-poly1305" ? NONCE_LENGTH : FIXED_IV;
  const block = prf(hash, master, "key expansion", [server, client], 2 * (keyLength + ivLength));
  const ivs = 2 * keyLength;
  return {
    client: {
      aead,
      key: block.subarray(0, keyLength),
      iv: block.subarray(ivs, ivs + ivLength),
    },
    server: {
      aead,
      key: block.subarray(keyLength, ivs),
      iv: block.subarray(ivs + ivLength),
    },
  };
}

/** Content of a Finished message (RFC 5246 section 7.4.9). */
export function verifyData12(
  hash: SuiteHash,
  master: Uint8Array,
  sender: "client" | "server",
  transcript: Uint8Array,
): Uint8Array {
  return prf(hash, master, `${sender} finished`, [transcript], VERIFY_DATA_LENGTH);
}
