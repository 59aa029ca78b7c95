import { Cursor, DecodeError } from "./cursor.ts";
import { Writer } from "./writer.ts";

/** SSL 2.0 as its messages name it. */
export const SSL_2_VERSION = 0x0002;

/** Message types (The SSL Protocol, version 0.2 of 1995, section 2.4). */
export const Ssl2Type = { error: 0, clientHello: 1, serverHello: 4 } as const;

/** A cipher with its key length and hash, which SSL 2.0 offers as one number of three bytes. */
export interface Ssl2CipherKind {
  readonly code: number;
  /** Such as `SSL_CK_RC4_128_WITH_MD5`; `0xhhhhhh` when it is not known. */
  readonly name: string;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x010080, "SSL_CK_RC4_128_WITH_MD5"],
  [0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5"],
  [0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5"],
  [0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5"],
  [0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5"],
  [0x060040, "SSL_CK_DES_64_CBC_WITH_MD5"],
  [0x060140, "SSL_CK_DES_64_CBC_WITH_SHA"],
  [0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"],
  [0x0701c0, "SSL_CK_DES_192_EDE3_CBC_WITH_SHA"],
  [0x080080, "SSL_CK_RC4_64_WITH_MD5"],
]);

/** Every cipher kind that has a name. */
export const SSL_2_CIPHER_KINDS: readonly number[] = [...NAMES.keys()];

function cipherKind(code: number): Ssl2CipherKind {
  return { code, name: NAMES.get(code) ?? `0x${code.toString(16).padStart(6, "0")}` };
}

const ERRORS: ReadonlyMap<number, string> = new Map([
  [1, "no-cipher"],
  [2, "no-certificate"],
  [4, "bad-certificate"],
  [6, "unsupported-certificate-type"],
]);

/** Name of an error of SSL 2.0 (section 2.6); `0xhhhh` when it is not known. */
export function ssl2ErrorName(code: number): string {
  return ERRORS.get(code) ?? `0x${code.toString(16).padStart(4, "0")}`;
}

/** Encodes a CLIENT-HELLO in its record of two header bytes (section 2.5). `challenge` is 16 to 32 bytes. */
export function encodeSsl2Hello(cipherKinds: readonly number[], challenge: Uint8Array): Uint8Array {
  const writer = new Writer(64);
  writer.uint8(Ssl2Type.clientHello).uint16(SSL_2_VERSION);
  writer
    .uint16(3 * cipherKinds.length)
    .uint16(0)
    .uint16(challenge.length);
  for (const code of cipherKinds) writer.uint24(code);
  const message = writer.bytes(challenge).finish();
  const header = Uint8Array.of(0x80 | (message.length >>> 8), message.length & 0xff);
  return Buffer.concat([header, message]);
}

/** A SERVER-HELLO (section 2.6). */
export interface Ssl2ServerHello {
  /** As it stands in the message; 0x0002 for SSL 2.0. */
  readonly version: number;
  readonly sessionIdHit: boolean;
  /** 1 for X.509; 0 where a repeated session needs no certificate. */
  readonly certificateType: number;
  /** The server's own certificate, of which SSL 2.0 sends no chain; null when there is none. */
  readonly certificate: Uint8Array | null;
  /** Those of the offer that the server accepts too; the client chooses. */
  readonly cipherKinds: readonly Ssl2CipherKind[];
  /** Bytes. */
  readonly connectionIdLength: number;
}

/** Decodes a SERVER-HELLO without its type. @throws {DecodeError} */
export function decodeSsl2ServerHello(body: Uint8Array): Ssl2ServerHello {
  const cursor = new Cursor(body);
  const sessionIdHit = cursor.uint8("Session identifier hit") !== 0;
  const certificateType = cursor.uint8("Certificate type");
  const version = cursor.uint16("Server version");
  const certificateLength = cursor.uint16("Length of certificate");
  const ciphersOffset = cursor.offset;
  const ciphersLength = cursor.uint16("Length of cipher kinds");
  const connectionIdLength = cursor.uint16("Length of connection identifier");
  if (ciphersLength % 3 !== 0)
    throw new DecodeError(`Cipher kinds of ${ciphersLength} bytes are not triples`, ciphersOffset);
  const certificate = new Uint8Array(cursor.take(certificateLength, "certificate"));
  const cipherKinds: Ssl2CipherKind[] = [];
  for (let at = 0; at < ciphersLength; at += 3)
    cipherKinds.push(cipherKind(cursor.uint24("Cipher kind")));
  cursor.take(connectionIdLength, "connection identifier");
  cursor.finish("SERVER-HELLO");
  return {
    version,
    sessionIdHit,
    certificateType,
    certificate: certificate.length > 0 ? certificate : null,
    cipherKinds,
    connectionIdLength,
  };
}
