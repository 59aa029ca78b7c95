import { CIPHER_SUITES } from "./cipher-suites.ts";
import { ExtensionType } from "./extensions.ts";
import { GROUPS } from "./groups.ts";
import { SIGNATURE_SCHEMES } from "./signature-schemes.ts";
import { Version } from "./versions.ts";

/** What a ClientHello offers, as data: code points in the order in which they are written. */
export interface HelloShape {
  /** `legacy_version` of the hello (RFC 8446 section 4.1.2). */
  readonly legacyVersion: number;
  /** Versions of `supported_versions`; empty when the extension is not sent. */
  readonly versions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  /** Groups for which a key share is sent at once; a subset of `groups` that the engine can compute. */
  readonly keyShares: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** Schemes accepted inside certificates. */
  readonly certificateSignatureSchemes: readonly number[];
  /** Extensions in their order; one without content for this conversation (no name, no ALPN) is left out. */
  readonly extensions: readonly number[];
}

const schemes = SIGNATURE_SCHEMES.map(({ code }) => code);

/**
 * Offers everything that the engine can complete, so that one conversation shows what a server has. Shares
 * are sent for the two groups that nearly every server accepts.
 */
export const WIDE_HELLO: HelloShape = {
  legacyVersion: Version.tls12,
  versions: [Version.tls13, Version.tls12],
  cipherSuites: CIPHER_SUITES.map(({ code }) => code),
  groups: GROUPS.map(({ code }) => code),
  keyShares: GROUPS.slice(0, 2).map(({ code }) => code),
  signatureSchemes: schemes,
  certificateSignatureSchemes: schemes,
  extensions: [
    ExtensionType.serverName,
    ExtensionType.extendedMasterSecret,
    ExtensionType.renegotiationInfo,
    ExtensionType.supportedGroups,
    ExtensionType.ecPointFormats,
    ExtensionType.alpn,
    ExtensionType.statusRequest,
    ExtensionType.signatureAlgorithms,
    ExtensionType.signatureAlgorithmsCert,
    ExtensionType.supportedVersions,
    ExtensionType.cookie,
    ExtensionType.keyShare,
  ],
};
