import type { Fate } from "../../links/changes/what-if.ts";
import type { Tone } from "../document/block.ts";

/** What becomes of links, the worst first, in words. */
export const FATES: readonly {
  readonly fate: Fate;
  readonly words: string;
  readonly tone: Tone;
}[] = [
  { fate: "breaks", words: "breaks", tone: "bad" },
  { fate: "repaired", words: "is repaired", tone: "good" },
  { fate: "stays-broken", words: "stays broken", tone: "warning" },
  { fate: "stays-fine", words: "stays fine", tone: "good" },
  { fate: "unknown", words: "is not known", tone: "warning" },
];
