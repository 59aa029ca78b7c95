import type { Estate } from "../../estate/estate.ts";
import type { LinkVerdict } from "../link-verdict.ts";

/** A link with what it came to. */
export type JudgedLink = Pick<LinkVerdict, "trusted" | "chain" | "anchors" | "storeIssuers"> & {
  readonly client: string;
  readonly endpoint: string;
};

/** What the links of some clients need of their truststores. */
export interface Needs {
  /** SHA-256 of what accepted paths take from the stores. */
  readonly used: ReadonlySet<string>;
  /** Issuers, as text, of what endpoints send that are not trusted: an entry of that name may be what is missing a part. */
  readonly wanted: ReadonlySet<string>;
  /** Links of which nobody knows what they need. */
  readonly unknown: readonly { readonly client: string; readonly endpoint: string }[];
}

interface ClientNeeds {
  readonly used: Set<string>;
  readonly wanted: Set<string>;
  readonly unknown: { readonly client: string; readonly endpoint: string }[];
}

const none = (): ClientNeeds => ({ used: new Set(), wanted: new Set(), unknown: [] });

/** Collects, link by link, which certificates each client needs. */
export class AnchorNeeds {
  readonly #clients = new Map<string, ClientNeeds>();

  /** Adds a link; one that was not judged is remembered as such. */
  add({ client, endpoint, trusted, chain, anchors = [], storeIssuers = [] }: JudgedLink): void {
    let needs = this.#clients.get(client);
    if (needs === undefined) this.#clients.set(client, (needs = none()));
    if (trusted === true)
      for (const sha256 of [...anchors, ...storeIssuers]) needs.used.add(sha256);
    else if (trusted === null || chain.length === 0) needs.unknown.push({ client, endpoint });
    else for (const { issuer } of chain) if (issuer !== null) needs.wanted.add(issuer);
  }

  /** What some clients need together; null where one of them has no link, so that nothing is known of it. */
  of(clients: readonly Estate["clients"][number][]): Needs | null {
    const together = none();
    for (const { name } of clients) {
      const needs = this.#clients.get(name);
      if (needs === undefined) return null;
      for (const each of needs.used) together.used.add(each);
      for (const each of needs.wanted) together.wanted.add(each);
      together.unknown.push(...needs.unknown);
    }
    return together;
  }
}
