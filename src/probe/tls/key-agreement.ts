import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Group } from "./groups.ts";

/** Our half of a key agreement. */
export interface KeyShare {
  readonly group: Group;
  /** As it stands in `key_share` or ClientKeyExchange. */
  readonly publicKey: Uint8Array;
  /** The shared secret with the peer's public value; null when that value is not a point of the group. */
  agree(peer: Uint8Array): Uint8Array | null;
}

/** A public key as a JSON Web Key (RFC 7518 section 6.2, RFC 8037 section 2). */
interface PublicJwk {
  readonly kty?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** First byte of an uncompressed point (SEC 1 section 2.3.3). */
const UNCOMPRESSED = 4;

/**
 * Makes a key pair. JSON Web Keys carry the raw coordinates in and out of node:crypto at a fraction of the
 * cost of DER, and key objects compute faster than its ECDH class.
 */
export function generateKeyShare(group: Group): KeyShare {
  const { privateKey, publicKey } = generateKeyPair(group);
  return keyShareOf(group, privateKey, publicKey);
}

function generateKeyPair({ keyType, curve, name }: Group) {
  if (keyType === "EC") return generateKeyPairSync("ec", { namedCurve: curve });
  return name === "x448" ? generateKeyPairSync("x448") : generateKeyPairSync("x25519");
}

/** A key share from an existing key pair of the group. */
export function keyShareOf(group: Group, privateKey: KeyObject, publicKey: KeyObject): KeyShare {
  return {
    group,
    publicKey: encodePoint(group, publicKey.export({ format: "jwk" })),
    agree: (peer) => {
      const key = decodePoint(group, peer);
      if (key === null) return null;
      try {
        return diffieHellman({ privateKey, publicKey: createPublicKey({ key, format: "jwk" }) });
      } catch {
        return null;
      }
    },
  };
}

function encodePoint({ keyType }: Group, { x = "", y = "" }: PublicJwk): Uint8Array {
  const first = Buffer.from(x, "base64url");
  return keyType === "OKP"
    ? first
    : Buffer.concat([Uint8Array.of(UNCOMPRESSED), first, Buffer.from(y, "base64url")]);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

function decodePoint({ keyType, curve, size }: Group, point: Uint8Array): PublicJwk | null {
  if (keyType === "OKP")
    return point.length === size ? { kty: keyType, crv: curve, x: base64url(point) } : null;
  if (point.length !== 1 + 2 * size || point[0] !== UNCOMPRESSED) return null;
  return {
    kty: keyType,
    crv: curve,
    x: base64url(point.subarray(1, 1 + size)),
    y: base64url(point.subarray(1 + size)),
  };
}
