import type { Severity } from "../diagnosis/finding.ts";
import type { FindingCode } from "../diagnosis/finding-codes.ts";
import type { AddressSummary, LinkCondition, LinkState, SentCertificate } from "./link-state.ts";

/** A link as the API and the live feed show it. Times are RFC 3339 in UTC. */
export interface LinkJson {
  readonly client: string;
  readonly endpoint: string;
  readonly profile: string;
  readonly url: string;
  readonly state: LinkCondition;
  readonly ok: boolean | null;
  readonly trusted: boolean | null;
  readonly nameMatch: boolean | null;
  readonly headline: string | null;
  readonly findings: readonly {
    readonly code: FindingCode;
    readonly severity: Severity;
    readonly summary: string;
    readonly remedy: readonly string[];
    readonly clientMessage: string | null;
  }[];
  readonly breaksAt: string | null;
  readonly checkedAt: string | null;
  readonly since: string | null;
  readonly clientMessage: string | null;
  readonly addresses: readonly AddressSummary[];
  readonly labels: Readonly<Record<string, string>>;
  readonly chain: readonly {
    readonly sha256: string;
    readonly subject: string | null;
    readonly issuer: string | null;
    readonly notBefore: string | null;
    readonly notAfter: string | null;
  }[];
}

/** Milliseconds since 1970 as RFC 3339; null for null and for what no date can hold. */
export function timeText(milliseconds: number | null): string | null {
  if (milliseconds === null) return null;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Shows a link. */
export function linkToJson(link: LinkState): LinkJson {
  const { client, endpoint, profile, url, state, ok, trusted, nameMatch, findings } = link;
  const shown = findings.map(({ code, severity, summary, remedy, clientMessage }) => ({
    code,
    severity,
    summary,
    remedy,
    clientMessage,
  }));
  return {
    client,
    endpoint,
    profile,
    url,
    state,
    ok,
    trusted,
    nameMatch,
    headline: shown[0]?.summary ?? null,
    findings: shown,
    breaksAt: timeText(link.breaksAt),
    checkedAt: timeText(link.checkedAt),
    since: timeText(link.since),
    clientMessage: shown.find(({ clientMessage }) => clientMessage !== null)?.clientMessage ?? null,
    addresses: link.addresses,
    labels: link.labels,
    chain: link.chain.map(chainEntry),
  };
}

const chainEntry = (certificate: SentCertificate): LinkJson["chain"][number] => ({
  sha256: certificate.sha256,
  subject: certificate.subject,
  issuer: certificate.issuer,
  notBefore: timeText(certificate.notBefore),
  notAfter: timeText(certificate.notAfter),
});
