import type { EstateProblem } from "../../estate/estate.ts";
import { parsePlan } from "../../estate/plans/read-plan.ts";
import { type WhatIf, whatIfSteps } from "../../links/changes/what-if.ts";
import type { Observation } from "../../links/observation.ts";
import { ok, type Result } from "../../x509/result.ts";
import type { Inventory, InventoryReaders } from "../inventory.ts";
import { loadPlan } from "./load-plan.ts";

/** A plan that was sent, and what it is judged with. */
export interface SentPlan {
  /** How messages call it, such as `plan`. */
  readonly name: string;
  /** YAML or JSON: a change plan with its certificates in itself, as PEM text. */
  readonly text: string;
  readonly inventory: Inventory;
  /** What is known of each endpoint, by its name; what is not known makes its links `unknown`. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** Milliseconds since 1970, unless the plan says otherwise. */
  readonly now: number;
  /** Lets others have their turn; called after some links, with how many are judged. @default nobody waits */
  readonly rest?: (judged: number) => Promise<void>;
}

/** Links judged in one go. */
const BATCH = 50;

/**
 * Judges a plan that came through the API: it reaches for no file, variable or password of this machine, whatever it
 * names (such a plan is refused, with line and column), and makes no connection: pass what the daemon has seen last.
 * The result is what `whatif` prints: report/changes/what-if-record.ts makes JSON of it (whatIfRecord), exitCodeOfPlan
 * says what it comes to.
 */
export async function judgePlan({
  name,
  text,
  inventory,
  observations,
  now,
  rest,
}: SentPlan): Promise<Result<WhatIf, readonly EstateProblem[]>> {
  const parsed = parsePlan(name, text, inventory.estate, { readsFiles: false });
  if (!parsed.ok) return parsed;
  const plan = await loadPlan(parsed.value, { inventory, readers: NO_READERS, now });
  if (!plan.ok) return plan;
  const run = whatIfSteps({ ...inventory, observations, plan: plan.value, now });
  for (let judged = 1; ; judged++) {
    const next = run.next();
    if (next.done === true) return ok(next.value);
    if (judged % BATCH === 0) await rest?.(judged);
  }
}

const refuse = (): never => {
  throw new Error("A plan that was sent reaches for files");
};

// parsePlan refuses what would need them
const NO_READERS: InventoryReaders = { truststore: refuse, secret: refuse };
