import type { Reason } from "../reason.ts";

/** Which part of JSSE refuses; decides the words around the text. */
export type RefusalLayer = "store" | "parse" | "validation" | "anchor" | "building" | "plain";

/** A refusal by a Java client: our reason and Java's own text for it. */
export interface Refusal {
  readonly reason: Reason;
  readonly layer: RefusalLayer;
  /** Text of the innermost exception. */
  readonly text: string;
}

/** Builds a Refusal. */
export function refusal(layer: RefusalLayer, reason: Reason, text: string): Refusal {
  return { layer, reason, text };
}
