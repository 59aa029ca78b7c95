import type { Endpoint, HandshakeFailure, KeyExchangeRecord } from "../handshake.ts";
import type { HelloName } from "../hellos/known-hellos.ts";

/** Versions that are asked for, newest first. */
export const SURVEYED_VERSIONS = [
  "TLSv1.3",
  "TLSv1.2",
  "TLSv1.1",
  "TLSv1.0",
  "SSLv3",
  "SSLv2",
] as const;

/** A version that is asked for. */
export type SurveyedVersion = (typeof SURVEYED_VERSIONS)[number];

/** Whose order decides where both sides have several things in common. */
export type Preference = "server" | "client";

/** A cipher suite that the server took up. */
export interface SuiteSurvey {
  /** As in hello messages; three bytes in SSL 2.0. */
  readonly code: number;
  /** IANA name; `SSL_CK_...` in SSL 2.0. */
  readonly name: string;
  /** What it was agreed with; null where the server's part was not heard, and in TLS 1.3, which has it apart. */
  readonly keyExchange: KeyExchangeRecord | null;
}

/** One version of the protocol. */
export interface VersionSurvey {
  readonly version: SurveyedVersion;
  /** `unclear`: it was not heard out, for the reason in `failure`. */
  readonly state: "offered" | "refused" | "unclear";
  readonly failure: HandshakeFailure | null;
  /** In the server's order where it has one. */
  readonly cipherSuites: readonly SuiteSurvey[];
  /** Null where there is nothing to prefer. */
  readonly preference: Preference | null;
}

/** Groups of one version, `TLSv1.3` or the newest one before it. */
export interface GroupSurvey {
  readonly version: SurveyedVersion;
  /** IANA names in lower case, in the server's order where it has one. */
  readonly groups: readonly string[];
  readonly preference: Preference | null;
  /** Whether a group was chosen that was not offered. */
  readonly ignoresOffer: boolean;
}

/** Signature schemes of one version, TLS 1.2 or 1.3. */
export interface SchemeSurvey {
  readonly version: SurveyedVersion;
  /** IANA names. */
  readonly schemes: readonly string[];
  /** Whether a scheme was chosen that was not offered. */
  readonly ignoresOffer: boolean;
}

/** A chain that the server sent, and what it was asked for when it did. */
export interface ChainSurvey {
  /** DER, as sent. */
  readonly certificates: readonly Uint8Array[];
  readonly versions: readonly string[];
  /** Names that were asked for; null stands for none. */
  readonly serverNames: readonly (string | null)[];
}

/**
 * What became of a session that was offered again: `resumed`; `not-resumed` although the server gave what it takes;
 * `none`, the server gave nothing.
 */
export type Resumption = "resumed" | "not-resumed" | "none";

/** Properties that a server has or not; null where it could not be told. */
export interface ServerFeatures {
  /** RFC 5746. */
  readonly secureRenegotiation: boolean | null;
  /** RFC 7627. */
  readonly extendedMasterSecret: boolean | null;
  /** RFC 7366. */
  readonly encryptThenMac: boolean | null;
  /** RFC 6520. */
  readonly heartbeat: boolean | null;
  /** RFC 3749: compression of records, which leaks secrets. */
  readonly compression: boolean | null;
  /** Whether a hello that fell back to an older version is refused (RFC 7507); null with one version. */
  readonly fallbackSignal: boolean | null;
  /** Resumption by session identifier before TLS 1.3. */
  readonly sessionIdentifiers: Resumption | null;
  /** Resumption by ticket before TLS 1.3 (RFC 5077). */
  readonly sessionTickets: Resumption | null;
  /** Resumption by ticket in TLS 1.3. */
  readonly sessionTickets13: Resumption | null;
  /** Tickets that came after a handshake of TLS 1.3. */
  readonly tickets13: number | null;
  /** Bytes of early data that those tickets admit; null for none. */
  readonly earlyData: number | null;
  readonly ocspStaple: boolean | null;
  /** Signed certificate timestamps sent in the handshake. */
  readonly timestamps: number | null;
  readonly clientCertificate: "requested" | "not-requested" | null;
}

/** Something unusual, but legal, in a hello. */
export type Peculiarity =
  | "hello-of-600-bytes"
  | "hello-of-5000-bytes"
  | "hello-in-two-records"
  | "unknown-extension"
  | "unknown-cipher-suite"
  | "unknown-version"
  | "tls13-offered"
  | "no-server-name"
  | "unknown-server-name";

/** What a server makes of it. */
export interface ToleranceSurvey {
  readonly peculiarity: Peculiarity;
  /** Null where the server did not answer at all, or refuses even the usual hello. */
  readonly tolerated: boolean | null;
  readonly failure: HandshakeFailure | null;
}

/** What one kind of client gets. */
export interface ClientSurvey {
  readonly client: HelloName;
  /** Null where the server could not be asked. */
  readonly connects: boolean | null;
  readonly version: string | null;
  readonly cipherSuite: string | null;
  readonly group: string | null;
  readonly failure: HandshakeFailure | null;
}

/** Application protocols. */
export interface AlpnSurvey {
  /** In the server's order where it has one. */
  readonly protocols: readonly string[];
  /** Whether a hello without a common protocol is refused (RFC 7301 section 3.2). */
  readonly insists: boolean;
}

/** Everything about one address. */
export interface AddressSurvey {
  /** Null where the host has none. */
  readonly address: string | null;
  readonly port: number;
  /** Why nothing could be asked; null when it could. */
  readonly failure: HandshakeFailure | null;
  readonly connections: number;
  readonly durationMs: number;
  readonly versions: readonly VersionSurvey[];
  readonly groups: readonly GroupSurvey[];
  readonly signatureSchemes: readonly SchemeSurvey[];
  readonly alpn: AlpnSurvey;
  readonly features: ServerFeatures;
  readonly tolerances: readonly ToleranceSurvey[];
  readonly clients: readonly ClientSurvey[];
  /** Every chain that differs from the others, in the order in which they were met. */
  readonly chains: readonly ChainSurvey[];
}

/** What a server was found to do, address by address. */
export interface Survey {
  readonly endpoint: Endpoint;
  /** Name asked for in SNI; null for none. */
  readonly serverName: string | null;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly addresses: readonly AddressSurvey[];
}
