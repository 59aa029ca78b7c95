import type { RevocationReason } from "../../x509/crl-entries.ts";
import type { Certificate } from "../../x509/certificate.ts";

/** What a statement about revocation rests on. */
export type RevocationSource = "crl" | "ocsp";

/** Why a list or a response says nothing about a certificate; closed list, the more telling ones last. */
export const UNKNOWN_CAUSES = [
  /** Nothing was given, and the certificate names neither a list nor a responder. */
  "not-offered",
  /** Nothing was given. */
  "not-given",
  /** What was given is about other issuers or other certificates. */
  "not-covered",
  /** The lists leave some reasons for revocation open. */
  "reasons-open",
  /** The responder answered that it is in trouble. */
  "responder-error",
  /** The responder does not know the certificate. */
  "responder-unaware",
  "malformed",
  /** A critical extension that nobody here understands. */
  "critical-extension",
  /** Whoever signed may not do so. */
  "signer-unauthorised",
  "signature-invalid",
  "not-yet-valid",
  "stale",
] as const;

/** Why the status of a certificate is not known. */
export type UnknownCause = (typeof UNKNOWN_CAUSES)[number];

/** What is known about the revocation of one certificate. Times in milliseconds since 1970. */
export type RevocationStatus =
  | {
      readonly kind: "good";
      readonly source: RevocationSource;
      /** When this stops to be known; null when the source does not say. */
      readonly until: number | null;
    }
  | {
      readonly kind: "revoked";
      readonly source: RevocationSource;
      readonly at: number;
      readonly reason: RevocationReason | null;
    }
  | {
      readonly kind: "unknown";
      readonly cause: UnknownCause;
      /** The source that came nearest to an answer; null when there was none. */
      readonly source: RevocationSource | null;
      /** What was found, for people: a date, a name, an offset; empty when the cause says it all. */
      readonly detail: string;
    };

/** The status of one certificate of a path. */
export interface RevocationStatement {
  readonly certificate: Certificate;
  /** Position in the path, 0 is the leaf. */
  readonly depth: number;
  readonly status: RevocationStatus;
}

/** A status that is not known. */
export function unknown(
  cause: UnknownCause,
  source: RevocationSource | null = null,
  detail = "",
): Extract<RevocationStatus, { kind: "unknown" }> {
  return { kind: "unknown", cause, source, detail };
}

/** The status that counts among several: revoked before good before the most telling ignorance. */
export function strongest(statuses: readonly RevocationStatus[]): RevocationStatus | undefined {
  const rank = (status: RevocationStatus): number => {
    switch (status.kind) {
      case "revoked":
        return 100;
      case "good":
        return 50;
      case "unknown":
        return UNKNOWN_CAUSES.indexOf(status.cause);
    }
  };
  return statuses.reduce<RevocationStatus | undefined>(
    (best, status) => (best === undefined || rank(status) > rank(best) ? status : best),
    undefined,
  );
}
