import type { Skipped, Totals } from "./tap-reader.ts";

/** How a run ended. */
export interface Outcome {
  /** The last line of output, which other programs read. */
  readonly line: string;
  readonly ok: boolean;
}

/** Whether a test was skipped because a program that it tests against is missing. */
export const lacksTool = ({ reason }: Skipped): boolean => /\bis not installed$/u.test(reason);

/**
 * Judges a finished run. A run without totals, or without any test, is a failure: it must not look passed.
 *
 * @param run - `strict` counts a test that was skipped for want of a program as failed.
 */
export const outcomeOf = (run: {
  readonly totals: Totals | null;
  readonly skipped: readonly Skipped[];
  readonly exitCode: number;
  readonly strict: boolean;
}): Outcome => {
  const { totals, skipped, exitCode, strict } = run;
  if (totals === null) return { line: "0 passed, 1 failed", ok: false };
  const lacking = strict ? skipped.filter(lacksTool).length : 0;
  const counted = totals.fail + lacking;
  // A run that was cut short has failed, even where no test that ended did.
  const failed = exitCode !== 0 && counted === 0 ? 1 : counted;
  const left = totals.skip + totals.todo - lacking;
  return {
    line: `${totals.pass} passed, ${failed} failed${left > 0 ? `, ${left} skipped` : ""}`,
    ok: failed === 0 && totals.pass > 0,
  };
};
