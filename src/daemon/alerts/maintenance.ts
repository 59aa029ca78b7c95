import type { Maintenance } from "../../estate/alerts/alerts.ts";
import { isOpen } from "../../estate/windows/time-window.ts";
import type { LinkState } from "../link-state.ts";
import { isSelected } from "./select-links.ts";

/** Whether a link is in one of the windows. @param at milliseconds since 1970 */
export function inMaintenance(
  windows: readonly Maintenance[],
  link: Pick<LinkState, "client" | "endpoint" | "labels">,
  at: number,
): boolean {
  return windows.some(({ links, time }) => isSelected(links, link) && isOpen(time, at));
}
