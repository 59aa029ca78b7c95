import type { Effect, Step } from "./step.ts";

/**
 * Says for each step which earlier ones it has to wait for: two changes of the same thing that would come to something
 * else the other way round are carried out in the order written.
 */
export function withPrecedence(drafts: readonly Omit<Step, "after">[]): readonly Step[] {
  const earlier = new Map<string, number[]>();
  return drafts.map((draft, index) => {
    const subject = subjectOf(draft.effect);
    const before = earlier.get(subject) ?? [];
    const after = before.filter((other) => {
      const effect = drafts[other]?.effect;
      return effect !== undefined && !commute(effect, draft.effect);
    });
    earlier.set(subject, [...before, index]);
    return { ...draft, after };
  });
}

function subjectOf(effect: Effect): string {
  switch (effect.kind) {
    case "endpoint":
      return `endpoint ${effect.endpoint}`;
    case "client":
      return `client ${effect.client}`;
    case "store-add":
    case "store-remove":
    case "store-replace":
    case "store-flags":
      return `truststore ${effect.truststore}`;
  }
}

/** Whether two changes of the same thing come to the same either way round. */
function commute(first: Effect, second: Effect): boolean {
  if (first.kind === "store-replace" || second.kind === "store-replace") return false;
  if (first.kind === "endpoint" || second.kind === "endpoint") return false;
  if (first.kind === "client" && second.kind === "client")
    return (
      changedKeys(first).every((key) => !changedKeys(second).includes(key)) &&
      !(first.identity !== null && second.identity !== null)
    );
  if (first.kind === "store-flags" || second.kind === "store-flags") {
    const theirs = certificatesOf(second);
    return ![...certificatesOf(first)].some((sha256) => theirs.has(sha256));
  }
  if (first.kind === "store-add" && second.kind === "store-remove")
    return first.entries.every((entry) => !second.entries.has(entry));
  return true;
}

/** SHA-256 of what a change of a store is about. */
function certificatesOf(effect: Effect): ReadonlySet<string> {
  switch (effect.kind) {
    case "store-add":
    case "store-remove":
      return new Set([...effect.entries].map(({ sha256 }) => sha256));
    case "store-flags":
      return new Set([effect.entry.sha256]);
    case "store-replace":
    case "endpoint":
    case "client":
      return new Set();
  }
}

function changedKeys({
  profile,
  rules,
  peerCheck,
  nameCheck,
  trust,
}: Extract<Effect, { kind: "client" }>): readonly string[] {
  return [
    // a profile brings rules of its own
    ...(profile !== null || rules !== null ? ["rules"] : []),
    ...(peerCheck === null ? [] : ["peerCheck"]),
    ...(nameCheck === null ? [] : ["nameCheck"]),
    ...(trust === null ? [] : ["trust"]),
  ];
}
