import type { OrderRule } from "./order-rule.ts";
import { sizeOf, subsetsOf } from "./order-rule.ts";
import { has, members, only, type StepSet } from "./step.ts";

/** Steps of a rule up to which all its states are asked for: 2 to the power of it. */
const MAX_STEPS = 7;

/** Questions to all rules together. */
const BUDGET = 20_000;

/**
 * The steps that never do harm early: whatever works without them works with them, so they may be done as soon as they
 * are possible; and those that never do harm late: whatever works with them works without. Where a rule is too large
 * to be asked about all states, its steps are neither.
 */
export function willingness(
  steps: StepSet,
  rules: readonly OrderRule[],
): { readonly early: StepSet; readonly late: StepSet } {
  let early = steps;
  let late = steps;
  let asked = 0;
  for (const rule of rules) {
    const size = sizeOf(rule.steps);
    asked += size > MAX_STEPS ? 0 : 2 ** size;
    if (size > MAX_STEPS || asked > BUDGET) {
      early &= ~rule.steps;
      late &= ~rule.steps;
      continue;
    }
    const states = subsetsOf(rule.steps);
    for (const step of members(rule.steps))
      for (const without of states) {
        if (has(without, step)) continue;
        const before = rule.works(without);
        const behind = rule.works(without | only(step));
        if (before && !behind) early &= ~only(step);
        if (!before && behind) late &= ~only(step);
      }
  }
  return { early, late };
}
