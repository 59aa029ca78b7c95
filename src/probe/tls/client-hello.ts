import { extensionName } from "./extension-names.ts";
import { ExtensionType } from "./extensions.ts";
import { HandshakeType } from "./handshake-type.ts";
import type { HelloShape } from "./hello-shape.ts";
import { preSharedKeyBody } from "./pre-shared-key.ts";
import type { Session } from "./sessions.ts";
import { Writer } from "./writer.ts";

/** A public value under the code of its group. */
export interface SharedKey {
  readonly group: number;
  readonly publicKey: Uint8Array;
}

/** What a ClientHello says beyond its shape. */
export interface HelloContent {
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** At most 32 bytes. */
  readonly sessionId: Uint8Array;
  readonly keyShares: readonly SharedKey[];
  /** A-label to ask for; null for none. */
  readonly serverName: string | null;
  /** Protocols in order of preference, as Latin-1 strings; empty for none. */
  readonly alpn: readonly string[];
  /** Echo of a HelloRetryRequest's cookie. */
  readonly cookie: Uint8Array | null;
  /** A session to offer: its ticket stands in the extension for it; an identifier is `sessionId` already. */
  readonly resume?: Session | null;
}

const UNCOMPRESSED_POINTS = Uint8Array.of(1, 0);
/** OCSP, no responder, no request extensions (RFC 6066 section 8). */
const OCSP_REQUEST = Uint8Array.of(1, 0, 0, 0, 0);
const NO_RENEGOTIATION = Uint8Array.of(0);
/** psk_dhe_ke (RFC 8446 section 4.2.9). */
const PSK_WITH_DHE = Uint8Array.of(1, 1);
const EMPTY = new Uint8Array();

/**
 * Encodes a ClientHello with its message header (RFC 8446 section 4.1.2).
 * @throws {RangeError} when it is too long, or lists an extension by number that takes a literal body
 */
export function encodeClientHello(shape: HelloShape, content: HelloContent): Uint8Array {
  const { suites, bodies } = fixedParts(shape);
  const writer = new Writer(1024);
  writer.uint8(HandshakeType.clientHello).vector24(() => {
    writer.uint16(shape.legacyVersion).bytes(content.random);
    writer.vector8(() => writer.bytes(content.sessionId)).bytes(suites);
    const extensions = extensionsOf(shape, content, bodies);
    const paddingLength = paddingFor(writer.length + 2, extensions);
    const written = extensions.filter(({ body }) => body !== null || paddingLength !== null);
    if (written.length === 0) return;
    writer.vector16(() => {
      for (const { type, body } of written)
        writer
          .uint16(type)
          .vector16(() => writer.bytes(body ?? new Uint8Array(paddingLength ?? 0)));
    });
  });
  return writer.finish();
}

/** What is the same in every hello of a shape. */
interface FixedParts {
  /** Cipher suites and compression methods with their lengths. */
  readonly suites: Uint8Array;
  /** Bodies of the extensions at the same places in the shape; null where the conversation decides. */
  readonly bodies: readonly (Uint8Array | null)[];
}

const known = new WeakMap<HelloShape, FixedParts>();

function fixedParts(shape: HelloShape): FixedParts {
  const before = known.get(shape);
  if (before !== undefined) return before;
  const writer = new Writer();
  writer.vector16(() => codes(writer, shape.cipherSuites));
  writer.vector8(() => writer.bytes(Uint8Array.from(shape.compressionMethods)));
  const bodies = shape.extensions.map((extension) => {
    if (typeof extension !== "number") return Buffer.from(extension.body, "hex");
    return OF_CONVERSATION.has(extension)
      ? null
      : (extensionBody(extension, shape, NO_CONTENT) ?? null);
  });
  const parts = { suites: writer.finish(), bodies };
  known.set(shape, parts);
  return parts;
}

/** Extensions whose bodies a shape alone does not settle. */
const OF_CONVERSATION: ReadonlySet<number> = new Set([
  ExtensionType.serverName,
  ExtensionType.alpn,
  ExtensionType.cookie,
  ExtensionType.keyShare,
  ExtensionType.preSharedKey,
]);

const NO_CONTENT: HelloContent = {
  random: EMPTY,
  sessionId: EMPTY,
  keyShares: [],
  serverName: null,
  alpn: [],
  cookie: null,
};

/** An extension to be written; padding has no body until everything else is known. */
interface Written {
  readonly type: number;
  readonly body: Uint8Array | null;
}

/**
 * A cookie stands where the shape lists it, or at the end: it is the one extension that a client may add to
 * its second hello (RFC 8446 section 4.1.2).
 */
