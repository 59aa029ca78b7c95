import type { EstateCase } from "./estate.ts";

/** What a real client said to a case. */
export interface Answer {
  /** `unreadable`: it could not even read the certificates; `skipped`: the case is no question for this client. */
  readonly verdict: "accepted" | "refused" | "unreadable" | "skipped";
  /** Its words, one line for each exception or error; empty when it accepts. */
  readonly lines: readonly string[];
}

/** A real client. */
export interface Oracle {
  readonly name: string;
  /** Version of the program behind it. */
  readonly version: string;
  readonly ask: (each: EstateCase) => Promise<Answer>;
  readonly close: () => Promise<void>;
}
