import { type Cursor, DecodeError } from "./cursor.ts";
import { hex16 } from "./versions.ts";

/** Extension numbers that the engine writes or reads (IANA TLS ExtensionType Values). */
export const ExtensionType = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  signedCertificateTimestamp: 18,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  cookie: 44,
  pskKeyExchangeModes: 45,
  certificateAuthorities: 47,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** Extensions of one message by number. */
export type Extensions = ReadonlyMap<number, Uint8Array>;

/**
 * Reads an extension block (RFC 8446 section 4.2); an extension that appears twice is refused.
 * @throws {DecodeError}
 */
export function readExtensions(cursor: Cursor, where: string): Extensions {
  const extensions = new Map<number, Uint8Array>();
  const list = cursor.list16(`extensions of ${where}`);
  while (!list.done) {
    const start = list.offset;
    const type = list.uint16("Extension type");
    const data = list.vector16(`extension ${hex16(type)}`);
    if (extensions.has(type)) throw new DecodeError(`Extension ${hex16(type)} is repeated`, start);
    extensions.set(type, data);
  }
  return extensions;
}
