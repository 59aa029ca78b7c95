import { factAt } from "./fact-shapes.ts";
import type { Extract, FactField } from "./pattern.ts";

/** What a text says about the connection it complains about; null where it says nothing. */
export type Facts = Readonly<Record<FactField, string | null>> & {
  /** Scheme of a URL in the text, as TARGET takes it. */
  readonly scheme: string | null;
};

/** Nothing is known. */
export const NO_FACTS: Facts = {
  host: null,
  port: null,
  subject: null,
  issuer: null,
  truststore: null,
  sslConfiguration: null,
  alias: null,
  alert: null,
  clock: null,
  expiry: null,
  names: null,
  peer: null,
  scheme: null,
};

/** An extract whose needle was found, and the offset behind it. */
export interface ExtractHit {
  readonly extract: Extract;
  /** Position of the extract in the data; of several for one field the first that fits wins. */
  readonly rank: number;
  readonly end: number;
}

/** Names that stand where a host is expected and are none. */
const NO_HOSTS: ReadonlySet<string> = new Set([
  "the",
  "host",
  "server",
  "remote",
  "peer",
  "null",
  "unknown",
  "target",
  "a",
  "port",
  "with",
  "on",
  "to",
  "of",
  "for",
  "is",
  "requested",
]);

/** Reads what stands behind the needles that were found in a text. */
export function readFacts(text: string, hits: readonly ExtractHit[]): Facts {
  const found: Partial<Record<FactField | "scheme", string>> = {};
  for (const { extract, end } of hits.toSorted((a, b) => a.rank - b.rank || a.end - b.end)) {
    const { field, shape, scheme } = extract;
    if (found[field] !== undefined) continue;
    const value = factAt(text.slice(end, end + 640), extract);
    if (value === null) continue;
    if (shape !== "host" && shape !== "url") {
      found[field] = value;
      continue;
    }
    const { host, port } = splitPlace(value);
    if (!isHost(host)) continue;
    found[field] = field === "peer" ? value : host;
    if (field === "peer") continue;
    if (port !== null) found.port = port;
    if (scheme !== null) found.scheme = scheme;
  }
  return { ...NO_FACTS, ...found };
}

function splitPlace(place: string): { readonly host: string; readonly port: string | null } {
  const colon = place.lastIndexOf(":");
  if (colon < 0 || place.endsWith("]")) return { host: withoutBrackets(place), port: null };
  return { host: withoutBrackets(place.slice(0, colon)), port: place.slice(colon + 1) };
}

const withoutBrackets = (host: string): string => (host.startsWith("[") ? host.slice(1, -1) : host);

const isHost = (host: string): boolean =>
  !NO_HOSTS.has(host.toLowerCase()) && !/^\d{1,3}$/.test(host) && /[a-z0-9]/i.test(host);
