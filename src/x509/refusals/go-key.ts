import { encode } from "../ber.ts";
import { bytesEqual } from "../der-values.ts";
import { Tag } from "../der.ts";
import { importKey } from "../verify-signature.ts";
import { GoComplaint, goInteger, goOid, goSmallInteger, GoString, signed } from "./go-values.ts";

/** An AlgorithmIdentifier as crypto/x509 keeps it. */
export interface GoAlgorithm {
  readonly oid: string;
  /** The whole element of the parameters; empty when absent. */
  readonly parameters: Uint8Array;
}

/** parseAI; what follows the parameters is not looked at. @throws {GoComplaint} */
export function readGoAlgorithm(sequence: GoString): GoAlgorithm {
  const oid = goOid(sequence.read(Tag.oid));
  if (oid === null) throw new GoComplaint("x509: malformed OID");
  if (sequence.isEmpty) return { oid, parameters: new Uint8Array() };
  const parameters = sequence.any();
  if (parameters === null) throw new GoComplaint("x509: malformed parameters");
  return { oid, parameters: parameters.whole };
}

const NULL = Uint8Array.of(5, 0);

/** Octets of a coordinate on the curves that crypto/x509 knows. */
const CURVES: ReadonlyMap<string, number> = new Map([
  ["1.3.132.0.33", 28],
  ["1.2.840.10045.3.1.7", 32],
  ["1.3.132.0.34", 48],
  ["1.3.132.0.35", 66],
]);

/** parsePublicKey. @throws {GoComplaint} */
export function checkGoKey({ oid, parameters }: GoAlgorithm, key: Uint8Array): void {
  const complaint = keyComplaint(oid, parameters, key);
  if (complaint !== null) throw new GoComplaint(`x509: ${complaint}`);
}

function keyComplaint(oid: string, parameters: Uint8Array, key: Uint8Array): string | null {
  switch (oid) {
    case "1.2.840.113549.1.1.1":
      return bytesEqual(parameters, NULL) ? rsaComplaint(key) : "RSA key missing NULL parameters";
    case "1.2.840.10045.2.1":
      return ecComplaint(parameters, key);
    case "1.3.101.112":
      if (parameters.length > 0) return "Ed25519 key encoded with illegal parameters";
      return key.length === 32 ? null : "wrong Ed25519 public key size";
    case "1.2.840.10040.4.1":
      return dsaComplaint(parameters, key);
    default:
      return null;
  }
}

function rsaComplaint(key: Uint8Array): string | null {
  const content = new GoString(key).read(Tag.sequence);
  if (content === null) return "invalid RSA public key";
  const sequence = new GoString(content);
  const modulus = goInteger(sequence.read(Tag.integer));
  if (modulus === null) return "invalid RSA modulus";
  const exponent = goSmallInteger(sequence.read(Tag.integer));
  if (exponent === null) return "invalid RSA public exponent";
  if (signed(modulus) <= 0n) return "RSA modulus is not a positive number";
  return exponent <= 0n ? "RSA public exponent is not a positive number" : null;
}

function ecComplaint(parameters: Uint8Array, key: Uint8Array): string | null {
  const curve = goOid(new GoString(parameters).read(Tag.oid));
  if (curve === null) return "invalid ECDSA parameters";
  const octets = CURVES.get(curve);
  if (octets === undefined) return "unsupported elliptic curve";
  const hasForm = key.length === 1 + 2 * octets && key[0] === 4;
  return hasForm && isOnCurve(parameters, key) ? null : "failed to unmarshal elliptic curve point";
}

const EC_OID = Uint8Array.of(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);

/** Whether the runtime takes the point for one of the curve that the parameters begin with. */
function isOnCurve(parameters: Uint8Array, key: Uint8Array): boolean {
  const curve = parameters.subarray(0, 2 + (parameters[1] ?? 0));
  const algorithm = encode(Tag.sequence, [EC_OID, curve]);
  const bits = encode(Tag.bitString, [Uint8Array.of(0), key]);
  return importKey(encode(Tag.sequence, [algorithm, bits])) !== null;
}

function dsaComplaint(parameters: Uint8Array, key: Uint8Array): string | null {
  const y = goInteger(new GoString(key).read(Tag.integer));
  if (y === null) return "invalid DSA public key";
  const content = new GoString(parameters).read(Tag.sequence);
  if (content === null) return "invalid DSA parameters";
  const sequence = new GoString(content);
  const numbers = [y];
  for (let i = 0; i < 3; i++) {
    const number = goInteger(sequence.read(Tag.integer));
    if (number === null) return "invalid DSA parameters";
    numbers.push(number);
  }
  return numbers.every((number) => signed(number) > 0n) ? null : "zero or negative DSA parameter";
}
