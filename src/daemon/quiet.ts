import type { EstateEndpoint } from "../estate/estate.ts";
import { closesAt } from "../estate/windows/time-window.ts";

/**
 * Until when an endpoint is not to be probed, in milliseconds since 1970; null where it is.
 * @param at milliseconds since 1970
 */
export function quietUntil({ quiet = [] }: EstateEndpoint, at: number): number | null {
  let until: number | null = null;
  for (const window of quiet) {
    const end = closesAt(window, at);
    if (end !== null && (until === null || end > until)) until = end;
  }
  return until;
}
