import { Cursor, DecodeError } from "./cursor.ts";
import { HandshakeType } from "./handshake-type.ts";
import { hex16 } from "./versions.ts";
import { Writer } from "./writer.ts";

/** A signature and the code of its scheme. */
export interface DigitallySigned {
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** An ECDHE ServerKeyExchange (RFC 8422 section 5.4). */
export interface ServerKeyExchange extends DigitallySigned {
  readonly group: number;
  readonly publicKey: Uint8Array;
  /** The part of the message that is signed, after both random values. */
  readonly parameters: Uint8Array;
}

const NAMED_CURVE = 3;

function readSigned(cursor: Cursor, what: string): DigitallySigned {
  const scheme = cursor.uint16("Signature scheme");
  const signature = cursor.vector16("signature");
  cursor.finish(what);
  return { scheme, signature };
}

/** Decodes a CertificateVerify (RFC 8446 section 4.4.3). @throws {DecodeError} */
export function decodeCertificateVerify(body: Uint8Array): DigitallySigned {
  return readSigned(new Cursor(body), "CertificateVerify");
}

/** Decodes an ECDHE ServerKeyExchange. @throws {DecodeError} */
export function decodeServerKeyExchange(body: Uint8Array): ServerKeyExchange {
  const cursor = new Cursor(body);
  const curveType = cursor.uint8("Curve type");
  if (curveType !== NAMED_CURVE)
    throw new DecodeError(`Curve type ${hex16(curveType)} is not a named curve`, 0);
  const group = cursor.uint16("Named curve");
  const publicKey = cursor.vector8("public key", 1);
  const parameters = body.subarray(0, cursor.offset);
  return { group, publicKey, parameters, ...readSigned(cursor, "ServerKeyExchange") };
}

/** Encodes a CertificateVerify with its message header. */
export function encodeCertificateVerify({ scheme, signature }: DigitallySigned): Uint8Array {
  const writer = new Writer(signature.length + 16);
  writer.uint8(HandshakeType.certificateVerify).vector24(() => {
    writer.uint16(scheme).vector16(() => writer.bytes(signature));
  });
  return writer.finish();
}

/** Encodes an ECDHE ClientKeyExchange with its message header (RFC 8422 section 5.7). */
export function encodeClientKeyExchange(publicKey: Uint8Array): Uint8Array {
  const writer = new Writer(publicKey.length + 8);
  writer.uint8(HandshakeType.clientKeyExchange).vector24(() => {
    writer.vector8(() => writer.bytes(publicKey));
  });
  return writer.finish();
}

/** Encodes a Finished with its message header. */
export function encodeFinished(verifyData: Uint8Array): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(HandshakeType.finished, 0, 0, verifyData.length),
    verifyData,
  ]);
}
