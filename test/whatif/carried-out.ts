import { lookAround } from "../../src/daemon/changes/look-around.ts";
import { systemClock } from "../../src/daemon/clock.ts";
import { type Inventory, loadInventory } from "../../src/daemon/inventory.ts";
import { systemProber } from "../../src/daemon/system-prober.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { assess } from "../../src/diagnosis/assess.ts";
import { formatProblem } from "../../src/estate/estate.ts";
import { loadEstate } from "../../src/estate/load-estate.ts";
import type { LoadedPlan } from "../../src/links/changes/step.ts";
import type { LoadedClient } from "../../src/links/loaded-client.ts";
import { judgeLink } from "../../src/links/judge-link.ts";
import type { LinkVerdict } from "../../src/links/link-verdict.ts";
import { applyJavaSecurity, readJavaSecurity } from "../../src/trust/java/java-security.ts";
import { profileOf } from "../../src/trust/profiles.ts";

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

/** What an estate file cannot say of its clients. */
export interface BesideEstate {
  /** Lines of a JVM's java.security, by client. */
  readonly security: ReadonlyMap<string, string>;
  /** Below which anchors (SHA-256) host names are checked and below which they are not, by client. */
  readonly hostnames: ReadonlyMap<string, ReadonlyMap<string, boolean>>;
}

const NOTHING_BESIDE: BesideEstate = { security: new Map(), hostnames: new Map() };

/** What every client really meets: an estate is loaded, its servers are probed, and the result is judged. */
export async function really(
  file: string,
  at: number,
  beside: BesideEstate = NOTHING_BESIDE,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const inventory = withSecurity(await inventoryOf(file), beside);
  const { observations } = await lookAround(inventory, NO_PLAN, LOOK);
  return new Map(
    inventory.estate.links.map((link) => {
      const client = inventory.clients.get(link.client);
      const seen = observations.get(link.endpoint);
      const endpoint = inventory.estate.endpoints.find(({ name }) => name === link.endpoint);
      if (client === undefined || seen === undefined)
        throw new Error(`${linkKey(link)} was not seen`);
      const judged = (nameCheck: LoadedClient["party"]["nameCheck"]): LinkVerdict =>
        judgeLink({ ...client, party: { ...client.party, nameCheck } }, seen, {
          assess,
          thresholds: inventory.estate.thresholds,
          truststores: inventory.truststores,
          at,
          endpoint,
        });
      const verdict = judged(client.party.nameCheck);
      const checks = beside.hostnames.get(link.client);
      const below = (verdict.anchors ?? []).map((sha256) => checks?.get(sha256));
      const isFlagged = below.length > 0 && !below.includes(undefined);
      return [linkKey(link), isFlagged ? judged(below.includes(true) ? "https" : "none") : verdict];
    }),
  );
}

/** Clients judge, and say hello, by the rules of their own java.security. */
function withSecurity(inventory: Inventory, { security }: BesideEstate): Inventory {
  const changed = ({ party, identity }: LoadedClient): LoadedClient => {
    const lines = security.get(party.name);
    if (lines === undefined) return { party, identity };
    const properties = readJavaSecurity(lines);
    if (!properties.ok) throw new Error(properties.error.message);
    const rules = applyJavaSecurity(profileOf(party.profile), properties.value);
    if (!rules.ok) throw new Error(rules.error.message);
    return { party: { ...party, rules: rules.value }, identity };
  };
  return {
    ...inventory,
    clients: new Map([...inventory.clients].map(([name, client]) => [name, changed(client)])),
    endpoints: new Map(
      [...inventory.endpoints].map(([name, watched]) => [
        name,
        { ...watched, clients: watched.clients.map(changed) },
      ]),
    ),
  };
}
