import { fail, ok, type Result } from "../../x509/result.ts";
import { Abort } from "./abort.ts";
import {
  encodeClientHello,
  extensionBody,
  type HelloContent,
  type SharedKey,
} from "./client-hello.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { ExtensionType } from "./extensions.ts";
import { groupByCode, shareLength } from "./groups.ts";
import { HandshakeType } from "./handshake-type.ts";
import type { ExtensionShape, HelloShape } from "./hello-shape.ts";
import { MessageReader } from "./message-reader.ts";
import { ContentType, RecordReader } from "./record-reader.ts";
import { Version } from "./versions.ts";

/** A ClientHello taken apart: what it offers, and what belongs to its one conversation. */
export interface CapturedHello {
  readonly shape: HelloShape;
  /** The content with which the shape encodes to the same bytes. */
  readonly content: HelloContent;
}

/** Why bytes are not a ClientHello. */
export interface ClientHelloError {
  readonly code: "client-hello-malformed";
  readonly message: string;
}

/**
 * Takes a ClientHello apart, header included. Extensions that hold what the engine would write are listed by
 * number, with their content in the shape's fields; all others are kept as they stand, so that encoding the
 * shape with its content gives the same bytes again. `recordVersion` is that of the record it came in.
 */
export function readClientHello(
  message: Uint8Array,
  recordVersion: number = Version.tls10,
): Result<CapturedHello, ClientHelloError> {
  try {
    return ok(decode(message, recordVersion));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return fail({ code: "client-hello-malformed", message: `ClientHello: ${error.message}` });
  }
}

/**
 * As `readClientHello`, from the records that a client sends first; null while the message is not whole.
 */
export function readHelloRecords(
  bytes: Uint8Array,
): Result<CapturedHello | null, ClientHelloError> {
  const records = new RecordReader();
  const messages = new MessageReader();
  records.push(bytes);
  try {
    let recordVersion: number | null = null;
    for (let record = records.next(); record !== null; record = records.next()) {
      if (record.type !== ContentType.handshake)
        return malformed(`A record of content type ${record.type} comes before the ClientHello`);
      const [, major = 0, minor = 0] = record.header;
      recordVersion ??= major * 256 + minor;
      messages.push(record.fragment);
      const message = messages.next();
      if (message !== null) return readClientHello(message.bytes, recordVersion);
    }
    return ok(null);
  } catch (error) {
    if (error instanceof Abort) return malformed(error.message);
    throw error;
  }
}

function malformed(message: string): Result<never, ClientHelloError> {
  return fail({ code: "client-hello-malformed", message });
}

function decode(message: Uint8Array, recordVersion: number): CapturedHello {
  const cursor = new Cursor(message);
  const type = cursor.uint8("message type");
  if (type !== HandshakeType.clientHello)
    throw new DecodeError(`Message of type ${type} is not a ClientHello`, 0);
  const body = cursor.list24("ClientHello");
  cursor.finish("ClientHello");
  const legacyVersion = body.uint16("Client version");
  const random = body.take(32, "Client random");
  const sessionOffset = body.offset;
  const sessionId = body.vector8("session identifier");
  if (sessionId.length > 32)
    throw new DecodeError(
      `Session identifier of ${sessionId.length} bytes is longer than 32`,
      sessionOffset,
    );
  const cipherSuites = codesOf(body.list16("cipher suites"));
  const compressionMethods = [...body.vector8("compression methods")];
  const raw = body.done ? [] : rawExtensions(body);
  body.finish("ClientHello");
  const first = new Map(raw.toReversed().map((extension) => [extension.type, extension.body]));
  const content: HelloContent = {
    random,
    sessionId,
    keyShares: read(first, ExtensionType.keyShare, sharedKeys) ?? [],
    serverName: read(first, ExtensionType.serverName, serverName) ?? null,
    alpn: read(first, ExtensionType.alpn, protocols) ?? [],
    cookie: read(first, ExtensionType.cookie, (list) => list.vector16("cookie")) ?? null,
  };
  const { maxFragmentLength, recordSizeLimit } = ExtensionType;
  const fields: HelloShape = {
    recordVersion,
    legacyVersion,
    sessionIdLength: sessionId.length,
    cipherSuites,
    compressionMethods,
    versions: read(first, ExtensionType.supportedVersions, codes8) ?? versionsUpTo(legacyVersion),
    groups: read(first, ExtensionType.supportedGroups, codes16) ?? [],
    keyShares: content.keyShares.map(shareShape),
    signatureSchemes: read(first, ExtensionType.signatureAlgorithms, codes16) ?? [],
    certificateSignatureSchemes: read(first, ExtensionType.signatureAlgorithmsCert, codes16) ?? [],
    certificateCompression: read(first, ExtensionType.compressCertificate, codes8) ?? [],
    recordSizeLimit: read(first, recordSizeLimit, (list) => list.uint16("limit")) ?? null,
    maxFragmentLength: read(first, maxFragmentLength, (list) => list.uint8("length")) ?? null,
    alpn: content.alpn,
    extensions: [],
  };
  return { shape: withExtensions(fields, content, { raw, message }), content };
}

