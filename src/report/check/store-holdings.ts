import type { Assessment } from "../../diagnosis/assessment.ts";
import { anchorsOnce } from "../../diagnosis/client-stores.ts";
import type { LocatedAnchor } from "../../diagnosis/situation.ts";
import { profileOf } from "../../trust/profiles.ts";

/** What the client's truststores hold, as far as this chain is concerned. */
export interface StoreHoldings {
  /** Names of the stores. */
  readonly stores: readonly string[];
  /** Anchors that this client sees in them. */
  readonly total: number;
  /** Those of them that stand in a path from the server's certificate, with their place; usable or not. */
  readonly relevant: readonly LocatedAnchor[];
}

/** What the stores hold that matters to one assessment; null where a store could not be read. */
export function storeHoldings({ client, verdict }: Assessment): StoreHoldings | null {
  if (verdict === null || client.truststores.some(({ store }) => !store.ok)) return null;
  const { storeFamily } = client.rules ?? profileOf(client.profile);
  const anchors = anchorsOnce(client.truststores, storeFamily);
  const involved = new Set(
    verdict.candidates.flatMap(({ nodes }) =>
      nodes.filter(({ source }) => source !== "sent").map(({ certificate: { sha256 } }) => sha256),
    ),
  );
  const relevant = anchors.filter(({ certificate }) => involved.has(certificate.sha256));
  const once = new Map(relevant.toReversed().map((each) => [each.certificate.sha256, each]));
  return {
    stores: client.truststores.map(({ name }) => name),
    total: new Set(anchors.map(({ certificate }) => certificate.sha256)).size,
    relevant: [...once.values()].toReversed(),
  };
}
