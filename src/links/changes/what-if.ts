import type { EstateLink } from "../../estate/estate.ts";
import type { LinkVerdict } from "../link-verdict.ts";
import { judgeState, type LinkOutcome } from "./judge-state.ts";
import type { ChainFault } from "./lint-chain.ts";
import type { OrderRule } from "./order-rule.ts";
import { rankOf } from "./rank.ts";
import { type OrderAnswer, type OrderProblem, safeOrder } from "./safe-order.ts";
import { certificatesOf, type StepCertificate } from "./step-certificates.ts";
import { type LoadedPlan, members, type Step, type StepSet } from "./step.ts";
import { type Surroundings, World } from "./world.ts";

/** What becomes of a link. */
export type Fate = "breaks" | "repaired" | "stays-broken" | "stays-fine" | "unknown";

/** One link before the plan and after it. */
export interface LinkChange extends EstateLink {
  readonly fate: Fate;
  /** Steps on which its verdict may depend. */
  readonly steps: readonly number[];
  /** Null when it is not known. */
  readonly before: LinkVerdict | null;
  readonly after: LinkVerdict | null;
  /** Why it is not known what becomes of it; null when it is. */
  readonly why: string | null;
}

/** A state between two steps in which a link that worked does not. */
export interface BlockedStep {
  /** Steps that are done at that point. */
  readonly done: readonly number[];
  /** The step that breaks it. */
  readonly step: number;
  readonly link: EstateLink;
  /** What the client meets then, in one sentence. */
  readonly summary: string;
}

/** Steps that exclude each other, with everything that stands in the way. */
export interface ExclusionProof {
  readonly steps: readonly number[];
  readonly isSmallest: boolean;
  readonly blocked: readonly BlockedStep[];
}

/** In which order the steps are safe. */
export type PlanOrder =
  | { readonly kind: "safe"; readonly order: readonly number[] }
  | { readonly kind: "none"; readonly exclusions: readonly ExclusionProof[] }
  | { readonly kind: "undecided"; readonly steps: readonly number[]; readonly states: number };

/** A step as it is reported. */
export interface ReportedStep extends Pick<Step, "change" | "title"> {
  readonly certificates: readonly StepCertificate[];
}

/** When something becomes of a link that works after the plan, or of one that does not yet. */
export interface NextChange extends EstateLink {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `working`: a certificate is not valid before. */
  readonly becomes: "broken" | "working";
}

/** What a plan does to an estate. */
export interface WhatIf {
  /** Milliseconds since 1970 as of which was judged. */
  readonly at: number;
  readonly steps: readonly ReportedStep[];
  readonly faults: readonly ChainFault[];
  /** Every link of the estate, in its order. */
  readonly links: readonly LinkChange[];
  readonly order: PlanOrder;
  /** The earliest change of the result after the plan; null when it stays for ever. */
  readonly next: NextChange | null;
  /** The first link that will break, and when, as long as the plan is not carried out; null when none will. */
  readonly nextWithout: NextChange | null;
  /** What had to be assumed, in sentences. */
  readonly assumptions: readonly string[];
}

/** What a plan is judged with. */
export interface WhatIfInput extends Surroundings {
  readonly plan: LoadedPlan;
  /** Milliseconds since 1970, unless the plan says otherwise. */
  readonly now: number;
  /** See OrderProblem. */
  readonly limit?: number;
}

/** Judges a plan in one go. Pure: everything that it depends on is given. */
export function whatIf(input: WhatIfInput): WhatIf {
  const run = whatIfSteps(input);
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
  }
}

/**
 * Judges a plan link by link: it yields how many links are judged, so that a caller can let others have their turn
 * and show how far it is.
 */
export function* whatIfSteps(input: WhatIfInput): Generator<number, WhatIf, undefined> {
  const { plan, estate, now } = input;
  const { steps, faults } = plan;
  const moment = { estate, at: plan.at ?? now };
  const world = new World(input, steps);
  const links: LinkChange[] = [];
  const rules: OrderRule[] = [];
  const assumptions = new Set<string>();
  // a state that cannot be judged is avoided, but proves nothing
  let isUncertain = false;
  for (const [index, link] of estate.links.entries()) {
    const mask = world.stepsOf(link);
    const before = judgeState(world, link, 0n, moment);
    // a remedy may name any truststore, not only those of the client
    const isUntouched = mask === 0n && (!world.changesStores || works(before));
    const after = isUntouched ? before : judgeState(world, link, world.all, moment);
    links.push(linkChange(link, mask, before, after));
    for (const outcome of [before, after])
      if (outcome.kind === "judged" && outcome.assumption !== null)
        assumptions.add(outcome.assumption);
    if (works(before) && works(after) && members(mask).length > 1)
      rules.push(
        ruleOf(index, mask, (done) => {
          const outcome = judgeState(world, link, done, { ...moment, onlyAcceptance: true });
          isUncertain ||= outcome.kind === "unknown";
          return works(outcome);
        }),
      );
    yield index + 1;
  }
  const problem: OrderProblem = {
    steps: steps.length,
    after: steps.map(({ after }) => after),
    rules,
    rank: (step) => rankOf(steps[step]),
    ...(input.limit === undefined ? {} : { limit: input.limit }),
  };
  const answer = safeOrder(problem);
  return {
    at: moment.at,
    steps: steps.map(({ change, title, effect }) => ({
      change,
      title,
      certificates: certificatesOf(effect),
    })),
    faults,
    links,
    order:
      answer.kind === "none" && isUncertain
        ? { kind: "undecided", steps: answer.exclusions.flatMap((each) => each.steps), states: 0 }
        : explained(answer, estate.links, (link, done) => judgeState(world, link, done, moment)),
    next: earliest([
      ...links.flatMap((link) => breakOf(link, link.after)),
      ...links.flatMap((link) =>
        startOf(link, (at) => judgeState(world, link, world.all, { estate, at }), moment.at),
      ),
    ]),
    nextWithout: earliest(links.flatMap((link) => breakOf(link, link.before))),
    assumptions: [
      ...new Set([
        ...estate.endpoints.flatMap(
          ({ name }) => world.endpoint(name, world.all)?.assumptions ?? [],
        ),
        ...assumptions,
      ]),
    ],
  };
}

