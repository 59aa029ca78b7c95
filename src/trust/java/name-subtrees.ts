import { JavaCrash } from "./crash.ts";
import type { JavaName } from "./general-names.ts";
import { type NameRelation, relate, type RelationRules } from "./name-relation.ts";
import type { Budget } from "../budget.ts";

/** One GeneralSubtree. */
export interface Subtree {
  readonly name: JavaName;
  readonly minimum: number;
  readonly maximum: number | null;
}

/** How subtrees are compared, and what it may cost. */
export interface SubtreeContext {
  readonly rules: RelationRules;
  readonly budget: Budget;
}

function relation(a: Subtree, b: Subtree, { rules, budget }: SubtreeContext): NameRelation {
  budget.comparisons(1);
  return relate(a.name, b.name, rules);
}

/** GeneralSubtrees.minimize: drops what another subtree of the list holds. @throws {JavaCrash} */
export function minimized(trees: readonly Subtree[], context: SubtreeContext): readonly Subtree[] {
  const left = [...trees];
  for (let i = 0; i < left.length - 1; i++) {
    const current = left[i];
    if (current === undefined) break;
    let isCovered = false;
    for (let j = i + 1; j < left.length && !isCovered; j++) {
      const other = left[j];
      if (other === undefined) break;
      const kind = relation(current, other, context);
      if (kind === "match" || kind === "widens") isCovered = true;
      else if (kind === "narrows") left.splice(j--, 1);
    }
    if (isCovered) left.splice(i--, 1);
  }
  return left;
}

/** GeneralSubtrees.union. @throws {JavaCrash} */
export function united(
  trees: readonly Subtree[],
  more: readonly Subtree[],
  context: SubtreeContext,
): readonly Subtree[] {
  return minimized([...trees, ...more], context);
}

/** GeneralSubtrees.reduce: permitted subtrees without those that lie wholly in an excluded one. @throws {JavaCrash} */
export function reduced(
  permitted: readonly Subtree[],
  excluded: readonly Subtree[],
  context: SubtreeContext,
): readonly Subtree[] {
  return excluded.reduce<readonly Subtree[]>(
    (left, tree) =>
      left.filter((each) => {
        const kind = relation(tree, each, context);
        return kind !== "match" && kind !== "narrows";
      }),
    permitted,
  );
}

/** What is left of two lists of permitted subtrees, and what has to be excluded because a type has nothing left. */
export interface Intersection {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

/** GeneralSubtrees.intersect. @throws {JavaCrash} */
export function intersection(
  first: readonly Subtree[],
  second: readonly Subtree[],
  context: SubtreeContext,
): Intersection {
  if (first.length === 0) return { permitted: minimized(second, context), excluded: [] };
  const mine = [...minimized(first, context)];
  const theirs = minimized(second, context);
  const narrower: Subtree[] = [];
  const excluded: Subtree[] = [];
  for (let i = 0; i < mine.length; i++) {
    const entry = mine[i];
    if (entry === undefined) break;
    const found = firstOfType(entry, theirs, context);
    if (found.kind === "narrows") {
      mine.splice(i--, 1);
      narrower.push(found.tree);
    } else if (found.kind === "same-type") {
      if (!meets(entry, mine, theirs, context)) excludeType(entry, excluded);
      mine.splice(i--, 1);
    }
  }
  const kept = narrower.length === 0 ? mine : [...united(mine, narrower, context)];
  for (const tree of theirs) if (isNewType(tree, kept, context)) kept.push(tree);
  return { permitted: kept, excluded };
}

type Found =
  | { readonly kind: "narrows"; readonly tree: Subtree }
  | { readonly kind: "same-type" | "kept" };

/** The first of the other subtrees that decides what becomes of an entry. */
function firstOfType(entry: Subtree, others: readonly Subtree[], context: SubtreeContext): Found {
  let sawSameType = false;
  for (const tree of others)
    switch (relation(entry, tree, context)) {
      case "narrows":
        return { kind: "narrows", tree };
      case "same-type":
        sawSameType = true;
        break;
      case "match":
      case "widens":
        return { kind: "kept" };
      case "other-type":
        break;
    }
  return { kind: sawSameType ? "same-type" : "kept" };
}

/** Whether any subtree of the entry's type meets one of the other list. */
function meets(
  entry: Subtree,
  mine: readonly Subtree[],
  theirs: readonly Subtree[],
  context: SubtreeContext,
): boolean {
  let found = false;
  for (const each of mine)
    if (each.name.kind === entry.name.kind)
      for (const other of theirs) {
        const kind = relation(each, other, context);
        if (kind === "match" || kind === "widens" || kind === "narrows") {
          found = true;
          break;
        }
      }
  return found;
}

/** GeneralSubtrees.createWidestSubtree: succeeds for directory names alone, whatever its authors meant. */
function excludeType({ name }: Subtree, excluded: Subtree[]): void {
  if (name.kind === "directory") {
    const empty = { der: Uint8Array.of(0x30, 0), rdns: [], text: "" };
    if (excluded.length === 0)
      excluded.push({ name: { kind: "directory", value: empty }, minimum: 0, maximum: null });
    return;
  }
  if (name.kind === "ip")
    throw new JavaCrash([
      'java.lang.NullPointerException: Cannot read the array length because "address" is null',
    ]);
  const cause = `java.io.IOException: ${EMPTY_NAME[name.kind] ?? ""}`;
  throw new JavaCrash([`java.lang.RuntimeException: Unexpected error: ${cause}`, cause]);
}

const EMPTY_NAME: Partial<Record<JavaName["kind"], string>> = {
  dns: "DNSName must not be null or empty",
  email: "RFC822Name may not be null or empty",
  uri: "URI name must include scheme:",
};

/** Whether a subtree is of a type that the list lacks; an empty list lacks nothing to Java. */
function isNewType(tree: Subtree, list: readonly Subtree[], context: SubtreeContext): boolean {
  let isNew = false;
  for (const each of list) {
    if (relation(each, tree, context) !== "other-type") return false;
    isNew = true;
  }
  return isNew;
}
