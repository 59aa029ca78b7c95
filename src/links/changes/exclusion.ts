import { type OrderRule, sizeOf, subsetsOf } from "./order-rule.ts";
import { has, members, only, type StepSet } from "./step.ts";

/** A step that cannot be taken, and the link that would not bear it. */
export interface Blocked {
  /** Steps of the exclusion that are done at that point; of the others any may be. */
  readonly done: readonly number[];
  readonly step: number;
  /** Index of the link that does not work then. */
  readonly link: number;
  /** The state, with as few other steps done as possible, in which it does not. */
  readonly state: StepSet;
}

/** Steps that exclude each other: whatever order they are put in, some link is broken in between. */
export interface Exclusion {
  readonly steps: readonly number[];
  /** Whether no smaller set of steps excludes each other; otherwise it was too much to find out. */
  readonly isSmallest: boolean;
  /** Every way to go on from every state that can be reached: none leads to the end. */
  readonly blocked: readonly Blocked[];
}

/** What the proof is about. */
interface Conflict {
  readonly rules: readonly OrderRule[];
  readonly after: readonly (readonly number[])[];
}

/** Steps of a rule outside of the ones looked at, of which all subsets are tried. */
const MAX_OTHERS = 10;

/** Sets of steps that are tried before the search for the smallest is given up. */
const MAX_SETS = 2000;

/**
 * The smallest set of steps that excludes each other whatever is done with the others: it is looked for by size among the
 * steps of a part that is known to have no safe order.
 */
export function exclusionOf(part: StepSet, conflict: Conflict): Exclusion {
  const steps = members(part);
  let tried = 0;
  for (let size = 2; size < steps.length; size++)
    for (const candidate of combinations(steps, size)) {
      if (++tried > MAX_SETS) return exclusion(part, conflict, false);
      const blocked = proofOf(candidate, conflict);
      if (blocked !== null) return { steps: members(candidate), isSmallest: true, blocked };
    }
  return exclusion(part, conflict, true);
}

function exclusion(part: StepSet, conflict: Conflict, isSmallest: boolean): Exclusion {
  return { steps: members(part), isSmallest, blocked: proofOf(part, conflict) ?? [] };
}

function* combinations(steps: readonly number[], size: number, from = 0): Generator<StepSet> {
  if (size === 0) {
    yield 0n;
    return;
  }
  for (let at = from; at <= steps.length - size; at++)
    for (const rest of combinations(steps, size - 1, at + 1)) yield rest | only(steps[at] ?? 0);
}

/** What blocks every way through some steps while the others may be done at any time; null when a way is open. */
function proofOf(chosen: StepSet, { rules, after }: Conflict): readonly Blocked[] | null {
  const concerned = rules.filter((rule) => (rule.steps & chosen) !== 0n);
  const answers = new Map<OrderRule, Map<StepSet, boolean>>();
  // whether a link can work with these steps done, if the others are chosen well
  const canWork = (rule: OrderRule, done: StepSet): boolean => {
    const mine = rule.steps & done;
    let known = answers.get(rule);
    if (known === undefined) answers.set(rule, (known = new Map()));
    let answer = known.get(mine);
    if (answer === undefined) {
      const others = rule.steps & ~chosen;
      answer =
        sizeOf(others) > MAX_OTHERS || subsetsOf(others).some((also) => rule.works(mine | also));
      known.set(mine, answer);
    }
    return answer;
  };
  const blocked: Blocked[] = [];
  const reached = new Set<StepSet>([0n]);
  for (const done of reached) {
    if (done === chosen) return null;
    for (const step of members(chosen & ~done)) {
      const isEarly = (after[step] ?? []).some((each) => has(chosen, each) && !has(done, each));
      if (isEarly) continue;
      const next = done | only(step);
      const victim = concerned.find((rule) => has(rule.steps, step) && !canWork(rule, next));
      if (victim === undefined) reached.add(next);
      else
        blocked.push({
          done: members(done),
          step,
          link: victim.link,
          state: next & victim.steps,
        });
    }
  }
  return blocked;
}
