import { responseStatus } from "../trust/revocation/check-responses.ts";
import type { RevocationStatement, UnknownCause } from "../trust/revocation/status.ts";
import type { Certificate } from "../x509/certificate.ts";
import { tlsFeature, valueOf } from "../x509/extensions.ts";
import { parseOcspResponse } from "../x509/ocsp.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import type { Situation } from "./situation.ts";
import { dateText, printable, shortName } from "./words.ts";

/**
 * Findings about revocation that this client does not stumble over: what lists and responses say to clients that
 * look at them, and what is wrong with the response that the server staples.
 */
export function revocationFindings(situation: Situation): readonly Finding[] {
  const { verdict } = situation;
  const refused = verdict.reason?.certificate ?? null;
  const aboutPath = verdict.revocation
    .filter(({ certificate }) => certificate.sha256 !== refused)
    .map((statement) => statementFinding(statement, situation));
  return [...aboutPath, stapleFinding(situation), unavailableFinding(situation)].filter(
    (finding) => finding !== null,
  );
}

/** Sources that did not answer matter where nothing else has. */
function unavailableFinding({ unavailable = [], verdict }: Situation): Finding | null {
  const [first] = unavailable;
  const open = verdict.revocation.filter(({ status }) => status.kind === "unknown");
  if (first === undefined || (open.length === 0 && verdict.revocation.length > 0)) return null;
  const others = unavailable.length > 1 ? `, and ${unavailable.length - 1} more` : "";
  return makeFinding("chain.revocation-unknown", {
    severity: "info",
    summary: `Whether the path is revoked cannot be found out: ${printable(first.url)}: ${printable(first.message)}${others}`,
    remedy: ["Check from this network that the CA's list and OCSP responder can be reached"],
    certificates: open.map(({ certificate }) => certificate),
  });
}

function statementFinding(
  { certificate, status }: RevocationStatement,
  situation: Situation,
): Finding | null {
  const name = shortName(certificate.subject);
  const { profile } = situation;
  switch (status.kind) {
    case "good":
      return null;
    case "revoked":
      return makeFinding("chain.revoked", {
        severity: "warning",
        summary: `${name} was revoked on ${dateText(status.at)}${reasonText(status.reason)}; ${profile.title} does not look, clients that check revocation refuse it`,
        remedy: [...REVOKED_STEPS, verifyStep(situation)],
        certificates: [certificate],
        time: status.at,
      });
    case "unknown": {
      if (status.source !== "crl" || !LIST_CAUSES.has(status.cause)) return null;
      const { code, summary, remedy } = listDefect(status.cause, name, printable(status.detail));
      return makeFinding(code, {
        severity: "warning",
        summary,
        remedy,
        certificates: [certificate],
      });
    }
  }
}

function reasonText(reason: string | null): string {
  return reason === null || reason === "unspecified" ? "" : ` (${reason})`;
}

/** What to do about a revoked certificate, wherever it stands. */
export const REVOKED_STEPS: readonly string[] = [
  "Have a new certificate issued with a new key, and install it on the server",
  "Ask the CA why the old one was revoked: with keyCompromise the old key must go everywhere",
];

/** What is wrong with lists that are about a certificate. */
export interface ListDefect {
  readonly code: FindingCode;
  readonly summary: string;
  readonly remedy: readonly string[];
}

const LIST_CAUSES: ReadonlySet<UnknownCause> = new Set([
  "reasons-open",
  "malformed",
  "critical-extension",
  "signer-unauthorised",
  "signature-invalid",
  "not-yet-valid",
  "stale",
]);

/** The defect behind a revocation list that cannot be used, or behind the lack of one. */
export function listDefect(cause: UnknownCause, name: string, detail: string): ListDefect {
  const suffix = detail === "" ? "" : ` (${detail})`;
  switch (cause) {
    case "stale":
      return {
        code: "chain.crl-stale",
        summary: `The revocation list for ${name} is out of date${suffix}`,
        remedy: [
          "Fetch the current list from the CA and put it in place of the old one",
          "Have the list renewed by a job that runs well before nextUpdate",
        ],
      };
    case "not-yet-valid":
    case "malformed":
    case "critical-extension":
    case "signer-unauthorised":
    case "signature-invalid":
      return {
        code: "chain.crl-invalid",
        summary: `The revocation list for ${name} cannot be used: ${CAUSE_TEXTS[cause]}${suffix}`,
        remedy: [
          "Fetch the list again from the CA, and compare its issuer with that of the certificate",
        ],
      };
    case "not-offered":
    case "not-given":
    case "not-covered":
    case "reasons-open":
    case "responder-error":
    case "responder-unaware":
      return {
        code: "chain.revocation-unknown",
        summary: `Whether ${name} is revoked cannot be found out: ${CAUSE_TEXTS[cause]}${suffix}`,
        remedy: [
          "Give the client the current revocation list of every CA on the path",
          "Check from the client's network that the CA's list or OCSP responder can be reached",
        ],
      };
  }
}

