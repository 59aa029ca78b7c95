import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { ChangePlan } from "../../estate/plans/plan.ts";
import type { Step } from "../../links/changes/step.ts";
import type { Result } from "../../x509/result.ts";
import type { Inventory, InventoryReaders } from "../inventory.ts";

/** What a plan is loaded with. */
export interface PlanContext {
  readonly inventory: Inventory;
  readonly readers: InventoryReaders;
  /** Milliseconds since 1970, unless the plan says otherwise. */
  readonly now: number;
}

/** What one change of a plan is loaded with. */
export interface ChangeContext extends PlanContext {
  readonly plan: ChangePlan;
  /** Stores as they are when the changes before are made; each change brings its own up to date. */
  readonly stores: Map<string, NamedTruststore>;
  /** Index of the change. */
  readonly index: number;
}

/** A step before it is known which ones it has to wait for. */
export type Draft = Omit<Step, "after">;

/** Why a value of a change cannot be used. */
export interface ChangeMistake {
  /** Which value: a key of the change's places. */
  readonly at: string;
  /** Without a trailing full stop. */
  readonly message: string;
}

/** The steps of a change, or everything that is wrong with it. */
export type Drafts = Result<readonly Draft[], readonly ChangeMistake[]>;
