import type { Certificate } from "../x509/certificate.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Evidence, Finding, Severity } from "./finding.ts";

/** What a finding says beyond its code. */
export interface FindingParts {
  readonly severity: Severity;
  readonly summary: string;
  readonly remedy: readonly string[];
  readonly certificates?: readonly Certificate[];
  readonly truststore?: string | null;
  readonly alias?: string | null;
  /** Milliseconds since 1970. */
  readonly time?: number | null;
  readonly clientMessage?: string | null;
}

/** Builds a Finding from its parts; evidence that was not given is empty. */
export function makeFinding(code: FindingCode, parts: FindingParts): Finding {
  const evidence: Evidence = {
    certificates: (parts.certificates ?? []).map(({ sha256 }) => sha256),
    truststore: parts.truststore ?? null,
    alias: parts.alias ?? null,
    time:
      parts.time === undefined || parts.time === null ? null : new Date(parts.time).toISOString(),
  };
  return {
    code,
    severity: parts.severity,
    summary: parts.summary,
    evidence,
    remedy: parts.remedy,
    clientMessage: parts.clientMessage ?? null,
  };
}
