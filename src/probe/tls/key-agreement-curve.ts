import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import type { CurveGroup } from "./groups.ts";
import type { Agreement, KeyPair } from "./key-agreement.ts";

/** A public key as a JSON Web Key (RFC 7518 section 6.2, RFC 8037 section 2). */
interface PublicJwk {
  readonly kty?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** First byte of an uncompressed point (SEC 1 section 2.3.3). */
const UNCOMPRESSED = 4;

/** Makes a key of a curve. */
export function generateCurvePair({ keyType, curve, name }: CurveGroup): KeyPair {
  if (keyType !== "OKP") return generateKeyPairSync("ec", { namedCurve: curve });
  return name === "x448" ? generateKeyPairSync("x448") : generateKeyPairSync("x25519");
}

/**
 * Agreement on a curve. JSON Web Keys carry raw coordinates in and out of node:crypto at a fraction of the
 * cost of DER, and key objects compute faster than its ECDH class. Curves that JSON Web Keys do not know
 * take the way through DER.
 */
export function curveShare(group: CurveGroup, pair: KeyPair): Agreement {
  return group.keyType === null ? derShare(group, pair) : jwkShare(group, pair);
}

function jwkShare(group: CurveGroup, { privateKey, publicKey }: KeyPair): Agreement {
  return {
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

/** What stands before the point is the same in every key of the curve: our own key lends it to the peer's. */
function derShare({ size }: CurveGroup, { privateKey, publicKey }: KeyPair): Agreement {
  const length = 1 + 2 * size;
  const own = publicKey.export({ format: "der", type: "spki" });
  const prefix = own.subarray(0, -length);
  return {
    publicKey: own.subarray(-length),
    agree: (peer) => {
      if (peer.length !== length || peer[0] !== UNCOMPRESSED) return null;
      try {
        const key = Buffer.concat([prefix, peer]);
        return diffieHellman({
          privateKey,
          publicKey: createPublicKey({ key, format: "der", type: "spki" }),
        });
      } catch {
        return null;
      }
    },
  };
}

function encodePoint({ keyType }: CurveGroup, { x = "", y = "" }: PublicJwk): Uint8Array {
  const first = Buffer.from(x, "base64url");
  return keyType === "OKP"
    ? first
    : Buffer.concat([Uint8Array.of(UNCOMPRESSED), first, Buffer.from(y, "base64url")]);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

function decodePoint({ keyType, curve, size }: CurveGroup, point: Uint8Array): PublicJwk | null {
  if (keyType === "OKP")
    return point.length === size ? { kty: keyType, crv: curve, x: base64url(point) } : null;
  if (point.length !== 1 + 2 * size || point[0] !== UNCOMPRESSED) return null;
  return {
    kty: "EC",
    crv: curve,
    x: base64url(point.subarray(1, 1 + size)),
    y: base64url(point.subarray(1 + size)),
  };
}
