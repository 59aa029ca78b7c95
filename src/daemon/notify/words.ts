import { printable } from "../../diagnosis/words.ts";
import type { Alert, Notification, NotificationEvent } from "../alerts/alert.ts";

/** Links that a message to people names. */
const NAMED_LINKS = 20;

/** How a message begins, in a word. */
const WORDS: Record<NotificationEvent, string> = {
  firing: "FIRING",
  resolved: "RESOLVED",
  test: "TEST",
};

/** Where people see an alert. @param page address of the live page, ending in a slash */
export function alertUrl({ id }: Pick<Alert, "id">, page: string): string {
  return `${page}#/alerts/${id}`;
}

/** One line that says what it is about: no line breaks, no text that runs backwards. */
export function titleOf({ event, alert }: Pick<Notification, "event" | "alert">): string {
  const count = alert.links.length;
  const links = count > 1 ? ` (${count} links)` : "";
  return `[${WORDS[event]}] ${alert.severity}: ${printable(alert.summary)}${links}`;
}

/** The links that an alert is about, one line each, the first ones. */
export function linkLines({ links }: Alert): readonly string[] {
  const named = links
    .slice(0, NAMED_LINKS)
    .map(({ client, endpoint }) => `${printable(client)} -> ${printable(endpoint)}`);
  const more = links.length - named.length;
  return more > 0 ? [...named, `and ${more} more`] : named;
}

/** The whole message as plain text. */
export function bodyOf({ event, alert }: Notification, page: string): string {
  const { rule, code, firedAt, resolvedAt, breaksAt, remedy } = alert;
  const time = (at: number | null): string | null =>
    at === null ? null : new Date(at).toISOString();
  const facts: readonly (readonly [string, string | null])[] = [
    ["rule", rule],
    ["finding", code],
    ["since", time(firedAt ?? alert.since)],
    ["over since", time(resolvedAt)],
    ["breaks at", time(breaksAt)],
    ["page", alertUrl(alert, page)],
  ];
  const sections = [
    event === "test" ? ["This is a test: nothing is wrong."] : [printable(alert.summary)],
    facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${printable(value)}`])),
    alert.links.length === 0 ? [] : ["links:", ...linkLines(alert).map((line) => `  ${line}`)],
    remedy.length === 0 || event === "resolved"
      ? []
      : ["repair:", ...remedy.map((step, index) => `  ${index + 1}. ${plainLine(step)}`)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A sentence, or a step of a remedy, on one line; commands are not cut. */
export function plainLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
}
