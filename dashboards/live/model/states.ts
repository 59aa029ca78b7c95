import type { Link, LinkName, State } from "../api/types.ts";

/** States in the order in which they need attention. */
export const STATES: readonly State[] = ["broken", "warning", "pending", "ok"];

/** What tells one link from another. */
export const keyOf = ({ client, endpoint }: LinkName): string => JSON.stringify([client, endpoint]);

/** The state of a link; one that this page does not know counts as not yet judged. */
export const stateOf = ({ state }: Pick<Link, "state">): State =>
  STATES.includes(state) ? state : "pending";

/** Number of links in each state. */
export type Counts = Readonly<Record<State, number>>;

/** Counts links by state. */
export const countStates = (links: Iterable<Pick<Link, "state">>): Counts => {
  const counts = { broken: 0, warning: 0, pending: 0, ok: 0 };
  for (const link of links) counts[stateOf(link)]++;
  return counts;
};

/** The state among those counted that needs attention most. */
export const worstOf = (counts: Counts): State =>
  STATES.find((state) => counts[state] > 0) ?? "pending";

/** Compares links by how much they need attention, then by name. */
export const byAttention = (a: Link, b: Link): number =>
  STATES.indexOf(stateOf(a)) - STATES.indexOf(stateOf(b)) ||
  a.client.localeCompare(b.client) ||
  a.endpoint.localeCompare(b.endpoint);
