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

/**
 * Where a TLS 1.3 server may put the extensions that the engine knows (RFC 8446 section 4.2, RFC 8449,
 * RFC 8879, RFC 6962). Others may stand anywhere.
 */
const PLACES: ReadonlyMap<number, readonly ExtendedMessage[]> = new Map([
  [ExtensionType.serverName, ["EncryptedExtensions"]],
  [ExtensionType.maxFragmentLength, ["EncryptedExtensions"]],
  [ExtensionType.statusRequest, ["Certificate", "CertificateRequest"]],
  [ExtensionType.supportedGroups, ["EncryptedExtensions"]],
  [ExtensionType.signatureAlgorithms, ["CertificateRequest"]],
  [ExtensionType.alpn, ["EncryptedExtensions"]],
  [ExtensionType.signedCertificateTimestamp, ["Certificate", "CertificateRequest"]],
  [ExtensionType.compressCertificate, ["CertificateRequest"]],
  [ExtensionType.recordSizeLimit, ["EncryptedExtensions"]],
  [ExtensionType.preSharedKey, ["ServerHello"]],
  [ExtensionType.earlyData, ["EncryptedExtensions", "NewSessionTicket"]],
  [ExtensionType.supportedVersions, ["ServerHello", "HelloRetryRequest"]],
  [ExtensionType.cookie, ["HelloRetryRequest"]],
  [ExtensionType.certificateAuthorities, ["CertificateRequest"]],
  [ExtensionType.signatureAlgorithmsCert, ["CertificateRequest"]],
  [ExtensionType.keyShare, ["ServerHello", "HelloRetryRequest"]],
  [ExtensionType.ecPointFormats, []],
  [ExtensionType.padding, []],
  [ExtensionType.encryptThenMac, []],
  [ExtensionType.extendedMasterSecret, []],
  [ExtensionType.sessionTicket, []],
  [ExtensionType.pskKeyExchangeModes, []],
  [ExtensionType.renegotiationInfo, []],
]);

/** The first extension that may not stand in this message of TLS 1.3; undefined when all may. */
export function misplaced(extensions: Extensions, message: ExtendedMessage): number | undefined {
  for (const code of extensions.keys())
    if (PLACES.get(code)?.includes(message) === false) return code;
  return undefined;
}
