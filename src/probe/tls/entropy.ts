import { randomBytes } from "node:crypto";
import type { Group } from "./groups.ts";
import { generateKeyShare, type KeyShare } from "./key-agreement.ts";

/** Where a conversation takes what must be unpredictable; a fixed one replays a recorded conversation. */
export interface Entropy {
  random(length: number): Uint8Array;
  keyShare(group: Group): KeyShare;
}

/** Fresh randomness from node:crypto. */
export const FRESH: Entropy = { random: randomBytes, keyShare: generateKeyShare };
