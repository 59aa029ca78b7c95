/** @typedef {"broken" | "warning" | "pending" | "ok"} State */

/**
 * @typedef {object} Finding
 * @property {string} code
 * @property {"critical" | "warning" | "info"} severity
 * @property {string} summary
 * @property {string[]} remedy
 * @property {string | null} clientMessage
 */

/**
 * @typedef {object} Address
 * @property {string | null} address
 * @property {string} outcome
 * @property {string | null} version
 * @property {string | null} cipherSuite
 * @property {string | null} group
 * @property {string | null} failure
 */

/**
 * @typedef {object} ChainCertificate
 * @property {string} sha256
 * @property {string | null} subject - Null where the certificate cannot be read.
 * @property {string | null} issuer - Null where the certificate cannot be read.
 * @property {string | null} notBefore - Null where the certificate cannot be read.
 * @property {string | null} notAfter - Null where the certificate cannot be read.
 */

/**
 * A link as `/api/v1/links` tells it; times are RFC 3339.
 *
 * @typedef {object} Link
 * @property {string} client
 * @property {string} endpoint
 * @property {string} profile
 * @property {string} url
 * @property {State} state
 * @property {boolean | null} ok
 * @property {boolean | null} trusted
 * @property {boolean | null} nameMatch
 * @property {string | null} headline
 * @property {Finding[]} findings
 * @property {string | null} breaksAt
 * @property {string | null} checkedAt
 * @property {string | null} since
 * @property {string | null} clientMessage
 * @property {Address[]} addresses
 * @property {Record<string, string>} labels
 * @property {ChainCertificate[]} chain
 */

/**
 * Links that belong together.
 *
 * @typedef {object} Group
 * @property {string} name
 * @property {Link[]} links
 */

/** States in the order in which they need attention. @type {readonly State[]} */
export const STATES = ["broken", "warning", "pending", "ok"];

/**
 * What tells one link from another.
 *
 * @param {{ readonly client: string; readonly endpoint: string }} link
 */
export const keyOf = ({ client, endpoint }) => JSON.stringify([client, endpoint]);

/**
 * The state of a link; one that this page does not know counts as not yet judged.
 *
 * @param {Link} link
 * @returns {State}
 */
export const stateOf = ({ state }) => (STATES.includes(state) ? state : "pending");

/**
 * Number of links in each state.
 *
 * @param {Iterable<Link>} links
 * @returns {Record<State, number>}
 */
export const countStates = (links) => {
  const counts = { broken: 0, warning: 0, pending: 0, ok: 0 };
  for (const link of links) counts[stateOf(link)]++;
  return counts;
};

/** @param {Link} link */
const searchable = (link) =>
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

/**
 * Whether a link passes the filter: every word occurs somewhere in it.
 *
 * @param {Link} link
 * @param {{ readonly text: string; readonly onlyBroken: boolean }} filter
 */
export const matches = (link, { text, onlyBroken }) => {
  if (onlyBroken && stateOf(link) !== "broken") return false;
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return true;
  const inside = searchable(link);
  return words.every((word) => inside.includes(word));
};

/** Rows that a browser draws without becoming slow, and more than anybody reads. */
const MOST_ROWS = 500;

/**
 * The links to draw: all, or of very many those that need attention most.
 *
 * @param {readonly Link[]} links
 * @returns {readonly Link[]}
 */
export const mostUrgent = (links) =>
  links.length <= MOST_ROWS
    ? links
    : STATES.flatMap((state) => links.filter((link) => stateOf(link) === state)).slice(
        0,
        MOST_ROWS,
      );

/** @param {Link} a @param {Link} b */
const byAttention = (a, b) =>
  STATES.indexOf(stateOf(a)) - STATES.indexOf(stateOf(b)) ||
  a.client.localeCompare(b.client) ||
  a.endpoint.localeCompare(b.endpoint);

/**
 * Links by the label `estate`, or by endpoint where they have none; the broken ones and their groups first.
 *
 * @param {Iterable<Link>} links
 * @returns {Group[]}
 */
export const groupLinks = (links) => {
  /** @type {Map<string, Link[]>} */
  const byName = new Map();
  for (const link of links) {
    const name = link.labels["estate"] ?? link.endpoint;
    byName.set(name, [...(byName.get(name) ?? []), link]);
  }
  const groups = [...byName].map(([name, members]) => ({
    name,
    links: members.toSorted(byAttention),
  }));
  /** @param {Group} group */
  const worst = (group) => Math.min(...group.links.map((link) => STATES.indexOf(stateOf(link))));
  return groups.toSorted((a, b) => worst(a) - worst(b) || a.name.localeCompare(b.name));
};
