import type { TargetResult } from "./check-result.ts";
import type { ResultCode } from "./exit-code.ts";
import type { Paint } from "./paint.ts";

/** Writes results in one format, target by target; every method returns what is to be printed next. */
export interface CheckRenderer {
  readonly begin: () => string;
  readonly target: (result: TargetResult) => string;
  readonly end: (exitCode: ResultCode) => string;
}

/** What a format may need to know besides the results. */
export interface RenderOptions {
  /** Whether one target was asked for, which text answers at length. */
  readonly single: boolean;
  readonly paint: Paint;
  /** Columns that text fills at most. */
  readonly columns: number;
  /** The moment for which was judged, ms since 1970. */
  readonly at: number;
  /** From when before a break it is reported, ms; timelines show it. */
  readonly warning: number;
}
