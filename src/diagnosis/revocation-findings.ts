import type { RevocationStatement, UnknownCause } from "../trust/revocation/status.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import { CAUSE_TEXTS } from "./revocation-causes.ts";
import type { Situation } from "./situation.ts";
import { dateText, printable, shortName } from "./words.ts";

/**
 * Findings about revocation that this client does not stumble over: what lists and responses say to clients that
 * look at them.
 */
export function revocationFindings(situation: Situation): readonly Finding[] {
  const { verdict } = situation;
  const refused = verdict.reason?.certificate ?? null;
  const aboutPath = verdict.revocation
    .filter(({ certificate }) => certificate.sha256 !== refused)
    .map((statement) => statementFinding(statement, situation));
  return [...aboutPath, unavailableFinding(situation)].filter((finding) => finding !== null);
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
