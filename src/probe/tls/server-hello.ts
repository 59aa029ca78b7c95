import { Cursor, DecodeError } from "./cursor.ts";
import { extensionName } from "./extension-names.ts";
import { type Extensions, ExtensionType, readExtensions } from "./extensions.ts";

/** A ServerHello or HelloRetryRequest as sent (RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3). */
export interface ServerHello {
  /** Selected version: from `supported_versions` when present, else the legacy field. */
  readonly version: number;
  /** Whether `supported_versions` was present. */
  readonly versionExtension: boolean;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  /** Compression method; 0 is none. */
  readonly compression: number;
  readonly extensions: Extensions;
  readonly retry: boolean;
}

/** Random value that marks a HelloRetryRequest: SHA-256 of those words (RFC 8446 section 4.1.3). */
const RETRY_RANDOM = Buffer.from(
  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c",
  "hex",
);

/** End of the random value with which a TLS 1.3 server says that it was talked down (RFC 8446 section 4.1.3). */
const DOWNGRADE = Buffer.from("DOWNGRD", "latin1");

/** Decodes the body of a ServerHello. @throws {DecodeError} */
export function decodeServerHello(body: Uint8Array): ServerHello {
  const cursor = new Cursor(body);
  const legacyVersion = cursor.uint16("Server version");
  const random = cursor.take(32, "Server random");
  const sessionOffset = cursor.offset;
  const sessionId = cursor.vector8("session identifier");
  if (sessionId.length > 32)
    throw new DecodeError(
      `Session identifier of ${sessionId.length} bytes is longer than 32`,
      sessionOffset,
    );
  const cipherSuite = cursor.uint16("Cipher suite");
  const compression = cursor.uint8("Compression method");
  const extensions: Extensions = cursor.done ? new Map() : readExtensions(cursor, "ServerHello");
  cursor.finish("ServerHello");
  const selected = extensions.get(ExtensionType.supportedVersions);
  return {
    version: selected === undefined ? legacyVersion : selectedVersion(selected),
    versionExtension: selected !== undefined,
    random,
    sessionId,
    cipherSuite,
    compression,
    extensions,
    retry: RETRY_RANDOM.equals(random),
  };
}

function selectedVersion(extension: Uint8Array): number {
  const cursor = new Cursor(extension);
  const version = cursor.uint16("Selected version");
  cursor.finish("supported_versions");
  return version;
}

/** Whether the server's random value says that it would have spoken a later version. */
export function saysDowngraded(random: Uint8Array): boolean {
  return DOWNGRADE.equals(random.subarray(24, 31)) && (random[31] === 0 || random[31] === 1);
}

/** The server's key share: group code and public value. @throws {DecodeError} */
export function decodeKeyShare(extension: Uint8Array): {
  readonly group: number;
  readonly publicKey: Uint8Array;
} {
  const cursor = new Cursor(extension);
  const group = cursor.uint16("Group of key_share");
  const publicKey = cursor.vector16("key_share", 1);
  cursor.finish("key_share");
  return { group, publicKey };
}

/** The group that a HelloRetryRequest asks for. @throws {DecodeError} */
export function decodeRetryGroup(extension: Uint8Array): number {
  const cursor = new Cursor(extension);
  const group = cursor.uint16("Group of key_share");
  cursor.finish("key_share");
  return group;
}

/** A HelloRetryRequest's cookie. @throws {DecodeError} */
export function decodeCookie(extension: Uint8Array): Uint8Array {
  const cursor = new Cursor(extension);
  const cookie = cursor.vector16("cookie", 1);
  cursor.finish("cookie");
  return cookie;
}

/** The one protocol that the server selected (RFC 7301 section 3.1). @throws {DecodeError} */
export function decodeAlpn(extension: Uint8Array): string {
  const cursor = new Cursor(extension);
  const list = cursor.list16("ALPN list");
  const protocol = list.vector8("ALPN protocol", 1);
  list.finish("ALPN protocol");
  cursor.finish("ALPN list");
  return Buffer.from(protocol).toString("latin1");
}

/** An extension that the client did not offer; undefined when there is none. */
export function unsolicited(
  extensions: Extensions,
  offered: ReadonlySet<number>,
): string | undefined {
  for (const type of extensions.keys()) if (!offered.has(type)) return extensionName(type);
  return undefined;
}
