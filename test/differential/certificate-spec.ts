import { integer, integerBytes, octets, oid, sequence, time, value, yes } from "./der-writer.ts";
import { KEYS, type PoolKey, signature, type SignatureHash, signatureIdentifier } from "./keys.ts";
import { encodeName, type NameSpec } from "./names.ts";

/** One extension, encoded already; a label says what it is in a printed case. */
export interface ExtensionSpec {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
  readonly label: string;
}

/** Everything that a certificate says, and whose key signs it. */
export interface CertificateSpec {
  /** What the certificate is in its estate, for people. */
  readonly label: string;
  readonly version: 1 | 2 | 3;
  /** Content octets. */
  readonly serial: Uint8Array;
  readonly issuer: NameSpec;
  readonly subject: NameSpec;
  /** Position in the pool of the key that is certified. */
  readonly key: number;
  /** Position in the pool of the key that signs. */
  readonly signer: number;
  readonly hash: SignatureHash;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly ExtensionSpec[];
  /** Damage done after signing. */
  readonly damage: "none" | "signature" | "inner-algorithm";
}

/** A key of the pool by position. */
export function keyAt(position: number): PoolKey {
  const key = KEYS[position];
  if (key === undefined) throw new Error(`The pool has no key ${position}`);
  return key;
}

const encodings = new WeakMap<CertificateSpec, Buffer>();

/** DER of a certificate; each specification is signed once. */
export function encodeCertificate(spec: CertificateSpec): Buffer {
  let der = encodings.get(spec);
  if (der === undefined) {
    der = encode(spec);
    encodings.set(spec, der);
  }
  return der;
}

function encode(spec: CertificateSpec): Buffer {
  const signer = keyAt(spec.signer);
  const identifier = signatureIdentifier(signer, spec.hash);
  const inner =
    spec.damage === "inner-algorithm"
      ? signatureIdentifier(signer, spec.hash === "sha256" ? "sha384" : "sha256")
      : identifier;
  const tbs = sequence(
    ...(spec.version === 1 ? [] : [value(0xa0, integer(spec.version - 1))]),
    integerBytes(spec.serial),
    inner,
    encodeName(spec.issuer),
    sequence(time(spec.notBefore), time(spec.notAfter)),
    encodeName(spec.subject),
    keyAt(spec.key).spki,
    ...(spec.extensions.length === 0
      ? []
      : [value(0xa3, sequence(...spec.extensions.map(encodeExtension)))]),
  );
  const signed = spec.damage === "signature" ? Buffer.concat([tbs, Uint8Array.of(0)]) : tbs;
  return sequence(tbs, identifier, signature(signer, spec.hash, signed));
}

function encodeExtension({ oid: identifier, critical, value: content }: ExtensionSpec): Buffer {
  return sequence(oid(identifier), ...(critical ? [yes] : []), octets(content));
}
