import { MODERN_SUITES } from "./cipher-suites.ts";
import { ExtensionType } from "./extensions.ts";
import { shareableGroup } from "./groups.ts";
import {
  type ExtensionShape,
  type HelloShape,
  USUAL_EXTENSIONS,
  WIDE_HELLO,
} from "./hello-shape.ts";
import { hex16, Version } from "./versions.ts";

/** Suites in one hello: servers are known that hang up on more. */
export const MOST_SUITES = 64;

/** Versions of a question that is about something else. */
const MODERN_VERSIONS: readonly number[] = [Version.tls13, Version.tls12];

/** What a question to a server offers; what is absent is offered as every current server knows it. */
export interface HelloOffer {
  /** Versions in order of preference, as in hello messages. @default TLS 1.3 and 1.2 */
  readonly versions?: readonly number[];
  /** At most 64, signalling suites included. */
  readonly cipherSuites?: readonly number[];
  readonly groups?: readonly number[];
  /** Groups for which shares are sent. @default the first of `groups` that the engine can compute */
  readonly keyShares?: readonly number[];
  readonly signatureSchemes?: readonly number[];
  readonly compressionMethods?: readonly number[];
  readonly alpn?: readonly string[];
  /** Extensions that are added at the end. */
  readonly additional?: readonly ExtensionShape[];
  /** Extensions that are left out. */
  readonly without?: readonly number[];
}

/** Extensions that mean something in TLS 1.3 alone. */
const OF_TLS13: ReadonlySet<number> = new Set([
  ExtensionType.signatureAlgorithmsCert,
  ExtensionType.compressCertificate,
  ExtensionType.supportedVersions,
  ExtensionType.cookie,
  ExtensionType.keyShare,
]);

/** Extensions that mean something before TLS 1.3 alone. */
const BEFORE_TLS13: ReadonlySet<number> = new Set([
  ExtensionType.ecPointFormats,
  ExtensionType.encryptThenMac,
  ExtensionType.extendedMasterSecret,
  ExtensionType.renegotiationInfo,
]);

/**
 * Makes a hello that asks a server one question. It is consistent with its versions: extensions of others
 * are left out, and one for SSL 3.0 alone has none.
 * @throws {RangeError} without a version, or with no suites or more than 64
 */
export function buildHello(offer: HelloOffer): HelloShape {
  const { versions = MODERN_VERSIONS, groups = WIDE_HELLO.groups } = offer;
  const { cipherSuites = MODERN_SUITES } = offer;
  const { signatureSchemes = WIDE_HELLO.signatureSchemes } = offer;
  if (cipherSuites.length === 0 || cipherSuites.length > MOST_SUITES)
    throw new RangeError(
      `A hello offers 1 to ${MOST_SUITES} cipher suites, not ${cipherSuites.length}`,
    );
  const tls13 = versions.includes(Version.tls13);
  const newest = Math.max(...versions.filter((version) => version <= Version.tls12));
  const legacyVersion = tls13 ? Version.tls12 : newest;
  if (!Number.isFinite(legacyVersion))
    throw new RangeError(
      `A hello offers at least one version from SSL 3.0 to TLS 1.3, not ${versions.map(hex16).join(", ") || "none"}`,
    );
  return {
    ...WIDE_HELLO,
    recordVersion: Math.min(legacyVersion, Version.tls10),
    legacyVersion,
    sessionIdLength: tls13 ? 32 : 0,
    cipherSuites,
    compressionMethods: offer.compressionMethods ?? [0],
    versions,
    groups,
    keyShares: tls13 ? (offer.keyShares ?? firstShare(groups)) : [],
    signatureSchemes,
    certificateSignatureSchemes: signatureSchemes,
    alpn: offer.alpn ?? [],
    extensions: extensionsFor(versions, offer),
  };
}

function firstShare(groups: readonly number[]): readonly number[] {
  return groups.filter((code) => shareableGroup(code) !== undefined).slice(0, 1);
}

function extensionsFor(
  versions: readonly number[],
  { additional = [], without = [] }: HelloOffer,
): readonly ExtensionShape[] {
  if (versions.every((version) => version <= Version.ssl30)) return additional;
  const tls13 = versions.includes(Version.tls13);
  const older = versions.some((version) => version <= Version.tls12);
  const usual = USUAL_EXTENSIONS.filter((type) => {
    if (without.includes(type) || (!tls13 && OF_TLS13.has(type))) return false;
    if (type === ExtensionType.signatureAlgorithms)
      return versions.some((version) => version >= Version.tls12);
    return older || !BEFORE_TLS13.has(type);
  });
  return [...usual, ...additional];
}
