/** What a link is in. */
export type State = "broken" | "warning" | "pending" | "ok";

/** How much a finding matters. */
export type Severity = "critical" | "warning" | "info";

/** A fact about a link that somebody has to know. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly remedy: readonly string[];
  readonly clientMessage: string | null;
}

/** A link by its ends. */
export interface LinkName {
  readonly client: string;
  readonly endpoint: string;
}

/** One certificate; what cannot be read is null. Times are RFC 3339. */
export interface Certificate {
  readonly sha256: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
}

/** What one address answered. */
export interface Address {
  readonly address: string | null;
  readonly outcome: string;
  readonly version: string | null;
  readonly cipherSuite: string | null;
  readonly group: string | null;
  readonly failure: string | null;
}

/** A link as `/api/v1/links` tells it. Times are RFC 3339. */
export interface Link extends LinkName {
  readonly profile: string;
  readonly url: string;
  readonly state: State;
  readonly ok: boolean | null;
  readonly trusted: boolean | null;
  readonly nameMatch: boolean | null;
  readonly headline: string | null;
  readonly findings: readonly Finding[];
  readonly breaksAt: string | null;
  readonly checkedAt: string | null;
  readonly since: string | null;
  readonly clientMessage: string | null;
  readonly addresses: readonly Address[];
  readonly labels: Readonly<Record<string, string>>;
  readonly chain: readonly Certificate[];
}
