import { Abort } from "./abort.ts";
import { Cursor } from "./cursor.ts";
import type { DheParameters } from "./modular-diffie-hellman.ts";
import { Version } from "./versions.ts";

/** A server's public value on a named curve (RFC 8422 section 5.4). */
export interface EcdheParameters {
  readonly kind: "ecdhe";
  readonly group: number;
  readonly publicKey: Uint8Array;
}

/** What proves that the parameters are the server's. */
export interface ParameterProof {
  /** Code of the scheme; null before TLS 1.2, where the type of the key decides. */
  readonly scheme: number | null;
  readonly signature: Uint8Array;
}

/** A ServerKeyExchange message. */
export interface ServerKeyExchange {
  readonly parameters: EcdheParameters | DheParameters;
  /** The part of the message that is signed, after both random values. */
  readonly signed: Uint8Array;
  readonly proof: ParameterProof;
}

const NAMED_CURVE = 3;

/** Reads a server's half of an ECDHE agreement. @throws {DecodeError} @throws {Abort} for curves without a name */
function readCurve(cursor: Cursor): EcdheParameters {
  const curveType = cursor.uint8("Curve type");
  if (curveType !== NAMED_CURVE)
    throw new Abort(
      "parameter-unsupported",
      "handshake_failure",
      `Server describes a curve of its own (curve type ${curveType}) instead of naming one`,
    );
  const group = cursor.uint16("Named curve");
  return { kind: "ecdhe", group, publicKey: cursor.vector8("public key", 1) };
}

/** Reads a server's half of a Diffie-Hellman agreement. @throws {DecodeError} */
function readField(cursor: Cursor): DheParameters {
  return {
    kind: "dhe",
    prime: cursor.vector16("prime", 1),
    generator: cursor.vector16("generator", 1),
    publicKey: cursor.vector16("public value", 1),
  };
}

/** The parameters with which a ServerKeyExchange begins, whatever proves them. @throws {DecodeError} @throws {Abort} */
export function decodeParameters(
  cursor: Cursor,
  kind: "ecdhe" | "dhe",
): EcdheParameters | DheParameters {
  return kind === "ecdhe" ? readCurve(cursor) : readField(cursor);
}

/**
 * Decodes a signed ServerKeyExchange (RFC 5246 section 7.4.3, RFC 4346 section 7.4.3, RFC 8422 section 5.4).
 * @throws {DecodeError} @throws {Abort} for curves without a name
 */
export function decodeServerKeyExchange(
  body: Uint8Array,
  kind: "ecdhe" | "dhe",
  version: number,
): ServerKeyExchange {
  const cursor = new Cursor(body);
  const parameters = decodeParameters(cursor, kind);
  const signed = body.subarray(0, cursor.offset);
  const scheme = version >= Version.tls12 ? cursor.uint16("Signature scheme") : null;
  const signature = cursor.vector16("signature");
  cursor.finish("ServerKeyExchange");
  return { parameters, signed, proof: { scheme, signature } };
}
