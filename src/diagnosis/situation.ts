import type { Handshake } from "../probe/handshake.ts";
import type { Investigation } from "../probe/investigation/investigation.ts";
import type { StoreFormat } from "../truststore/store-format.ts";
import type { Profile } from "../trust/profile.ts";
import type { Verdict } from "../trust/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { NamedTruststore, Thresholds } from "./assessment.ts";
import type { Surroundings } from "./remedies/surroundings.ts";
import type { HistoryFacts } from "./comparison/history-facts.ts";
import type { KnownIssuer } from "./comparison/known-issuer.ts";
import type { Neighbour } from "./comparison/neighbour.ts";

/** Where a truststore lies and what it is, as remedies need it. */
export interface StoreFacts {
  readonly name: string;
  /** File to change; null for the operating system's store and stores made of several files. */
  readonly path: string | null;
  /** Every file it is made of, as given. @default none */
  readonly files?: readonly string[];
  /** Of its first file. @default null, not known */
  readonly format?: StoreFormat | null;
  /** Where its password is, as `--truststore-password` takes it; null when none was given. @default null */
  readonly passwordSpec?: string | null;
  /** Whether keytool is the tool for it. */
  readonly isJavaStore: boolean;
  /** Whether it is the operating system's. */
  readonly isSystemStore: boolean;
  /** Whether its certificates cannot be read without a password. */
  readonly needsPassword: boolean;
}

/** An anchor with the place it was found in. */
export interface LocatedAnchor {
  readonly certificate: Certificate;
  readonly store: StoreFacts;
  /** File that holds it; null for the operating system's store. */
  readonly file: string | null;
  readonly alias: string | null;
}

/** When a client's process was started and its truststore last changed, both in milliseconds since 1970. */
export interface ClientProcess {
  readonly startedAt: number;
  readonly storeChangedAt: number;
}

/** Everything that the diagnosis of one link looks at. */
export interface Situation {
  readonly clientName: string;
  readonly profile: Profile;
  readonly handshake: Handshake;
  readonly verdict: Verdict;
  /** The chain as sent; certificates that do not parse are left out. */
  readonly sent: readonly Certificate[];
  /** Anchors that the client sees, with their place. */
  readonly anchors: readonly LocatedAnchor[];
  /** Anchors of the estate's other truststores. */
  readonly elsewhere: readonly LocatedAnchor[];
  /** The store that a missing anchor belongs into. */
  readonly store: StoreFacts;
  /** The client's truststores as they were read. */
  readonly truststores: readonly NamedTruststore[];
  /** What is known about the client's process; null when nobody looked. */
  readonly running: ClientProcess | null;
  /** The verdict of the same client, were these certificates sent instead. */
  readonly judgeAgain: (path: readonly Certificate[]) => Verdict;
  /**
   * The verdict of the same client at a time (ms since 1970), were these certificates sent and the last of them an
   * anchor: what is wrong with them besides dates and trust. The name is left aside.
   */
  readonly judgeAnchored: (path: readonly Certificate[], at: number) => Verdict;
  /** Where to dial instead of the endpoint's own address; null when that is known to nobody. */
  readonly connect: string | null;
  readonly checksName: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly thresholds: Thresholds;
  /** The systems at hand, and how the check was made. @default what profile and store let conclude */
  readonly surroundings?: Surroundings;
  /** Sources of revocation that were asked and did not answer. @default none */
  readonly unavailable?: readonly { readonly url: string; readonly message: string }[];
  /** What further conversations with the address showed; null when none were made. */
  readonly investigation?: Investigation | null;
  /** What the address sent before; null without a history. */
  readonly history?: HistoryFacts | null;
  /** CA certificates from elsewhere: fetched by AIA, or seen at other endpoints. @default none */
  readonly knownIssuers?: readonly KnownIssuer[];
  /** Other endpoints of the same run. @default none */
  readonly neighbours?: readonly Neighbour[];
  /** Whether this client would trust another chain in place of the one that was sent. @default it cannot be said */
  readonly accepts?: (chain: readonly Uint8Array[]) => boolean;
}
