import type { Forecast } from "../../links/forecast/forecast.ts";
import type { ResultCode } from "../exit-code.ts";

/** A forecast, ready to be reported. */
export interface ForecastReport {
  readonly result: Forecast;
  /** The estate file as it was given. */
  readonly file: string;
  /** Where what endpoints answer was taken from. */
  readonly source: "live" | "history" | "handshakes";
  readonly code: ResultCode;
}

/**
 * What a forecast comes to: 2 when a link does not work or ends within the critical threshold, 3 when one could not be
 * judged, 1 when one ends within the warning threshold, or at all when a number of days was asked for.
 */
export function exitCodeOfForecast({ links, works }: Forecast, isAskedFor: boolean): ResultCode {
  const saving = works.filter((work) => work.links.length > 0);
  if (
    links.some(({ state }) => state === "broken") ||
    saving.some(({ severity }) => severity === "critical")
  )
    return 2;
  if (links.some(({ state }) => state === "unknown")) return 3;
  return saving.some(({ severity }) => isAskedFor || severity === "warning") ? 1 : 0;
}
