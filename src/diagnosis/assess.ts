import type { Handshake } from "../probe/handshake.ts";
import type { NameCheck, Verdict } from "../trust/verdict.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { StoreError, Truststore } from "../truststore/truststore.ts";
import type { Result } from "../x509/result.ts";
import type { Finding } from "./finding.ts";

/** Days before a break from which a finding is raised; milliseconds. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** A truststore by name, with what reading it gave. */
export interface NamedTruststore {
  readonly name: string;
  readonly store: Result<Truststore, StoreError>;
}

/** A relying party, ready to judge: profile, truststores that were read, name check. */
export interface RelyingParty {
  /** Name in the estate; the profile's name when there is no estate. */
  readonly name: string;
  readonly profile: ProfileName;
  readonly truststores: readonly NamedTruststore[];
  readonly nameCheck: NameCheck;
  /** Whether a client certificate is configured. */
  readonly hasIdentity: boolean;
}

/** What one client makes of one handshake, with the findings in order of rank, headline first. */
export interface Assessment {
  readonly client: RelyingParty;
  readonly handshake: Handshake;
  /** Null when no certificate was received. */
  readonly verdict: Verdict | null;
  /** True when nothing critical was found. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** First moment (ms since 1970) at which this client's verdict turns bad; null when it is bad now or never turns. */
  readonly breaksAt: number | null;
}

/** Circumstances of an assessment. */
export interface AssessmentContext {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly thresholds: Thresholds;
  /** Other truststores of the estate, for 'found in store X'. */
  readonly otherTruststores: readonly NamedTruststore[];
}
