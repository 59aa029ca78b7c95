import { dateText, printable, shortName } from "../diagnosis/words.ts";
import type { RevocationStatement, RevocationStatus } from "../trust/revocation/status.ts";
import { timeText } from "./time-text.ts";

/** What is known about the revocation of one certificate of the path, as it leaves the program. */
export interface RevocationRecord {
  /** SHA-256 of the certificate. */
  readonly certificate: string;
  readonly status: RevocationStatus["kind"];
  /** Where that is known from; null where nothing said anything. */
  readonly source: "crl" | "ocsp" | null;
  /** Until when that holds; null where the source does not say, and with other statuses than `good`. */
  readonly until: string | null;
  /** When it was revoked. */
  readonly revokedAt: string | null;
  /** Why it was revoked, or why its status is unknown. */
  readonly reason: string | null;
}

/** What is known about the certificates of a path, leaf first; empty without lists and responses. */
export function revocationRecords(
  statements: readonly RevocationStatement[],
): readonly RevocationRecord[] {
  return statements.map(({ certificate: { sha256: certificate }, status }) => {
    const { kind, source } = status;
    const common = { certificate, status: kind, source, until: null, revokedAt: null };
    switch (status.kind) {
      case "good":
        return {
          ...common,
          until: status.until === null ? null : timeText(status.until),
          reason: null,
        };
      case "revoked":
        return { ...common, revokedAt: timeText(status.at), reason: status.reason };
      case "unknown":
        return { ...common, reason: status.cause };
    }
  });
}

const SOURCES = { crl: "list", ocsp: "OCSP" } as const;

/** The same in a line for people; null where nothing said anything. */
export function revocationText(statements: readonly RevocationStatement[]): string | null {
  const told = statements.flatMap(({ certificate, status }) => {
    const { source } = status;
    if (source === null) return [];
    return [`${shortName(certificate.subject)} ${statusText(status)} (${SOURCES[source]})`];
  });
  return told.length === 0 ? null : told.map((text) => printable(text)).join(" · ");
}

function statusText(status: RevocationStatus): string {
  switch (status.kind) {
    case "good":
      return `good${status.until === null ? "" : ` until ${dateText(status.until)}`}`;
    case "revoked":
      return `revoked ${dateText(status.at)}`;
    case "unknown":
      return `unknown, ${status.cause}`;
  }
}