const CAUSE_TEXTS: Record<UnknownCause, string> = {
  "not-offered": "the certificate names neither a list nor a responder",
  "not-given": "the client has neither a list nor a response",
  "not-covered": "what the client has is about other certificates",
  "reasons-open": "the lists answer for some reasons only",
  "responder-error": "the responder answers with an error",
  "responder-unaware": "the responder does not know it",
  malformed: "it is malformed",
  "critical-extension": "it has a critical extension that is not understood",
  "signer-unauthorised": "whoever signed it may not do so",
  "signature-invalid": "its signature fails",
  "not-yet-valid": "it is not valid yet",
  stale: "it is out of date",
};

/** Status request (RFC 6066) and its second version, as tlsFeature names them. */
const STAPLING: ReadonlySet<number> = new Set([5, 17]);

/** What the server's stapled response is worth; null when it is fine or nobody asks for one. */
function stapleFinding(situation: Situation): Finding | null {
  const { handshake, sent, verdict } = situation;
  const [leaf] = sent;
  if (leaf === undefined) return null;
  const { ocspStaple } = handshake;
  if (ocspStaple === null) return missingFinding(leaf, situation);
  const issuer = verdict.path[0]?.sha256 === leaf.sha256 ? verdict.path[1] : undefined;
  if (issuer === undefined) return null;
  const parsed = parseOcspResponse(ocspStaple);
  if (!parsed.ok) return invalidStaple(leaf, `it cannot be read: ${parsed.error.message}`);
  if (parsed.value.kind === "error")
    return invalidStaple(leaf, `the responder answered ${parsed.value.status}`);
  const status = responseStatus(parsed.value, leaf, issuer, situation.at);
  if (status.kind !== "unknown") return null;
  if (status.cause === "stale")
    return makeFinding("leaf.staple-stale", {
      severity: "warning",
      summary: `The OCSP response that the server staples is out of date (${printable(status.detail)}); clients that look at it refuse the connection`,
      remedy: [
        "Reload the server, and see that it can reach the CA's OCSP responder: it has to fetch responses itself",
      ],
      certificates: [leaf],
    });
  const detail = printable(status.detail);
  return invalidStaple(leaf, `${STAPLE_TEXTS[status.cause]}${detail === "" ? "" : ` (${detail})`}`);
}

const STAPLE_TEXTS: Record<UnknownCause, string> = {
  ...CAUSE_TEXTS,
  "not-covered": "it is about another certificate",
  "responder-unaware": "the responder does not know the certificate",
};

function invalidStaple(leaf: Certificate, why: string): Finding {
  return makeFinding("leaf.staple-invalid", {
    severity: "warning",
    summary: `The OCSP response that the server staples is worth nothing: ${why}; clients that look at it refuse the connection`,
    remedy: [
      "Delete the server's cached response and reload it, so that it fetches one for its current certificate",
      "Check that the server knows the issuer of its certificate: the response is about both",
    ],
    certificates: [leaf],
  });
}

/** Offline chains have no server that could have stapled anything. */
function missingFinding(leaf: Certificate, { handshake, profile }: Situation): Finding | null {
  const features = valueOf(tlsFeature(leaf)) ?? [];
  if (handshake.address === null || !features.some((feature) => STAPLING.has(feature))) return null;
  return makeFinding("leaf.staple-missing", {
    severity: "warning",
    summary: `The certificate demands a stapled OCSP response and the server sends none; ${profile.title} does not look, browsers refuse the connection`,
    remedy: [
      "Turn OCSP stapling on: ssl_stapling on (nginx), SSLUseStapling on (Apache), ocsp-update on (HAProxy)",
      "Or have the certificate re-issued without the TLS feature extension",
    ],
    certificates: [leaf],
  });
}
