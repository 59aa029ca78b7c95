import { ExtensionType } from "./extensions.ts";
import { HandshakeType } from "./handshake-type.ts";
import type { HelloShape } from "./hello-shape.ts";
import type { KeyShare } from "./key-agreement.ts";
import { Writer } from "./writer.ts";

/** What a ClientHello says beyond its shape. */
export interface HelloContent {
  readonly shape: HelloShape;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** At most 32 bytes; not empty in TLS 1.3's compatibility mode (RFC 8446 appendix D.4). */
  readonly sessionId: Uint8Array;
  readonly keyShares: readonly KeyShare[];
  /** A-label to ask for; null for none. */
  readonly serverName: string | null;
  /** Protocols in order of preference; empty for none. */
  readonly alpn: readonly string[];
  /** Echo of a HelloRetryRequest's cookie. */
  readonly cookie: Uint8Array | null;
}

const NO_COMPRESSION = Uint8Array.of(1, 0);
const UNCOMPRESSED_POINTS = Uint8Array.of(1, 0);
/** OCSP, no responder, no request extensions (RFC 6066 section 8). */
const OCSP_REQUEST = Uint8Array.of(1, 0, 0, 0, 0);
const NO_RENEGOTIATION = Uint8Array.of(0);
/** psk_dhe_ke (RFC 8446 section 4.2.9). */
const PSK_WITH_DHE = Uint8Array.of(1, 1);

/** Encodes a ClientHello with its message header (RFC 8446 section 4.1.2). */
export function encodeClientHello(content: HelloContent): Uint8Array {
  const { shape } = content;
  const writer = new Writer();
  writer.uint8(HandshakeType.clientHello).vector24(() => {
    writer.uint16(shape.legacyVersion).bytes(content.random);
    writer.vector8(() => writer.bytes(content.sessionId));
    writer.vector16(() => codes(writer, shape.cipherSuites));
    writer.bytes(NO_COMPRESSION);
    writer.vector16(() => {
      for (const type of shape.extensions) {
        const write = extensionWriter(type, content, writer);
        if (write !== null) writer.uint16(type).vector16(write);
      }
    });
  });
  return writer.finish();
}

function codes(writer: Writer, list: readonly number[]): void {
  for (const code of list) writer.uint16(code);
}

/** Writes the body of one extension; null when this conversation has nothing to say in it. */
function extensionWriter(
  type: number,
  { shape, keyShares, serverName, alpn, cookie }: HelloContent,
  writer: Writer,
): (() => void) | null {
  const list16 = (list: readonly number[]) => () => void writer.vector16(() => codes(writer, list));
  switch (type) {
    case ExtensionType.serverName:
      if (serverName === null) return null;
      return () =>
        void writer.vector16(() =>
          writer.uint8(0).vector16(() => writer.bytes(Buffer.from(serverName, "latin1"))),
        );
    case ExtensionType.statusRequest:
      return () => void writer.bytes(OCSP_REQUEST);
    case ExtensionType.supportedGroups:
      return list16(shape.groups);
    case ExtensionType.ecPointFormats:
      return () => void writer.bytes(UNCOMPRESSED_POINTS);
    case ExtensionType.signatureAlgorithms:
      return list16(shape.signatureSchemes);
    case ExtensionType.signatureAlgorithmsCert:
      return list16(shape.certificateSignatureSchemes);
    case ExtensionType.alpn:
      if (alpn.length === 0) return null;
      return () =>
        void writer.vector16(() => {
          for (const protocol of alpn)
            writer.vector8(() => writer.bytes(Buffer.from(protocol, "latin1")));
        });
    case ExtensionType.extendedMasterSecret:
    case ExtensionType.signedCertificateTimestamp:
    case ExtensionType.sessionTicket:
      return () => undefined;
    case ExtensionType.supportedVersions:
      if (shape.versions.length === 0) return null;
      return () => void writer.vector8(() => codes(writer, shape.versions));
    case ExtensionType.cookie:
      if (cookie === null) return null;
      return () => void writer.vector16(() => writer.bytes(cookie));
    case ExtensionType.pskKeyExchangeModes:
      return () => void writer.bytes(PSK_WITH_DHE);
    case ExtensionType.keyShare:
      return () =>
        void writer.vector16(() => {
          for (const { group, publicKey } of keyShares)
            writer.uint16(group.code).vector16(() => writer.bytes(publicKey));
        });
    case ExtensionType.renegotiationInfo:
      return () => void writer.bytes(NO_RENEGOTIATION);
    default:
      throw new RangeError(`No content is known for extension ${type}; remove it from the shape`);
  }
}