interface RawExtension {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The extension block as it stands, repetitions included. */
function rawExtensions(body: Cursor): readonly RawExtension[] {
  const start = body.offset;
  const list = body.list16("extensions");
  if (list.done) throw new DecodeError("An empty extension block cannot be kept", start);
  const extensions: RawExtension[] = [];
  while (!list.done) {
    const type = list.uint16("Extension type");
    extensions.push({ type, body: list.vector16("extension") });
  }
  return extensions;
}

/** Lists by number what follows from the fields; what padding follows from is only known in the end. */
function withExtensions(
  fields: HelloShape,
  content: HelloContent,
  { raw, message }: { readonly raw: readonly RawExtension[]; readonly message: Uint8Array },
): HelloShape {
  const shapeWith = (padding: boolean): HelloShape => ({
    ...fields,
    extensions: raw.map(({ type, body }): ExtensionShape => {
      const follows =
        type === ExtensionType.padding ? padding : isCanonical(type, body, fields, content);
      return follows ? type : { type, body: Buffer.from(body).toString("hex") };
    }),
  });
  const padded = shapeWith(true);
  return Buffer.from(encodeClientHello(padded, content)).equals(message)
    ? padded
    : shapeWith(false);
}

function isCanonical(
  type: number,
  body: Uint8Array,
  fields: HelloShape,
  content: HelloContent,
): boolean {
  const canonical = extensionBody(type, fields, content) ?? null;
  return canonical !== null && Buffer.from(canonical).equals(body);
}

/** Reads the whole content of an extension; undefined when it is absent or has another form. */
function read<T>(
  extensions: ReadonlyMap<number, Uint8Array>,
  type: number,
  decodeBody: (body: Cursor) => T,
): T | undefined {
  const body = extensions.get(type);
  if (body === undefined) return undefined;
  try {
    const cursor = new Cursor(body);
    const value = decodeBody(cursor);
    cursor.finish("extension");
    return value;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function codesOf(list: Cursor): readonly number[] {
  const codes: number[] = [];
  while (!list.done) codes.push(list.uint16("code"));
  return codes;
}

function codes16(body: Cursor): readonly number[] {
  return codesOf(body.list16("codes"));
}

function codes8(body: Cursor): readonly number[] {
  return codesOf(new Cursor(body.vector8("codes")));
}

function serverName(body: Cursor): string {
  const list = body.list16("server names");
  const type = list.uint8("name type");
  if (type !== 0) throw new DecodeError(`Name of type ${type} is not a host name`, 2);
  const name = list.vector16("host name");
  list.finish("host name");
  return Buffer.from(name).toString("latin1");
}

function protocols(body: Cursor): readonly string[] {
  const list = body.list16("protocols");
  const names: string[] = [];
  while (!list.done) names.push(Buffer.from(list.vector8("protocol")).toString("latin1"));
  return names;
}

function sharedKeys(body: Cursor): readonly SharedKey[] {
  const list = body.list16("key shares");
  const shares: SharedKey[] = [];
  while (!list.done)
    shares.push({ group: list.uint16("group"), publicKey: list.vector16("public value") });
  return shares;
}

/** A share that the engine can make anew, or the bytes of one that it cannot. */
function shareShape({ group: code, publicKey }: SharedKey): HelloShape["keyShares"][number] {
  const group = groupByCode(code);
  return group !== undefined && publicKey.length === shareLength(group)
    ? code
    : { group: code, body: Buffer.from(publicKey).toString("hex") };
}

/** What a client without `supported_versions` accepts, as far as its hello tells; SSL 3.0 only where it is all. */
function versionsUpTo(legacyVersion: number): readonly number[] {
  const { tls12, tls11, tls10 } = Version;
  const below = [tls12, tls11, tls10].filter((version) => version <= legacyVersion);
  return below.length > 0 ? below : [legacyVersion];
}
