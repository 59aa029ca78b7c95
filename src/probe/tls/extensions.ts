import type { ExtendedMessage, ExtensionRecord } from "../handshake.ts";
import { type Cursor, DecodeError } from "./cursor.ts";
import { extensionName } from "./extension-names.ts";
import { hex16 } from "./versions.ts";

/** Extension numbers that the engine writes or reads (IANA TLS ExtensionType Values). */
export const ExtensionType = {
  serverName: 0,
  maxFragmentLength: 1,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  signedCertificateTimestamp: 18,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  compressCertificate: 27,
  recordSizeLimit: 28,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskKeyExchangeModes: 45,
  certificateAuthorities: 47,
  oidFilters: 48,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** Extensions of one message by number, in the order sent. */
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

/** The extensions of a message as they are recorded; `certificate` is a position in the chain. */
export function extensionRecords(
  extensions: Extensions,
  message: ExtendedMessage,
  certificate: number | null = null,
): readonly ExtensionRecord[] {
  return Array.from(extensions, ([code, { length }]) => ({
    message,
    certificate,
    code,
    name: extensionName(code),
    length,
  }));
}
