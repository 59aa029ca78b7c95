import { lookAround } from "../../src/daemon/changes/look-around.ts";
import { systemClock } from "../../src/daemon/clock.ts";
import { type Inventory, loadInventory } from "../../src/daemon/inventory.ts";
import { systemProber } from "../../src/daemon/system-prober.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { assess } from "../../src/diagnosis/assess.ts";
import { formatProblem } from "../../src/estate/estate.ts";
import { loadEstate } from "../../src/estate/load-estate.ts";
import type { LoadedPlan } from "../../src/links/changes/step.ts";
import { judgeLink } from "../../src/links/judge-link.ts";
import type { LinkVerdict } from "../../src/links/link-verdict.ts";

/** A plan without steps. */
export const NO_PLAN: LoadedPlan = { steps: [], faults: [], at: null };

/** The estate of a file, with everything read. */
export async function inventoryOf(file: string): Promise<Inventory> {
  const estate = await loadEstate(file);
  if (!estate.ok) throw new Error(estate.error.map(formatProblem).join("\n"));
  return loadInventory(estate.value, systemReaders);
}

/** How a look is made. */
export const LOOK = {
  prober: systemProber,
  clock: systemClock,
  signal: new AbortController().signal,
} as const;

/** `client endpoint` of a link. */
export const linkKey = ({
  client,
  endpoint,
}: {
  readonly client: string;
  readonly endpoint: string;
}): string => `${client} ${endpoint}`;

/** What every client really meets: an estate is loaded, its servers are probed, and the result is judged. */
export async function really(file: string, at: number): Promise<ReadonlyMap<string, LinkVerdict>> {
  const inventory = await inventoryOf(file);
  const { observations } = await lookAround(inventory, NO_PLAN, LOOK);
  return new Map(
    inventory.estate.links.map((link) => {
      const client = inventory.clients.get(link.client);
      const seen = observations.get(link.endpoint);
      const endpoint = inventory.estate.endpoints.find(({ name }) => name === link.endpoint);
      if (client === undefined || seen === undefined)
        throw new Error(`${linkKey(link)} was not seen`);
      const verdict = judgeLink(client, seen, {
        assess,
        thresholds: inventory.estate.thresholds,
        truststores: inventory.truststores,
        at,
        endpoint,
      });
      return [linkKey(link), verdict];
    }),
  );
}
