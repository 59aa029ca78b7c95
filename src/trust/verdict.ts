import type { Certificate } from "../x509/certificate.ts";
import type { CandidatePath } from "./path-graph.ts";
import type { Profile } from "./profile.ts";
import type { ProfileName } from "./profile-names.ts";
import type { Reason } from "./reason.ts";
import type { Renewed } from "./renewed.ts";
import type { RevocationMode } from "./revocation/mode.ts";
import type { RevocationStatement } from "./revocation/status.ts";

/** What the client checks the name of the server against. */
export type NameCheck = "https" | "ldaps" | "none";

/** Whether the client checks chains at all: `none` takes any certificate of anybody. */
export type PeerCheck = "chain" | "none";

/** What the certificate is used for. */
export type Purpose = "server" | "client";

/** Everything a verdict depends on; no clock and no I/O besides. */
export interface JudgeInput {
  readonly profile: ProfileName;
  /** Rules in place of the profile's own, e.g. with a JVM's `java.security` on top. */
  readonly rules?: Profile | undefined;
  /** DER certificates as sent, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** Anchors of the client's truststores, in store order. */
  readonly anchors: readonly Certificate[];
  /** DNS name or IP literal that the client connects to; null when there is no name to check. */
  readonly host: string | null;
  readonly nameCheck: NameCheck;
  readonly purpose: Purpose;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Version negotiated, e.g. `TLSv1.3`; null judges as TLS 1.3. */
  readonly version: string | null;
  /** IANA name of the suite; decides the key usage that Java asks for in TLS 1.2. */
  readonly cipherSuite: string | null;
  /** Intermediates allowed in a built path; null is the client's default. */
  readonly maxPathLength: number | null;
  /** Revocation lists that the client has, DER. @default none */
  readonly crls?: readonly Uint8Array[] | undefined;
  /** OCSP responses that came with the handshake or were fetched, DER. @default none */
  readonly ocspResponses?: readonly Uint8Array[] | undefined;
  /** What the client was told to check; without it, lists that are given switch the check on. */
  readonly revocation?: RevocationMode | undefined;
  /** Certificates, sent or among the anchors, that are judged as if they had been renewed in time. @default none */
  readonly renewed?: Renewed | undefined;
}

/** What one client makes of one chain. */
export interface Verdict {
  readonly profile: ProfileName;
  /** Whether the client accepts the chain; null when the work budget ended before the answer. */
  readonly trusted: boolean | null;
  /** Whether the host name fits the leaf by this client's rules, also when the client does not check it; null without a host. */
  readonly nameMatch: boolean | null;
  /** trusted, and not a failed name check that this client makes. */
  readonly accepted: boolean;
  /** The accepted path, leaf first and anchor last; for a refusal the best path that was tried. */
  readonly path: readonly Certificate[];
  /** The reason for the refusal; null when trusted. */
  readonly reason: Reason | null;
  /** Every candidate path with its defects per edge, cheapest repair first. */
  readonly candidates: readonly CandidatePath[];
  /** What this client would print, null when it accepts. */
  readonly clientMessage: string | null;
  /** What is known about the revocation of each certificate of `path` but the anchor; empty without evidence. */
  readonly revocation: readonly RevocationStatement[];
}
