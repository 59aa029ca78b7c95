import type { Handshake } from "../probe/handshake.ts";
import type { Investigation } from "../probe/investigation/investigation.ts";
import type { Break } from "../trust/breaks-at.ts";
import type { Profile } from "../trust/profile.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ClientSystem, ServerSystem } from "../trust/system-names.ts";
import type { JudgeInput, NameCheck, PeerCheck, Verdict } from "../trust/verdict.ts";
import type { StoreError, Truststore } from "../truststore/truststore.ts";
import type { Result } from "../x509/result.ts";
import type { HistoryFacts } from "./comparison/history-facts.ts";
import type { KnownIssuer } from "./comparison/known-issuer.ts";
import type { Neighbour } from "./comparison/neighbour.ts";
import type { Finding } from "./finding.ts";
import type { ClientProcess } from "./situation.ts";

/** Time before a break from which it is reported, in milliseconds. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** A truststore by name, with what reading it gave. */
export interface NamedTruststore {
  readonly name: string;
  readonly store: Result<Truststore, StoreError>;
  /** Where its password is, as `--truststore-password` takes it. @default none is given */
  readonly passwordSpec?: string | null;
}

/** A relying party, ready to judge: profile, truststores that were read, name check. */
export interface RelyingParty {
  /** Name in the estate; the profile's name when there is no estate. */
  readonly name: string;
  readonly profile: ProfileName;
  /** Rules in place of the profile's own; null or absent for those. */
  readonly rules?: Profile | null;
  readonly truststores: readonly NamedTruststore[];
  /** Whether it checks chains at all. @default chain */
  readonly peerCheck?: PeerCheck;
  readonly nameCheck: NameCheck;
  /** The client's own certificate and those that it sends with it, DER; null when none is configured. */
  readonly ownChain: readonly Uint8Array[] | null;
  /** Why the certificate that is configured for it cannot be used, in one sentence. @default it can, or there is none */
  readonly ownProblem?: string | null;
  /** The system that it runs in; null or absent when nobody said. */
  readonly system?: ClientSystem | null;
  /** Words of the command line by which `check` judges as this client. @default made up from profile and truststore */
  readonly commandWords?: readonly string[] | null;
  /** What is known about its running process; null or absent when nobody looked. */
  readonly running?: ClientProcess | null;
}

/** What one client makes of one handshake, with the findings in order of rank, headline first. */
export interface Assessment {
  readonly client: RelyingParty;
  readonly handshake: Handshake;
  /** Null when no certificate was received, no truststore could be read, or the client checks nothing. */
  readonly verdict: Verdict | null;
  /** Whether the link works now: handshake complete, chain trusted, name accepted, client not refused afterwards. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** First moment (ms since 1970) at which this client's verdict turns bad; null when it is bad now or never turns. */
  readonly breaksAt: number | null;
  /**
   * What the judge was asked, and the break that it found: for whoever asks further, see breaksUntil.
   * @default null: the link does not work, or never breaks
   */
  readonly ahead?: { readonly input: JudgeInput; readonly first: Break } | null;
}

/** Circumstances of an assessment. */
export interface AssessmentContext {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly thresholds: Thresholds;
  /** `HOST:PORT` that was dialled instead of the endpoint's own, for the command that verifies a repair. */
  readonly connect?: string | null;
  /**
   * The conversation that began with this client's own hello, where the one that is judged might mislead.
   * @default none was made
   */
  readonly own?: Handshake | null;
  /** Truststores of the estate, for 'found in store X'. */
  readonly otherTruststores: readonly NamedTruststore[];
  /** What is known about revocation besides what the server staples. @default nothing */
  readonly revocation?: RevocationFacts | undefined;
  /** What further conversations with this address showed. @default none were made */
  readonly investigation?: Investigation | null;
  /** What the endpoint sent before. @default there is no history */
  readonly history?: HistoryFacts | null;
  /** CA certificates from elsewhere, for what the server does not send. @default none */
  readonly knownIssuers?: readonly KnownIssuer[];
  /** Conversations with every address of the endpoint, this one included, to be compared. @default they are not */
  readonly addresses?: readonly Handshake[];
  /** Addresses and networks (CIDR) that the endpoint is expected at. @default anywhere */
  readonly expectedAddresses?: readonly string[];
  /** Other endpoints of the same run. @default none */
  readonly neighbours?: readonly Neighbour[];
  /** The system that answers at the endpoint; null or absent when nobody said. */
  readonly serverSystem?: ServerSystem | null;
  /** Folder into which the certificates that remedies name are written. @default none */
  readonly extractTo?: string | null;
  /** Further words of the command line that the command of a remedy has to repeat. @default none */
  readonly commandWords?: readonly string[];
  /** Only whether the link works and by which path is asked: no findings, and no time of a break. @default everything */
  readonly onlyAcceptance?: boolean;
}

/** Revocation lists and responses by OCSP, DER, and where they come from. */
export interface RevocationFacts {
  readonly crls: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  /** `client`: the client has them, which switches its check on; `report`: they were asked for beside it. */
  readonly use: "client" | "report";
  /** Sources that did not answer. */
  readonly unavailable: readonly { readonly url: string; readonly message: string }[];
}
