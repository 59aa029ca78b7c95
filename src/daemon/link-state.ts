import type { Finding } from "../diagnosis/finding.ts";
import type { FailureCode, Handshake } from "../probe/handshake.ts";
import type { ProfileName } from "../trust/profile-names.ts";

/** `broken`: the client cannot connect; `warning`: it can, and something is wrong; `pending`: not judged yet. */
export type LinkCondition = "ok" | "warning" | "broken" | "pending";

/** What one address of an endpoint gave a client. */
export interface AddressSummary {
  /** Null when the name could not be resolved. */
  readonly address: string | null;
  readonly outcome: Handshake["outcome"];
  readonly version: string | null;
  readonly cipherSuite: string | null;
  readonly group: string | null;
  readonly failure: FailureCode | null;
}

/** One certificate as it was sent; text and times are null when it cannot be parsed. */
export interface SentCertificate {
  readonly sha256: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  /** Hexadecimal. */
  readonly serial: string | null;
  /** Milliseconds since 1970. */
  readonly notBefore: number | null;
  /** Milliseconds since 1970. */
  readonly notAfter: number | null;
}

/** What one client makes of one endpoint, over all its addresses: the worst of them counts. */
export interface LinkVerdict {
  readonly state: LinkCondition;
  /** Null while pending. */
  readonly ok: boolean | null;
  readonly trusted: boolean | null;
  readonly nameMatch: boolean | null;
  /** Headline first. */
  readonly findings: readonly Finding[];
  /** Milliseconds since 1970: when a working link will break; null when it is broken or never breaks. */
  readonly breaksAt: number | null;
  readonly addresses: readonly AddressSummary[];
  /** As sent by the address that counts. */
  readonly chain: readonly SentCertificate[];
}

/** The present state of one link. Immutable. */
export interface LinkState extends LinkVerdict {
  readonly client: string;
  readonly endpoint: string;
  readonly profile: ProfileName;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; null while pending. */
  readonly checkedAt: number | null;
  /** Milliseconds since 1970: when `state` became what it is; null while pending. */
  readonly since: number | null;
}

/** A key for a link that no other link has. */
export const linkKey = (client: string, endpoint: string): string =>
  JSON.stringify([client, endpoint]);

/** A link before its first verdict. */
export const PENDING: LinkVerdict = {
  state: "pending",
  ok: null,
  trusted: null,
  nameMatch: null,
  findings: [],
  breaksAt: null,
  addresses: [],
  chain: [],
};
