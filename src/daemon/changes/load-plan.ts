import { thresholdMilliseconds } from "../../estate/duration.ts";
import type { EstateProblem } from "../../estate/estate.ts";
import type { ChangePlan, PlannedChange } from "../../estate/plans/plan.ts";
import { lintChain } from "../../links/changes/lint-chain.ts";
import type { LoadedPlan } from "../../links/changes/step.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import { loadClientChange } from "./load-client-change.ts";
import { loadEndpointChange } from "./load-endpoint-change.ts";
import { loadStoreChange } from "./load-store-change.ts";
import type { ChangeContext, ChangeMistake, Draft, Drafts, PlanContext } from "./plan-context.ts";
import { withPrecedence } from "../../links/changes/precedence.ts";

/** Reads every file that a plan names. Whatever cannot be read is told, with its line and column in the plan. */
export async function loadPlan(
  plan: ChangePlan,
  context: PlanContext,
): Promise<Result<LoadedPlan, readonly EstateProblem[]>> {
  const problems: EstateProblem[] = [];
  const drafts: Draft[] = [];
  const stores = new Map(context.inventory.truststores.map((store) => [store.name, store]));
  for (const [index, change] of plan.changes.entries()) {
    const loaded = await loadChange(change, { ...context, plan, stores, index });
    if (loaded.ok) drafts.push(...loaded.value);
    else
      problems.push(...loaded.error.map((mistake) => problemOf(mistake, { plan, change, index })));
  }
  if (problems.length > 0) return fail(problems);
  const at = plan.at ?? context.now;
  const { thresholds } = context.inventory.estate;
  return ok({
    steps: withPrecedence(drafts),
    faults: drafts.flatMap(({ effect, change }) =>
      effect.kind === "endpoint" && effect.chain !== null
        ? lintChain({
            ...effect.chain,
            endpoint: effect.endpoint,
            change,
            at,
            warning: (lifetime) => thresholdMilliseconds(thresholds.warning, lifetime),
          })
        : [],
    ),
    at: plan.at,
  });
}

function problemOf(
  { at, message }: ChangeMistake,
  {
    plan: { file },
    change: { places },
    index,
  }: { readonly plan: ChangePlan; readonly change: PlannedChange; readonly index: number },
): EstateProblem {
  // one value stands for the whole list where no list is written
  const place = places[at] ?? places[at.replace(/\..*$/, "")] ?? places[""];
  const { line = null, column = null } = place ?? {};
  const key = at.replace(/\.(\d+)$/, "[$1]");
  return { file, line, column, path: `changes[${index}].${key}`, message, hint: null };
}

function loadChange(change: PlannedChange, context: ChangeContext): Promise<Drafts> {
  switch (change.kind) {
    case "endpoint":
      return loadEndpointChange(change, context);
    case "truststore":
      return loadStoreChange(change, context);
    case "client":
      return loadClientChange(change, context);
  }
}
