import type { ExtensionRecord } from "../handshake.ts";
import { Abort } from "./abort.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { checkAnswers } from "./extension-answers.ts";
import { extensionRecords, ExtensionType, readExtensions } from "./extensions.ts";
import { HandshakeType } from "./handshake-type.ts";
import { LIMITS } from "./limits.ts";
import { Writer } from "./writer.ts";

/** What a server's Certificate message holds. */
export interface CertificateMessage {
  /** Copies of the certificates in the order sent; nothing in them has been looked at. */
  readonly certificates: readonly Uint8Array[];
  /** OCSP response for the first certificate; in TLS 1.2 it has a message of its own. */
  readonly ocspStaple: Uint8Array | null;
  /** Signed certificate timestamps for the first certificate; in TLS 1.2 they come with ServerHello. */
  readonly timestamps: readonly Uint8Array[];
  /** Extensions of all certificates; none in TLS 1.2. */
  readonly extensions: readonly ExtensionRecord[];
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
          "limit-exceeded",
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
  return { certificates, ocspStaple: null, timestamps: [], extensions: [] };
}

/**
 * Decodes a TLS 1.3 Certificate message; `offered` are the extensions that its certificates may have.
 * @throws {DecodeError} @throws {Abort}
 */
export function decodeCertificate13(
  body: Uint8Array,
  offered: ReadonlySet<number>,
  sink: CertificateSink,
): CertificateMessage {
  const cursor = new Cursor(body);
  const contextOffset = cursor.offset;
  if (cursor.vector8("certificate request context").length > 0)
    throw new DecodeError("Server's certificate request context is not empty", contextOffset);
  let ocspStaple: Uint8Array | null = null;
  let timestamps: readonly Uint8Array[] = [];
  const records: ExtensionRecord[] = [];
  const codes = new Set<number>();
  const list = cursor.list24("certificate list");
  const certificates = readList(
    list,
    (index) => {
      const extensions = readExtensions(list, "certificate entry");
      if (extensions.size === 0) return;
      records.push(...extensionRecords(extensions, "Certificate", index));
      for (const code of extensions.keys()) codes.add(code);
      if (index > 0) return;
      const status = extensions.get(ExtensionType.statusRequest);
      if (status !== undefined) ocspStaple = decodeCertificateStatus(status);
      timestamps = decodeTimestamps(extensions.get(ExtensionType.signedCertificateTimestamp));
    },
    sink,
  );
  cursor.finish("Certificate");
  checkAnswers(codes, "Certificate", offered);
  return { certificates, ocspStaple, timestamps, extensions: records };
}

/**
 * The entries of a list of signed certificate timestamps (RFC 6962 section 3.3). No client's handshake depends
 * on it, so one that is malformed counts as absent.
 */
export function decodeTimestamps(extension: Uint8Array | undefined): readonly Uint8Array[] {
  if (extension === undefined) return [];
  const timestamps: Uint8Array[] = [];
  try {
    const cursor = new Cursor(extension);
    const list = cursor.list16("timestamps", 1);
    cursor.finish("signed_certificate_timestamp");
    while (!list.done && timestamps.length < LIMITS.timestamps)
      timestamps.push(new Uint8Array(list.vector16("timestamp", 1)));
    return timestamps;
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
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
