import { Abort } from "./abort.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { ExtensionType, readExtensions } from "./extensions.ts";
import { HandshakeType } from "./handshake-type.ts";
import { LIMITS } from "./limits.ts";
import { Writer } from "./writer.ts";

/** What a server's Certificate message holds. */
export interface CertificateMessage {
  /** Copies of the certificates in the order sent; nothing in them has been looked at. */
  readonly certificates: readonly Uint8Array[];
  /** OCSP response for the first certificate; in TLS 1.2 it has a message of its own. */
  readonly ocspStaple: Uint8Array | null;
}

/** Receives the certificates read so far also when the rest of the message turns out to be malformed. */
export type CertificateSink = (certificates: readonly Uint8Array[]) => void;

/**
 * Reads a certificate list (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2). The copies are tight, so that a
 * kept handshake does not keep whole network buffers alive.
 */
function readList(
  list: Cursor,
  rest: (index: number) => void,
  sink: CertificateSink,
): readonly Uint8Array[] {
  const certificates: Uint8Array[] = [];
  try {
    while (!list.done) {
      if (certificates.length === LIMITS.certificates)
        throw new Abort(
          "message-too-large",
          "bad_certificate",
          `Server sent more than ${LIMITS.certificates} certificates`,
        );
      certificates.push(new Uint8Array(list.vector24("certificate", 1)));
      rest(certificates.length - 1);
    }
  } finally {
    sink(certificates);
  }
  return certificates;
}

/** Decodes a TLS 1.2 Certificate message. @throws {DecodeError} @throws {Abort} */
export function decodeCertificate12(body: Uint8Array, sink: CertificateSink): CertificateMessage {
  const cursor = new Cursor(body);
  const certificates = readList(cursor.list24("certificate list"), () => undefined, sink);
  cursor.finish("Certificate");
  return { certificates, ocspStaple: null };
}

/** Decodes a TLS 1.3 Certificate message. @throws {DecodeError} @throws {Abort} */
export function decodeCertificate13(body: Uint8Array, sink: CertificateSink): CertificateMessage {
  const cursor = new Cursor(body);
  const contextOffset = cursor.offset;
  if (cursor.vector8("certificate request context").length > 0)
    throw new DecodeError("Server's certificate request context is not empty", contextOffset);
  let ocspStaple: Uint8Array | null = null;
  const list = cursor.list24("certificate list");
  const certificates = readList(
    list,
    (index) => {
      const status = readExtensions(list, "certificate entry").get(ExtensionType.statusRequest);
      if (index === 0 && status !== undefined) ocspStaple = decodeCertificateStatus(status);
    },
    sink,
  );
  cursor.finish("Certificate");
  return { certificates, ocspStaple };
}

const OCSP = 1;

/** The OCSP response of a CertificateStatus (RFC 6066 section 8); null for other kinds. @throws {DecodeError} */
export function decodeCertificateStatus(body: Uint8Array): Uint8Array | null {
  const cursor = new Cursor(body);
  if (cursor.uint8("Status type") !== OCSP) return null;
  const response = new Uint8Array(cursor.vector24("OCSP response", 1));
  cursor.finish("CertificateStatus");
  return response;
}

/** Encodes the client's Certificate message; an empty chain says that there is none. */
export function encodeCertificate(
  chain: readonly Uint8Array[],
  requestContext: Uint8Array | null,
): Uint8Array {
  const writer = new Writer(64 + chain.reduce((sum, { length }) => sum + length + 5, 0));
  writer.uint8(HandshakeType.certificate).vector24(() => {
    if (requestContext !== null) writer.vector8(() => writer.bytes(requestContext));
    writer.vector24(() => {
      for (const certificate of chain) {
        writer.vector24(() => writer.bytes(certificate));
        if (requestContext !== null) writer.uint16(0);
      }
    });
  });
  return writer.finish();
}
