import type { LinkSelector } from "../../estate/alerts/alerts.ts";
import { fitsPattern } from "../../estate/name-pattern.ts";
import type { LinkState } from "../link-state.ts";

export { fitsPattern };

/** Whether a link is one of those that a selector names. */
export function isSelected(
  { clients, endpoints, labels }: LinkSelector,
  link: Pick<LinkState, "client" | "endpoint" | "labels">,
): boolean {
  return (
    (clients.length === 0 || clients.some((pattern) => fitsPattern(pattern, link.client))) &&
    (endpoints.length === 0 || endpoints.some((pattern) => fitsPattern(pattern, link.endpoint))) &&
    Object.entries(labels).every(([name, value]) => link.labels[name] === value)
  );
}
