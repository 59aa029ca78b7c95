import { Version } from "../../src/probe/tls/versions.ts";

/** Versions of the matrix, as records name them. */
export const VERSIONS = {
  "TLSv1.3": Version.tls13,
  "TLSv1.2": Version.tls12,
  "TLSv1.1": Version.tls11,
  "TLSv1.0": Version.tls10,
} as const;

/** One of them. */
export type VersionName = keyof typeof VERSIONS;

/** Their names, the newest first. */
export const VERSION_NAMES = Object.keys(VERSIONS) as readonly VersionName[];

/** Types of server certificates. */
export const CERTIFICATE_TYPES = [
  "rsa-2048",
  "rsa-3072",
  "rsa-pss",
  "p256",
  "p384",
  "p521",
  "ed25519",
  "ed448",
  "dsa",
  "ml-dsa-44",
  "ml-dsa-65",
  "ml-dsa-87",
] as const;

/** One of them. */
export type CertificateType = (typeof CERTIFICATE_TYPES)[number];

/** How a server is set up towards client certificates. */
export type ClientAuthMode = "none" | "optional" | "required";

/** What the client does where it is asked for a certificate. */
export type ClientAnswer = "nothing" | "accepted" | "wrong";

/** Every combination of what a server asks for and what the client answers. */
export const CLIENT_AUTH_CELLS = {
  "not requested": { mode: "none", answer: "accepted" },
  "optional, accepted": { mode: "optional", answer: "accepted" },
  "optional, refused": { mode: "optional", answer: "wrong" },
  "optional, not given": { mode: "optional", answer: "nothing" },
  "required, given": { mode: "required", answer: "accepted" },
  "required, not given": { mode: "required", answer: "nothing" },
  "required, wrong": { mode: "required", answer: "wrong" },
} as const satisfies Record<
  string,
  { readonly mode: ClientAuthMode; readonly answer: ClientAnswer }
>;

/** One of them. */
export type ClientAuthCell = keyof typeof CLIENT_AUTH_CELLS;

/** Their names. */
export const CLIENT_AUTH_NAMES = Object.keys(CLIENT_AUTH_CELLS) as readonly ClientAuthCell[];

/** One handshake of the matrix: what the server is set up for and what the client offers. */
export interface Cell {
  readonly version: VersionName;
  /** Code of the one suite that is offered. */
  readonly suite: number;
  /** Code of the group that is to be agreed on; null where no group is negotiated. */
  readonly group: number | null;
  readonly certificate: CertificateType;
  readonly clientAuth: ClientAuthCell;
}

/** What a server says of one connection. */
export interface Observation {
  readonly outcome: "accepted" | "refused";
  readonly version: VersionName | null;
  /** Code of the suite. */
  readonly suite: number | null;
  /** Code of the group; null where this server does not tell. */
  readonly group: number | null;
  /** Common name of the client certificate that it accepted; null: it has none. */
  readonly client: string | null;
  /** Why it refused. */
  readonly refusal: "missing" | "wrong" | "other" | null;
  /** Its own words, for failed cells. */
  readonly words: string;
}

/** What a server can do, by its own account. */
export interface Capabilities {
  readonly versions: readonly VersionName[];
  suites(version: VersionName): readonly number[];
  certificates(version: VersionName): readonly CertificateType[];
  /** Codes of the groups of a version; `field` for a DHE suite before TLS 1.3. */
  groups(version: VersionName, kind: "curve" | "field"): readonly number[];
}

/** A server with all its set-ups. */
export interface Peer {
  /** With the class of its version, such as `nginx 1.22`. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Versions in which it says which group was agreed on. */
  readonly tellsGroup: readonly VersionName[];
  /** Set-ups in which client certificates are judged by the application, after a handshake that completes. */
  readonly judgesLater: readonly ClientAuthMode[];
  /** Whether a handshake may fail by a fault of the server's own that comes at random; such a cell is asked again. */
  mayFail?(cell: Cell): boolean;
  /** Port of a set-up, which is started when it is asked for first. */
  port(certificate: CertificateType, mode: ClientAuthMode): Promise<number>;
  /** Takes note of what it has said so far; the returned function gives what it says of the next connection. */
  listen(certificate: CertificateType, mode: ClientAuthMode): () => Promise<Observation>;
  stop(): Promise<void>;
}
