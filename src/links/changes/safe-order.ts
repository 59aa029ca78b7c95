import { components, type OrderRule, sizeOf } from "./order-rule.ts";
import { type Exclusion, exclusionOf } from "./exclusion.ts";
import { has, members, only, type StepSet } from "./step.ts";
import { willingness } from "./willingness.ts";

/** What is to be ordered. */
export interface OrderProblem {
  /** How many steps there are. */
  readonly steps: number;
  /** For each step those that come before it in any case; without cycles. */
  readonly after: readonly (readonly number[])[];
  /** One for each link that works before the first step and after the last. */
  readonly rules: readonly OrderRule[];
  /** What is tried first where several steps are possible: less comes earlier. @default the order of the steps */
  readonly rank?: (step: number) => number;
  /** States that are looked at before the search is given up. @default 50,000 */
  readonly limit?: number;
}

/** An order of the steps in which no rule is broken in between, or the proof that there is none. */
export type OrderAnswer =
  | { readonly kind: "safe"; readonly order: readonly number[] }
  | { readonly kind: "none"; readonly exclusions: readonly Exclusion[] }
  /** The search was given up; some steps may exclude each other or not. */
  | { readonly kind: "undecided"; readonly steps: readonly number[]; readonly states: number };

/** States for the search at first, and for each step; most plans have no conflict, and need as many states as steps. */
const FIRST_TRY = 200;
const FIRST_TRY_PER_STEP = 2;

/** States in all. */
const LIMIT = 50_000;

/**
 * Finds an order such that no rule is broken between two steps. Rules tie steps together; what is not tied is ordered
 * apart. Within a part the search goes through sets of steps that were done and remembers those that lead nowhere, so
 * it is exact: it ends with an order, or has seen every state that can be reached.
 */
export function safeOrder(problem: OrderProblem): OrderAnswer {
  const orders: (readonly number[])[] = [];
  const exclusions: Exclusion[] = [];
  const open: number[] = [];
  let states = 0;
  for (const part of components(problem)) {
    const found = orderPart(part.steps, { ...problem, rules: part.rules });
    states += found.states;
    if (found.kind === "safe") orders.push(found.order);
    else if (found.kind === "none")
      exclusions.push(exclusionOf(part.steps, { ...problem, rules: part.rules }));
    else open.push(...members(part.steps));
  }
  if (exclusions.length > 0) return { kind: "none", exclusions };
  return open.length > 0
    ? { kind: "undecided", steps: open, states }
    : { kind: "safe", order: merged(orders, problem.rank ?? ((step) => step)) };
}

type Found = { readonly states: number } & (
  | { readonly kind: "safe"; readonly order: readonly number[] }
  | { readonly kind: "none" }
  | { readonly kind: "undecided" }
);

function orderPart(steps: StepSet, problem: OrderProblem): Found {
  const { limit = LIMIT, rules } = problem;
  const first = FIRST_TRY + FIRST_TRY_PER_STEP * sizeOf(steps);
  const quick = search(steps, problem, { limit: Math.min(limit, first), moves: null });
  if (quick.kind !== "undecided") return quick;
  const moves = willingness(steps, rules);
  return search(steps, problem, { limit, moves });
}

/** How a search is bounded, and which steps never do harm early or late. */
interface Bounds {
  readonly limit: number;
  readonly moves: ReturnType<typeof willingness> | null;
}

function search(
  steps: StepSet,
  { rules, after, rank = (step) => step }: OrderProblem,
  { limit, moves }: Bounds,
): Found {
  const all = members(steps).toSorted((a, b) => rank(a) - rank(b) || a - b);
  const needs = new Map(
    all.map((step) => [step, after[step]?.reduce((set, each) => set | only(each), 0n) ?? 0n]),
  );
  const concerned = new Map<number, OrderRule[]>(all.map((step) => [step, []]));
  for (const rule of rules) for (const step of members(rule.steps)) concerned.get(step)?.push(rule);
  const isNeeded = (step: number, done: StepSet): boolean =>
    all.some((other) => !has(done, other) && has(needs.get(other) ?? 0n, step));
  const allows = (step: number, next: StepSet): boolean =>
    concerned.get(step)?.every((rule) => rule.works(next & rule.steps)) ?? true;
  const choices = (done: StepSet): readonly number[] => {
    const possible = all.filter(
      (step) => !has(done, step) && ((needs.get(step) ?? 0n) & steps & ~done) === 0n,
    );
    if (moves === null) return possible;
    const eager = possible.find((step) => has(moves.early, step));
    if (eager !== undefined) return [eager];
    const hasty = possible.filter((step) => !has(moves.late, step) || isNeeded(step, done));
    return hasty.length > 0 ? hasty : possible.slice(0, 1);
  };
  const dead = new Set<StepSet>();
  const trail: { readonly done: StepSet; readonly choices: readonly number[]; at: number }[] = [
    { done: 0n, choices: choices(0n), at: 0 },
  ];
  const order: number[] = [];
  let states = 1;
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    if (top.done === steps) return { kind: "safe", order, states };
    const step = top.choices[top.at++];
    if (step === undefined) {
      dead.add(top.done);
      trail.pop();
      order.pop();
      continue;
    }
    const next = top.done | only(step);
    if (dead.has(next) || !allows(step, next)) continue;
    if (++states > limit) return { kind: "undecided", states };
    trail.push({ done: next, choices: choices(next), at: 0 });
    order.push(step);
  }
  return { kind: "none", states };
}

/**
 * Puts the parts together as people would do it: additions first, removals last, as far as the order within each part
 * allows.
 */
function merged(
  parts: readonly (readonly number[])[],
  rank: (step: number) => number,
): readonly number[] {
  const queues = parts.map((part) => ({ part, at: 0 }));
  const order: number[] = [];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  while (order.length < total) {
    let best: { readonly queue: { at: number }; readonly step: number } | null = null;
    for (const queue of queues) {
      const step = queue.part[queue.at];
      if (step === undefined) continue;
      if (best === null || rank(step) < rank(best.step)) best = { queue, step };
    }
    if (best === null) break;
    order.push(best.step);
    best.queue.at++;
  }
  return order;
}
