import { inTurns } from "../../turns.ts";

/** Looks at every item of a list that may be long, while other work gets its turn in between. */
export async function visit<T>(items: readonly T[], look: (item: T) => void): Promise<void> {
  for await (const group of inTurns(items)) for (const item of group) look(item);
}

/** The items of a list that fit, in their order, as `visit` finds them. */
export async function choose<T>(
  items: readonly T[],
  fits: (item: T) => boolean,
): Promise<readonly T[]> {
  const chosen: T[] = [];
  await visit(items, (item) => {
    if (fits(item)) chosen.push(item);
  });
  return chosen;
}
