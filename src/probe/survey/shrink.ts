import type { Handshake } from "../handshake.ts";
import { type Answer, readAnswer } from "./answer.ts";

/** What came of offering a list again and again without what was chosen from it. */
export interface Shrunk<T> {
  /** What the server chose, in the order in which it did, with the answer that shows it. */
  readonly chosen: readonly { readonly item: T; readonly handshake: Handshake }[];
  /** The answer that ended it; null when everything was chosen. */
  readonly end: Answer | null;
}

/** How to offer a list, and how to read what was chosen from it. */
export interface Shrinking<T> {
  readonly ask: (offered: readonly T[]) => Promise<Handshake>;
  /** The item that an answer shows to have been chosen; undefined for none. */
  readonly choice: (handshake: Handshake) => T | undefined;
}

/**
 * Offers a list, takes out what the server chooses, and offers the rest until it refuses: as many conversations
 * as there are accepted items, and one more. What comes first is what the server prefers, or what it finds
 * first in the list where it has no preference.
 */
export async function shrink<T>(
  items: readonly T[],
  { ask, choice }: Shrinking<T>,
): Promise<Shrunk<T>> {
  const chosen: { item: T; handshake: Handshake }[] = [];
  let rest = items;
  while (rest.length > 0) {
    const handshake = await ask(rest);
    const item = choice(handshake);
    const taken = item !== undefined && rest.includes(item) ? item : undefined;
    if (taken === undefined) return { chosen, end: readAnswer(handshake, false) };
    chosen.push({ item: taken, handshake });
    rest = rest.filter((candidate) => candidate !== taken);
  }
  return { chosen, end: null };
}
