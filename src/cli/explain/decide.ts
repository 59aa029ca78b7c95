import { CATALOGUE, type CaseId } from "../../diagnosis/catalogue.ts";
import type { Assessment } from "../../diagnosis/assessment.ts";
import type { ExplainedProblem } from "../../diagnosis/explain/explain.ts";
import { parseTarget } from "../../probe/target.ts";
import type { DecidedCheck } from "../../report/explain/explain-result.ts";
import { exitCodeOf, type ResultCode, worse } from "../../report/exit-code.ts";
import type { CheckOptions } from "../check.ts";
import { readProfileChoice } from "../profile-choice.ts";
import { checkOnce } from "../run-check.ts";
import type { FoundLink } from "../../estate/find-link.ts";

/** What the check has shown, and the exit code that it would have. */
export interface Decision {
  readonly checked: DecidedCheck;
  readonly code: ResultCode;
}

/**
 * Checks the link that a text is about, or the target that it names, and compares the findings with the causes.
 * Null where the text names no target. @throws {UsageError} when a truststore or the estate cannot be used
 */
export async function decide(
  problem: ExplainedProblem,
  link: FoundLink | null,
  estate: string | null,
  timeout: number,
): Promise<Decision | null> {
  const base = { timeout, concurrency: 1, format: "text" } as const;
  const target = link?.endpoint.url ?? problem.check.target;
  if (target === null || !parseTarget(target).ok) return null;
  const options: CheckOptions =
    link !== null && link.client !== null && estate !== null
      ? { ...base, client: link.client.name, estate }
      : { ...base, ...asInText(problem) };
  const { serverName = null, connect = null } = link?.endpoint ?? {};
  const assessments = await checkOnce(target, {
    ...options,
    ...(serverName === null ? {} : { servername: serverName }),
    ...(connect === null
      ? {}
      : { connect: connect.port === null ? connect.host : `${connect.host}:${connect.port}` }),
  });
  const worst = assessments.find(({ ok }) => !ok) ?? assessments[0];
  if (worst === undefined) return null;
  return {
    checked: {
      target,
      client: worst.client.name,
      ok: assessments.every(({ ok }) => ok),
      confirmed: confirmedBy(problem.cases, assessments),
      findings: worst.findings.filter(({ severity }) => severity !== "info"),
    },
    code: assessments.map(exitCodeOf).reduce(worse),
  };
}

function asInText({ check }: ExplainedProblem): Partial<CheckOptions> {
  const choice = check.profile === null ? null : readProfileChoice(check.profile);
  const at = check.at === null ? Number.NaN : Date.parse(check.at);
  return {
    ...(choice === null ? {} : { as: [choice] }),
    ...(check.truststore === null ? {} : { truststore: [check.truststore] }),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}

/** Causes of the text that findings name, those of the headlines first. */
function confirmedBy(
  causes: readonly CaseId[],
  assessments: readonly Assessment[],
): readonly CaseId[] {
  const named = assessments
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== "info")
    .flatMap(({ code }) => CATALOGUE[code].cases);
  return [...new Set(named)].filter((id) => causes.includes(id));
}
