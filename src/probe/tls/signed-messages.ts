import { Cursor } from "./cursor.ts";
import { HandshakeType } from "./handshake-type.ts";
import { Writer } from "./writer.ts";

/** A signature and the code of its scheme. */
export interface DigitallySigned {
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** Decodes a CertificateVerify (RFC 8446 section 4.4.3). @throws {DecodeError} */
export function decodeCertificateVerify(body: Uint8Array): DigitallySigned {
  const cursor = new Cursor(body);
  const scheme = cursor.uint16("Signature scheme");
  const signature = cursor.vector16("signature");
  cursor.finish("CertificateVerify");
  return { scheme, signature };
}

/** Encodes a CertificateVerify with its message header; before TLS 1.2 it names no scheme (RFC 4346 section 7.4.8). */
export function encodeCertificateVerify(scheme: number | null, signature: Uint8Array): Uint8Array {
  const writer = new Writer(signature.length + 16);
  writer.uint8(HandshakeType.certificateVerify).vector24(() => {
    if (scheme !== null) writer.uint16(scheme);
    writer.vector16(() => writer.bytes(signature));
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
