import type { Link } from "../api/types.ts";
import { STATES, stateOf } from "./states.ts";

/** Which links somebody wants to see. */
export interface Filter {
  /** Words that all have to occur somewhere. */
  readonly text: string;
  readonly onlyBroken: boolean;
  /** Exact name; null for every one. */
  readonly client: string | null;
  /** Exact name; null for every one. */
  readonly endpoint: string | null;
}

const searchable = (link: Link): string =>
  [
    link.client,
    link.endpoint,
    link.profile,
    link.url,
    stateOf(link),
    link.headline ?? "",
    ...Object.values(link.labels),
    ...link.findings.flatMap(({ code, summary }) => [code, summary]),
    ...link.addresses.map(({ address }) => address ?? ""),
    ...link.chain.flatMap(({ subject, sha256 }) => [subject ?? "", sha256]),
  ]
    .join("\n")
    .toLowerCase();

/** Whether a link is one of those that are wanted. */
export const matches = (link: Link, { text, onlyBroken, client, endpoint }: Filter): boolean => {
  if (onlyBroken && stateOf(link) !== "broken") return false;
  if ((client ?? link.client) !== link.client) return false;
  if ((endpoint ?? link.endpoint) !== link.endpoint) return false;
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return true;
  const inside = searchable(link);
  return words.every((word) => inside.includes(word));
};

/** Rows that a browser draws without becoming slow, and more than anybody reads. */
const MOST_ROWS = 500;

/** The links to list: all, or of very many those that need attention most. */
export const mostUrgent = (links: readonly Link[]): readonly Link[] =>
  links.length <= MOST_ROWS
    ? links
    : STATES.flatMap((state) => links.filter((link) => stateOf(link) === state)).slice(
        0,
        MOST_ROWS,
      );
