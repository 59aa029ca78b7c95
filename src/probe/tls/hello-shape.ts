import { CIPHER_SUITES } from "./cipher-suites.ts";
import { compressionCodes } from "./certificate-compression.ts";
import { ExtensionType } from "./extensions.ts";
import { GROUPS } from "./groups.ts";
import { SIGNATURE_SCHEMES } from "./signature-schemes.ts";
import { Version } from "./versions.ts";

/** An extension that is sent as it stands. */
export interface LiteralExtension {
  readonly type: number;
  /** Content, lower-case hexadecimal. */
  readonly body: string;
}

/**
 * An extension of a hello: a number stands for one whose content follows from the shape's other fields, or is
 * always the same; one without content for this conversation (no name, no ALPN, no cookie) is left out.
 */
export type ExtensionShape = number | LiteralExtension;

/** A key share that is sent as it stands, such as one for a group that the engine cannot compute. */
export interface LiteralShare {
  readonly group: number;
  /** Public value, lower-case hexadecimal. */
  readonly body: string;
}

/**
 * What a ClientHello offers, as plain data: code points in the order in which they are written, unknown and
 * reserved ones (GREASE, signalling suites) included. It says everything about a hello but the random value,
 * the session identifier, the server name and the public values of key shares.
 */
export interface HelloShape {
  /** Version in the header of the record that carries the hello. */
  readonly recordVersion: number;
  /** `legacy_version` of the hello (RFC 8446 section 4.1.2). */
  readonly legacyVersion: number;
  /** Random bytes sent as session identifier, at most 32: what TLS 1.3 sends for compatibility (appendix D.4). */
  readonly sessionIdLength: number;
  readonly cipherSuites: readonly number[];
  /** Compression methods; `[0]` is none. */
  readonly compressionMethods: readonly number[];
  /** Versions offered; they stand in `supported_versions` where that extension is sent. */
  readonly versions: readonly number[];
  readonly groups: readonly number[];
  /** Key shares sent at once; a number is a group for which one is made, left out where it cannot be. */
  readonly keyShares: readonly (number | LiteralShare)[];
  readonly signatureSchemes: readonly number[];
  /** Schemes accepted inside certificates. */
  readonly certificateSignatureSchemes: readonly number[];
  /** Algorithms of `compress_certificate` (RFC 8879). */
  readonly certificateCompression: readonly number[];
  /** Content of `record_size_limit` in bytes (RFC 8449); null when it is not sent. */
  readonly recordSizeLimit: number | null;
  /** Content of `max_fragment_length`, 1 to 4 for 512 to 4096 bytes (RFC 6066 section 4); null when it is not sent. */
  readonly maxFragmentLength: number | null;
  /** Protocols offered when the caller asks for none of its own; each a Latin-1 string. */
  readonly alpn: readonly string[];
  readonly extensions: readonly ExtensionShape[];
}

const schemes = SIGNATURE_SCHEMES.map(({ code }) => code);

/** The largest content of a protected record of TLS 1.3, its type included (RFC 8449 section 4). */
const LARGEST_RECORD = 16_385;

/** The extensions of a hello that offers what the engine knows, in their order. */
export const USUAL_EXTENSIONS: readonly number[] = [
  ExtensionType.serverName,
  ExtensionType.extendedMasterSecret,
  ExtensionType.encryptThenMac,
  ExtensionType.sessionTicket,
  ExtensionType.renegotiationInfo,
  ExtensionType.supportedGroups,
  ExtensionType.ecPointFormats,
  ExtensionType.alpn,
  ExtensionType.statusRequest,
  ExtensionType.signatureAlgorithms,
  ExtensionType.signatureAlgorithmsCert,
  ExtensionType.signedCertificateTimestamp,
  ExtensionType.compressCertificate,
  ExtensionType.recordSizeLimit,
  ExtensionType.supportedVersions,
  ExtensionType.cookie,
  ExtensionType.keyShare,
];

/**
 * Offers what the engine can complete, from TLS 1.3 down to TLS 1.0, so that one conversation shows what a server has
 * however old it is. Shares are sent for the two groups that nearly every server accepts.
 */
export const WIDE_HELLO: HelloShape = {
  recordVersion: Version.tls10,
  legacyVersion: Version.tls12,
  sessionIdLength: 32,
  cipherSuites: CIPHER_SUITES.map(({ code }) => code),
  compressionMethods: [0],
  versions: [Version.tls13, Version.tls12, Version.tls11, Version.tls10],
  groups: GROUPS.map(({ code }) => code),
  keyShares: GROUPS.slice(0, 2).map(({ code }) => code),
  signatureSchemes: schemes,
  certificateSignatureSchemes: [],
  certificateCompression: compressionCodes(),
  recordSizeLimit: LARGEST_RECORD,
  maxFragmentLength: null,
  alpn: [],
  // with it, a server on OpenSSL that has a certificate signed with MD5 refuses instead of showing it
  extensions: USUAL_EXTENSIONS.filter((type) => type !== ExtensionType.signatureAlgorithmsCert),
};

/** Signalling suite that stands for an empty `renegotiation_info` (RFC 5746 section 3.3). */
export const RENEGOTIATION_SIGNAL = 0x00ff;

const offered = new WeakMap<HelloShape, ReadonlySet<number>>();

/** Numbers of the extensions that a server may answer, computed once for each shape. */
export function offeredExtensions(shape: HelloShape): ReadonlySet<number> {
  const known = offered.get(shape);
  if (known !== undefined) return known;
  const types = new Set(
    shape.extensions.map((extension) =>
      typeof extension === "number" ? extension : extension.type,
    ),
  );
  if (shape.cipherSuites.includes(RENEGOTIATION_SIGNAL)) types.add(ExtensionType.renegotiationInfo);
  offered.set(shape, types);
  return types;
}
