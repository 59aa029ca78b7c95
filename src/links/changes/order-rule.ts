import { members, only, type StepSet } from "./step.ts";

/** What one link asks of an order. */
export interface OrderRule {
  /** Which link it is. */
  readonly link: number;
  /** The steps on which its verdict depends. */
  readonly steps: StepSet;
  /** Whether the link works when some of its steps are done; the same answer for the same set. */
  readonly works: (done: StepSet) => boolean;
}

/** Steps that have to be ordered together, with what ties them. */
export interface OrderPart {
  readonly steps: StepSet;
  readonly rules: readonly OrderRule[];
}

/** Splits steps into parts that have nothing to do with each other. */
export function components({
  steps,
  after,
  rules,
}: {
  readonly steps: number;
  readonly after: readonly (readonly number[])[];
  readonly rules: readonly OrderRule[];
}): readonly OrderPart[] {
  const parent = Array.from({ length: steps }, (_, step) => step);
  const rootOf = (step: number): number => {
    let root = step;
    for (let up = parent[root] ?? root; up !== root; up = parent[root] ?? root) root = up;
    parent[step] = root;
    return root;
  };
  const tie = ([first, ...others]: readonly number[]): void => {
    if (first === undefined) return;
    for (const other of others) parent[rootOf(other)] = rootOf(first);
  };
  const known = new Map<StepSet, readonly number[]>();
  for (const rule of rules) {
    if (known.has(rule.steps)) continue;
    known.set(rule.steps, members(rule.steps));
    tie(members(rule.steps));
  }
  for (const [step, before] of after.entries()) tie([step, ...before]);
  const parts = new Map<number, { steps: StepSet; rules: OrderRule[] }>();
  for (let step = 0; step < steps; step++) {
    const root = rootOf(step);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, { steps: only(step), rules: [] });
    else part.steps |= only(step);
  }
  for (const rule of rules) {
    const [first] = known.get(rule.steps) ?? [];
    if (first !== undefined) parts.get(rootOf(first))?.rules.push(rule);
  }
  return [...parts.values()];
}

/** The subsets of a set, smaller ones first where `bySize`. */
export function subsetsOf(set: StepSet): readonly StepSet[] {
  let found: readonly StepSet[] = [0n];
  for (const step of members(set)) found = [...found, ...found.map((each) => each | only(step))];
  return found;
}

/** How many steps a set has. */
export const sizeOf = (set: StepSet): number => members(set).length;
