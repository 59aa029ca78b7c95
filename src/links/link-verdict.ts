import type { Finding } from "../diagnosis/finding.ts";
import type { FailureCode, Handshake } from "../probe/handshake.ts";

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
  /** SHA-256 of the anchors that the accepted paths of all addresses end in. @default none */
  readonly anchors?: readonly string[];
  /** SHA-256 of CAs between leaf and anchor that servers do not send and the client's stores supply. @default none */
  readonly storeIssuers?: readonly string[];
}