function extensionsOf(
  shape: HelloShape,
  content: HelloContent,
  bodies: FixedParts["bodies"],
): readonly Written[] {
  const { cookie, padding } = ExtensionType;
  const written: Written[] = [];
  for (const [index, extension] of shape.extensions.entries()) {
    const type = typeof extension === "number" ? extension : extension.type;
    const body = ticketBody(type, content) ?? bodies[index] ?? extensionBody(type, shape, content);
    if (extension === padding) written.push({ type, body: null });
    else if (body === undefined)
      throw new RangeError(
        `Extension ${extensionName(type)} has no content of its own; give the shape its body`,
      );
    else if (body !== null) written.push({ type, body });
  }
  if (content.cookie !== null && !shape.extensions.includes(cookie))
    written.push({ type: cookie, body: extensionBody(cookie, shape, content) ?? EMPTY });
  return written;
}

function ticketBody(type: number, { resume }: HelloContent): Uint8Array | null {
  return type === ExtensionType.sessionTicket && resume?.kind === "ticket" ? resume.ticket : null;
}

/** Hellos of these sizes make some old servers hang; RFC 7685 section 4 lifts them above. */
const HANGING = { from: 256, to: 511 } as const;

const EXTENSION_HEADER = 4;

/**
 * Bytes of padding for a hello of which `length` bytes come before its extensions; null for none. A hello that
 * would reach the safe size with the header alone gets one byte, since some servers stumble over an empty
 * last extension.
 */
function paddingFor(length: number, extensions: readonly Written[]): number | null {
  const total = extensions.reduce(
    (sum, { body }) => (body === null ? sum : sum + EXTENSION_HEADER + body.length),
    length,
  );
  if (total < HANGING.from || total > HANGING.to) return null;
  return Math.max(1, HANGING.to + 1 - total - EXTENSION_HEADER);
}

function codes(writer: Writer, list: readonly number[]): void {
  for (const code of list) writer.uint16(code);
}

/**
 * The content of an extension that the shape lists by its number; null when this conversation has nothing to
 * say in it, undefined when it takes a literal body.
 */
export function extensionBody(
  type: number,
  shape: HelloShape,
  { keyShares, serverName, alpn, cookie, resume }: HelloContent,
): Uint8Array | null | undefined {
  const writer = new Writer(64);
  const list16 = (list: readonly number[]): Uint8Array =>
    writer.vector16(() => codes(writer, list)).finish();
  switch (type) {
    case ExtensionType.serverName:
      if (serverName === null) return null;
      return writer
        .vector16(() =>
          writer.uint8(0).vector16(() => writer.bytes(Buffer.from(serverName, "latin1"))),
        )
        .finish();
    case ExtensionType.maxFragmentLength:
      return shape.maxFragmentLength === null ? null : Uint8Array.of(shape.maxFragmentLength);
    case ExtensionType.statusRequest:
      return OCSP_REQUEST;
    case ExtensionType.supportedGroups:
      return list16(shape.groups);
    case ExtensionType.ecPointFormats:
      return UNCOMPRESSED_POINTS;
    case ExtensionType.signatureAlgorithms:
      return list16(shape.signatureSchemes);
    case ExtensionType.signatureAlgorithmsCert:
      return list16(shape.certificateSignatureSchemes);
    case ExtensionType.alpn:
      if (alpn.length === 0) return null;
      return writer
        .vector16(() => {
          for (const protocol of alpn)
            writer.vector8(() => writer.bytes(Buffer.from(protocol, "latin1")));
        })
        .finish();
    case ExtensionType.extendedMasterSecret:
    case ExtensionType.encryptThenMac:
    case ExtensionType.signedCertificateTimestamp:
    case ExtensionType.sessionTicket:
      return EMPTY;
    case ExtensionType.compressCertificate:
      return shape.certificateCompression.length === 0
        ? null
        : writer.vector8(() => codes(writer, shape.certificateCompression)).finish();
    case ExtensionType.recordSizeLimit:
      return shape.recordSizeLimit === null ? null : writer.uint16(shape.recordSizeLimit).finish();
    case ExtensionType.supportedVersions:
      return shape.versions.length === 0
        ? null
        : writer.vector8(() => codes(writer, shape.versions)).finish();
    case ExtensionType.cookie:
      return cookie === null ? null : writer.vector16(() => writer.bytes(cookie)).finish();
    case ExtensionType.pskKeyExchangeModes:
      return PSK_WITH_DHE;
    case ExtensionType.keyShare:
      return writer
        .vector16(() => {
          for (const { group, publicKey } of keyShares)
            writer.uint16(group).vector16(() => writer.bytes(publicKey));
        })
        .finish();
    case ExtensionType.preSharedKey:
      return resume?.kind === "pre-shared-key" ? preSharedKeyBody(resume) : null;
    case ExtensionType.renegotiationInfo:
      return NO_RENEGOTIATION;
    default:
      return undefined;
  }
}
