import type { CheckResult } from "./check-result.ts";
import type { ResultCode } from "./exit-code.ts";
import type { Paint } from "./paint.ts";

/** Writes results in one format, piece by piece; every method returns what is to be printed next. */
export interface CheckRenderer {
  readonly begin: () => string;
  readonly result: (result: CheckResult) => string;
  readonly end: (exitCode: ResultCode) => string;
}

/** What a format may need to know besides the results. */
export interface RenderOptions {
  /** Whether one target was asked for, which text answers at length. */
  readonly single: boolean;
  readonly paint: Paint;
  /** The moment for which was judged, ms since 1970. */
  readonly at: number;
}
