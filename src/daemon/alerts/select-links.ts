import type { LinkSelector } from "../../estate/alerts/alerts.ts";
import type { LinkState } from "../link-state.ts";

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

/** Whether a text fits a pattern in which `*` stands for any number of characters. Linear for every pattern. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}
