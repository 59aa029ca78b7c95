import { setImmediate } from "node:timers/promises";
import { PLAN_SCHEMA } from "../../../estate/plans/schema.ts";
import { exitCodeOfPlan } from "../../../links/changes/what-if.ts";
import { whatIfRecord } from "../../../report/changes/what-if-record.ts";
import { WHAT_IF_DOCUMENT_SCHEMA } from "../../../report/changes/what-if-schema.ts";
import { fail, ok } from "../../../x509/result.ts";
import { judgePlan } from "../../changes/judge-plan.ts";
import { refusal } from "../problem.ts";
import { operation, type Operation } from "./operation.ts";
import { named } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

/** Bytes of a plan; a chain in PEM has about ten thousand. */
const MAX_PLAN = 2 ** 20;

/** Plans that are judged at once. */
const MAX_RUNNING = 2;

/** Mistakes that one answer names. */
const MAX_NAMED = 5;

const NAME = "plan";

/** What a change would do, from what the daemon saw last; certificates come in the plan itself, as PEM. */
export const whatIfOperations = (sources: ApiSources): readonly Operation[] => {
  let running = 0;
  return [
    operation({
      id: "whatif",
      method: "POST",
      path: "/api/v1/whatif",
      summary:
        "Which links a change plan breaks, repairs and leaves as they are, and in which order it is safe",
      body: named("ChangePlan", PLAN_SCHEMA),
      bodyLimit: MAX_PLAN,
      problems: ["busy"],
      response: named("WhatIf", WHAT_IF_DOCUMENT_SCHEMA),
      handle: async ({ body }) => {
        if (running >= MAX_RUNNING)
          return fail(refusal("busy", "Other plans are judged already; ask again in a while"));
        running++;
        try {
          const judged = await judgePlan({
            name: NAME,
            text: JSON.stringify(body),
            inventory: sources.inventory(),
            observations: new Map(sources.observations()),
            now: sources.clock.wall(),
            rest: () => setImmediate(),
          });
          if (!judged.ok) {
            const mistakes = judged.error
              .slice(0, MAX_NAMED)
              .map(({ path, message, hint }) =>
                [`body.${path}: ${message}`, ...(hint === null ? [] : [hint])].join(". "),
              );
            return fail(refusal("invalid-request", mistakes.join("; ").slice(0, 2000)));
          }
          const result = judged.value;
          const code = exitCodeOfPlan(result);
          const value = whatIfRecord({ result, file: NAME, source: "live", code, all: true });
          return ok({ kind: "json", value });
        } finally {
          running--;
        }
      },
    }),
  ];
};
