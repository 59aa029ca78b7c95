import t from "tap";
import { safeOrder } from "../../src/links/changes/safe-order.ts";
import { has, only, type StepSet } from "../../src/links/changes/step.ts";
import type { OrderRule } from "../../src/links/changes/order-rule.ts";
import { Random } from "./random.ts";

/** Whether some order passes through states that all rules bear; by looking at every state. */
function isPossible(size: number, rules: readonly OrderRule[]): boolean {
  const all = only(size) - 1n;
  let reached = new Set<StepSet>([0n]);
  for (let taken = 0; taken < size; taken++) {
    const next = new Set<StepSet>();
    for (const done of reached)
      for (let step = 0; step < size; step++) {
        const state = done | only(step);
        if (!has(done, step) && rules.every((rule) => rule.works(state & rule.steps)))
          next.add(state);
      }
    reached = next;
  }
  return reached.has(all);
}

/** A link that depends on some steps and works in a random part of the states between its ends. */
function randomRule(random: Random, size: number, link: number): OrderRule {
  const steps = random
    .some(
      Array.from({ length: size }, (_, step) => step),
      4,
    )
    .reduce((set, step) => set | only(step), 0n);
  const answers = new Map<StepSet, boolean>([
    [0n, true],
    [steps, true],
  ]);
  return {
    link,
    steps,
    works: (done) => {
      let answer = answers.get(done);
      if (answer === undefined) answers.set(done, (answer = random.below(10) < 7));
      return answer;
    },
  };
}

void t.test(
  "safeOrder() finds an order where there is one, and proves that there is none",
  async (t) => {
    let none = 0;
    let wrong = 0;
    for (let seed = 1; seed <= 1500; seed++) {
      const random = new Random(seed);
      const size = 2 + random.below(5);
      const rules = Array.from({ length: 1 + random.below(5) }, (_, link) =>
        randomRule(random, size, link),
      );
      const answer = safeOrder({
        steps: size,
        after: Array.from({ length: size }, () => []),
        rules,
      });
      const possible = isPossible(size, rules);
      if (answer.kind === "safe") {
        let done = 0n;
        for (const step of answer.order) {
          done |= only(step);
          const state = done;
          if (!rules.every((rule) => rule.works(state & rule.steps))) wrong++;
        }
        if (!possible || new Set(answer.order).size !== size) wrong++;
      } else if (answer.kind === "none") {
        none++;
        if (possible) wrong++;
        for (const { steps, blocked } of answer.exclusions)
          if (steps.length < 2 || blocked.length === 0) wrong++;
      } else wrong++;
    }
    t.equal(wrong, 0);
    t.ok(none > 100, `${none} without an order`);
  },
);

void t.test("safeOrder() orders many steps that do not conflict at once", async (t) => {
  const size = 2000;
  // each server needs that the one store has its new CA, which is the last step as written
  const rules = Array.from({ length: size - 1 }, (_, link): OrderRule => {
    const steps = only(link) | only(size - 1);
    return { link, steps, works: (done) => !has(done, link) || has(done, size - 1) };
  });
  const answer = safeOrder({ steps: size, after: Array.from({ length: size }, () => []), rules });
  t.match(answer, { kind: "safe", order: [size - 1] });
});
