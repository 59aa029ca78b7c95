import { randomBytes } from "node:crypto";
import type { Group } from "./groups.ts";
import { generateKeyShare, type KeyShare } from "./key-agreement.ts";

/** Where a conversation takes what must be unpredictable; a fixed one replays a recorded conversation. */
export interface Entropy {
  random(length: number): Uint8Array;
  keyShare(group: Group): KeyShare;
  /** Takes back a key share that was offered and with which nothing was agreed. */
  giveBack?(share: KeyShare): void;
}

/** Fresh randomness from node:crypto. */
export const FRESH: Entropy = { random: randomBytes, keyShare: generateKeyShare };

/** Shares of one group that are kept: as many as conversations that end at about the same time. */
const CAPACITY = 64;

/**
 * As `FRESH`, but a key share that one server did not choose is offered to the next one: making it costs a
 * twentieth of a handshake, and its private key has not been used. For many conversations of one prober.
 */
export class ThriftyEntropy implements Entropy {
  readonly #spare = new Map<Group, KeyShare[]>();

  random(length: number): Uint8Array {
    return randomBytes(length);
  }

  keyShare(group: Group): KeyShare {
    return this.#spare.get(group)?.pop() ?? generateKeyShare(group);
  }

  giveBack(share: KeyShare): void {
    const spare = this.#spare.get(share.group);
    if (spare === undefined) this.#spare.set(share.group, [share]);
    else if (spare.length < CAPACITY) spare.push(share);
  }
}
