import {
  checkPrimeSync,
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
} from "node:crypto";
import {
  bits,
  integer,
  integerBytes,
  nothing,
  octets,
  oid,
  sequence,
  value,
} from "./der-writer.ts";

/** A key of the pool. */
export interface PoolKey {
  readonly kind: "rsa" | "ec" | "ed25519";
  readonly label: string;
  readonly privateKey: KeyObject;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  /** SHA-1 of the public key's bits, as most authorities compute a key identifier. */
  readonly identifier: Buffer;
}

const digest = (text: string, algorithm = "sha256"): Buffer =>
  createHash(algorithm).update(text).digest();

function poolKey(kind: PoolKey["kind"], label: string, privateKey: KeyObject): PoolKey {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return {
    kind,
    label,
    privateKey,
    spki,
    identifier: createHash("sha1").update(spki).digest(),
  };
}

/** A P-curve key whose scalar comes from a label (SEC 1 section C.4). */
function ecKey(label: string, curve: string, size: number): PoolKey {
  const scalar = Buffer.concat([digest(label), digest(`${label}+`, "sha512")]).subarray(0, size);
  scalar[0] = 0; // below the order of every curve used
  const der = sequence(integer(1), octets(scalar), value(0xa0, oid(curve)));
  return poolKey("ec", label, createPrivateKey({ key: der, format: "der", type: "sec1" }));
}

function ed25519Key(label: string): PoolKey {
  const der = sequence(integer(0), sequence(oid("1.3.101.112")), octets(octets(digest(label))));
  return poolKey("ed25519", label, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

/** An RSA key whose primes come from a label. */
function rsaKey(label: string, size: number): PoolKey {
  const exponent = 65_537n;
  const p = prime(`${label}/p`, size / 2, exponent);
  const q = prime(`${label}/q`, size / 2, exponent);
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const numbers = [p * q, exponent, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  const der = sequence(integer(0), ...numbers.map(bigInteger));
  return poolKey("rsa", label, createPrivateKey({ key: der, format: "der", type: "pkcs1" }));
}

function bigInteger(number: bigint): Buffer {
  const text = number.toString(16);
  const even = text.length % 2 === 0 ? text : `0${text}`;
  const bytes = Buffer.from(even, "hex");
  return integerBytes((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes);
}

function prime(label: string, size: number, exponent: bigint): bigint {
  const blocks = Array.from({ length: Math.ceil(size / 512) }, (_, i) =>
    digest(`${label}/${i}`, "sha512"),
  );
  let candidate = BigInt(
    `0x${Buffer.concat(blocks)
      .toString("hex")
      .slice(0, size / 4)}`,
  );
  candidate |= (3n << BigInt(size - 2)) | 1n;
  while ((candidate - 1n) % exponent === 0n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

function inverse(number: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulus, number % modulus, 0n, 1n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

const P256 = "1.2.840.10045.3.1.7";

/** The pool: made from labels, so that a seed means the same case everywhere. */
export const KEYS: readonly PoolKey[] = [
  ...Array.from({ length: 14 }, (_, i) => ecKey(`p256-${i}`, P256, 32)),
  ecKey("p384", "1.3.132.0.34", 48),
  ecKey("p521", "1.3.132.0.35", 66),
  ed25519Key("ed25519-0"),
  ed25519Key("ed25519-1"),
  rsaKey("rsa-2048-0", 2048),
  rsaKey("rsa-2048-1", 2048),
  rsaKey("rsa-1024", 1024),
  rsaKey("rsa-512", 512),
  ecKey("p224", "1.3.132.0.33", 28),
  ecKey("secp256k1", "1.3.132.0.10", 32),
  ecKey("brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", 32),
];

/** Positions of keys that every client accepts; the elliptic ones, which sign fast, come first. */
export const STRONG_KEYS: readonly number[] = KEYS.flatMap(({ label }, index) =>
  /^(p256|rsa-2048|p384|ed25519)/.test(label) ? [index] : [],
);

/** Positions of keys that some client refuses. */
export const WEAK_KEYS: readonly number[] = KEYS.flatMap(({ label }, index) =>
  STRONG_KEYS.includes(index) || label === "" ? [] : [index],
);

/** Digest of a signature; with `pss` the key pads as RSASSA-PSS does. */
export type SignatureHash = "sha256" | "sha384" | "sha512" | "sha224" | "sha1" | "md5" | "pss";

const RSA_OIDS: Record<Exclude<SignatureHash, "pss">, string> = {
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
  sha224: "1.2.840.113549.1.1.14",
  sha1: "1.2.840.113549.1.1.5",
  md5: "1.2.840.113549.1.1.4",
};
const ECDSA_OIDS: Record<Exclude<SignatureHash, "pss" | "md5">, string> = {
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4",
  sha224: "1.2.840.10045.4.3.1",
  sha1: "1.2.840.10045.4.1",
};

const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing);
const PSS_IDENTIFIER = sequence(
  oid("1.2.840.113549.1.1.10"),
  sequence(
    value(0xa0, SHA256),
    value(0xa1, sequence(oid("1.2.840.113549.1.1.8"), SHA256)),
    value(0xa2, integer(32)),
  ),
);

/** What a key can really sign with when a digest is wished for. */
function usableHash({ kind, label }: PoolKey, wished: SignatureHash): SignatureHash {
  if (kind === "ec" && (wished === "md5" || wished === "pss")) return "sha256";
  if (label === "rsa-512" && wished !== "sha1" && wished !== "md5") return "sha256";
  return wished;
}

/** AlgorithmIdentifier of a signature by a key (RFC 4055, RFC 5758, RFC 8410). */
export function signatureIdentifier(key: PoolKey, wished: SignatureHash): Buffer {
  if (key.kind === "ed25519") return sequence(oid("1.3.101.112"));
  const hash = usableHash(key, wished);
  if (hash === "pss") return PSS_IDENTIFIER;
  if (key.kind === "rsa") return sequence(oid(RSA_OIDS[hash]), nothing);
  return sequence(oid(ECDSA_OIDS[hash === "md5" ? "sha256" : hash]));
}

/** A signature, as BIT STRING. */
export function signature(key: PoolKey, wished: SignatureHash, tbs: Uint8Array): Buffer {
  if (key.kind === "ed25519") return bits(sign(null, tbs, key.privateKey));
  const hash = usableHash(key, wished);
  return bits(
    hash === "pss"
      ? sign("sha256", tbs, {
          key: key.privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: 32,
        })
      : sign(hash, tbs, key.privateKey),
  );
}
