import { setImmediate } from "node:timers/promises";

/** Items that are looked at in one go: few enough that nobody waits for them. */
const TURN = 500;

/** The items of a list in groups, between which other work gets its turn. */
export async function* inTurns<T>(items: Iterable<T>, size = TURN): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
    await setImmediate();
  }
  if (group.length > 0) yield group;
}