const works = (outcome: LinkOutcome): boolean =>
  outcome.kind === "judged" && outcome.verdict.ok === true;

function ruleOf(link: number, steps: StepSet, judged: (done: StepSet) => boolean): OrderRule {
  // the ends are known to work
  const known = new Map<StepSet, boolean>([
    [0n, true],
    [steps, true],
  ]);
  return {
    link,
    steps,
    works: (done) => {
      let answer = known.get(done);
      if (answer === undefined) known.set(done, (answer = judged(done)));
      return answer;
    },
  };
}

function linkChange(
  link: EstateLink,
  mask: StepSet,
  before: LinkOutcome,
  after: LinkOutcome,
): LinkChange {
  const why = [after, before].find((outcome) => outcome.kind === "unknown");
  return {
    ...link,
    fate: fateOf(before, after),
    steps: members(mask),
    before: before.kind === "judged" ? before.verdict : null,
    after: after.kind === "judged" ? after.verdict : null,
    why: why?.kind === "unknown" ? why.why : null,
  };
}

function fateOf(before: LinkOutcome, after: LinkOutcome): Fate {
  if (before.kind === "unknown" || after.kind === "unknown") return "unknown";
  if (works(before)) return works(after) ? "stays-fine" : "breaks";
  return works(after) ? "repaired" : "stays-broken";
}

function explained(
  answer: OrderAnswer,
  links: readonly EstateLink[],
  judged: (link: EstateLink, done: StepSet) => LinkOutcome,
): PlanOrder {
  if (answer.kind !== "none") return answer;
  return {
    kind: "none",
    exclusions: answer.exclusions.map(({ steps, isSmallest, blocked }) => ({
      steps,
      isSmallest,
      blocked: blocked.flatMap(({ done, step, link: index, state }) => {
        const link = links[index];
        if (link === undefined) return [];
        const outcome = judged(link, state);
        const summary =
          outcome.kind === "unknown" ? outcome.why : (outcome.verdict.findings[0]?.summary ?? "");
        return [{ done, step, link, summary }];
      }),
    })),
  };
}

function earliest(changes: readonly NextChange[]): NextChange | null {
  return changes.reduce<NextChange | null>(
    (first, each) => (first === null || each.at < first.at ? each : first),
    null,
  );
}

function breakOf(
  { client, endpoint }: EstateLink,
  verdict: LinkVerdict | null,
): readonly NextChange[] {
  const at = verdict?.ok === true ? verdict.breaksAt : null;
  return at === null ? [] : [{ client, endpoint, at, becomes: "broken" }];
}

/** Most moments at which a link that does not work is judged again. */
const MAX_STARTS = 8;

/** When a link starts to work because a certificate that is sent becomes valid. */
function startOf(
  { client, endpoint, after }: LinkChange,
  judgedAt: (at: number) => LinkOutcome,
  now: number,
): readonly NextChange[] {
  if (after === null || after.ok === true) return [];
  const moments = new Set(
    after.chain.flatMap(({ notBefore }) =>
      notBefore !== null && notBefore > now ? notBefore : [],
    ),
  );
  const at = [...moments]
    .toSorted((a, b) => a - b)
    .slice(0, MAX_STARTS)
    .find((moment) => works(judgedAt(moment)));
  return at === undefined ? [] : [{ client, endpoint, at, becomes: "working" }];
}

/** What a plan comes to: 2 when a working link would break or no order is safe, 3 when that is not known. */
export function exitCodeOfPlan({ links, faults, order }: WhatIf): 0 | 1 | 2 | 3 {
  if (links.some(({ fate }) => fate === "breaks") || order.kind === "none") return 2;
  if (faults.some(({ severity }) => severity === "critical")) return 2;
  if (order.kind === "undecided") return 3;
  if (links.some(({ fate, steps }) => fate === "unknown" && steps.length > 0)) return 3;
  const worrying = links.some(
    ({ steps, after }) => steps.length > 0 && after !== null && after.state !== "ok",
  );
  return worrying || faults.some(({ severity }) => severity === "warning") ? 1 : 0;
}
