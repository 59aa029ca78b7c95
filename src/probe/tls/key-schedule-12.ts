import { createHmac } from "node:crypto";
import type { Protection } from "./cipher-suites-12.ts";
import type { TranscriptHash } from "./hashes.ts";
import { NONCE_LENGTH } from "./record-protection.ts";
import { Version } from "./versions.ts";

const MASTER_SECRET_LENGTH = 48;
const VERIFY_DATA_LENGTH = 12;

/** Bytes of the nonce that stay secret in GCM and CCM suites (RFC 5288 section 3, RFC 6655 section 3). */
const FIXED_IV = 4;

/** P_hash of RFC 5246 section 5 and RFC 2246 section 5. */
function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const blocks: Uint8Array[] = [];
  let produced = 0;
  let chain: Uint8Array = seed;
  while (produced < length) {
    chain = createHmac(hash, secret).update(chain).digest();
    const block = createHmac(hash, secret).update(chain).update(seed).digest();
    blocks.push(block);
    produced += block.length;
  }
  return Buffer.concat(blocks, length);
}

/**
 * The pseudorandom function: of the suite's hash in TLS 1.2 (RFC 5246 section 5), of MD5 and SHA-1 with one half
 * of the secret each in TLS 1.0 and 1.1 (RFC 2246 section 5).
 */
export function prf(
  hash: TranscriptHash,
  secret: Uint8Array,
  label: string,
  seed: readonly Uint8Array[],
  length: number,
): Uint8Array {
  const full = Buffer.concat([Buffer.from(label, "latin1"), ...seed]);
  if (hash !== "md5-sha1") return expand(hash, secret, full, length);
  const half = Math.ceil(secret.length / 2);
  const md5 = expand("md5", secret.subarray(0, half), full, length);
  const sha1 = expand("sha1", secret.subarray(secret.length - half), full, length);
  return md5.map((byte, index) => byte ^ (sha1[index] ?? 0));
}

/** Both sides' random values. */
export interface Randoms {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** The master secret as RFC 5246 section 8.1 derives it. */
export function masterSecret(
  hash: TranscriptHash,
  premaster: Uint8Array,
  { client, server }: Randoms,
): Uint8Array {
  return prf(hash, premaster, "master secret", [client, server], MASTER_SECRET_LENGTH);
}

/** The master secret bound to the handshake; `sessionHash` ends with ClientKeyExchange (RFC 7627 section 4). */
export function extendedMasterSecret(
  hash: TranscriptHash,
  premaster: Uint8Array,
  sessionHash: Uint8Array,
): Uint8Array {
  return prf(hash, premaster, "extended master secret", [sessionHash], MASTER_SECRET_LENGTH);
}

/** Keys of one direction. */
export interface DirectionKeys {
  /** Empty with AEAD ciphers. */
  readonly mac: Uint8Array;
  readonly key: Uint8Array;
  /** First vector of a CBC chain in TLS 1.0, the secret part of the nonces of AEAD ciphers, else empty. */
  readonly iv: Uint8Array;
}

function lengths(protection: Protection, version: number) {
  if (protection.kind === "aead") {
    const { cipher, keyLength } = protection.aead;
    return { mac: 0, key: keyLength, iv: cipher === "chacha20-poly1305" ? NONCE_LENGTH : FIXED_IV };
  }
  const { macLength, keyLength, blockLength } = protection;
  return { mac: macLength, key: keyLength, iv: version === Version.tls10 ? blockLength : 0 };
}

/** Record keys of both directions (RFC 5246 section 6.3, RFC 2246 section 6.3). */
export function directionKeys(
  hash: TranscriptHash,
  protection: Protection,
  version: number,
  master: Uint8Array,
  { client, server }: Randoms,
): { readonly client: DirectionKeys; readonly server: DirectionKeys } {
  const { mac, key, iv } = lengths(protection, version);
  const block = prf(hash, master, "key expansion", [server, client], 2 * (mac + key + iv));
  let at = 0;
  const next = (length: number): Uint8Array => block.subarray(at, (at += length));
  const macs = [next(mac), next(mac)] as const;
  const keys = [next(key), next(key)] as const;
  const ivs = [next(iv), next(iv)] as const;
  return {
    client: { mac: macs[0], key: keys[0], iv: ivs[0] },
    server: { mac: macs[1], key: keys[1], iv: ivs[1] },
  };
}

/** Content of a Finished message (RFC 5246 section 7.4.9). */
export function verifyData12(
  hash: TranscriptHash,
  master: Uint8Array,
  sender: "client" | "server",
  transcript: Uint8Array,
): Uint8Array {
  return prf(hash, master, `${sender} finished`, [transcript], VERIFY_DATA_LENGTH);
}
