import type { Reason } from "../reason.ts";

/**
 * Which part of JSSE refuses; decides the words around the text:
 * - `store`: the trust manager cannot be made
 * - `unreadable-store`: a certificate of the store does not parse, so that the store cannot be loaded
 * - `message`: the Certificate message itself is refused, without an exception behind it
 * - `protocol`: the message breaks a limit while it is read
 * - `parse`: a certificate of the message does not parse
 * - `validation`, `building`: CertPathValidator and CertPathBuilder
 * - `anchor`, `built-anchor`: the anchor of a validated or of a built path
 * - `crash`: a RuntimeException while names are compared
 * - `plain`: what follows the path: end entity, distrust, and everything of the simple validator
 */
export type RefusalLayer =
  | "store"
  | "unreadable-store"
  | "message"
  | "protocol"
  | "parse"
  | "validation"
  | "anchor"
  | "building"
  | "built-anchor"
  | "crash"
  | "plain";

/** A refusal by a Java client: our reason and Java's own text for it. */
export interface Refusal {
  readonly reason: Reason;
  readonly layer: RefusalLayer;
  /** Text of the exception that the layer throws. */
  readonly text: string;
  /** Exceptions below that one, from outside in, as `Throwable.toString` prints them. */
  readonly causes: readonly string[];
}

/** CertPathValidatorException, as Throwable.toString names it. */
export const PATH_EXCEPTION = "java.security.cert.CertPathValidatorException";

/**
 * Builds a Refusal. A checker's exception is wrapped once more by the validator with the same text, so that is the
 * default cause of the `validation` layer.
 */
export function refusal(
  layer: RefusalLayer,
  reason: Reason,
  text: string,
  causes: readonly string[] = layer === "validation" ? [`${PATH_EXCEPTION}: ${text}`] : [],
): Refusal {
  return { layer, reason, text, causes };
}
