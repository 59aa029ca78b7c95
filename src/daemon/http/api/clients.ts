import * as z from "zod";
import { hash } from "node:crypto";
import { fail, ok } from "../../../x509/result.ts";
import type { EstateClient } from "../../../estate/estate.ts";
import type { LoadedClient } from "../../inventory.ts";
import type { LinkCondition, LinkState } from "../../link-state.ts";
import { refusal } from "../problem.ts";
import { LINK_FILTERS, matches } from "./filters.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { ClientSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";
import { visit } from "./turns.ts";

type ClientJson = z.infer<typeof ClientSchema>;

/** Clients of the estate. */
export const clientOperations = ({ state, inventory }: ApiSources): readonly Operation[] => {
  const shown = async (chosen: readonly EstateClient[]): Promise<readonly ClientJson[]> => {
    const counts = await countByClient(state.links);
    const { clients } = inventory();
    return chosen.map((client) => clientToJson(client, clients.get(client.name), counts));
  };
  return [
    operation({
      id: "listClients",
      path: "/api/v1/clients",
      summary: "Clients with what they trust, and their links by state",
      query: { client: LINK_FILTERS.client, ...PAGING },
      problems: ["cursor-gone"],
      response: z.strictObject({ clients: z.array(ClientSchema), next: z.string().optional() }),
      handle: async ({ query }) => {
        const chosen = inventory().estate.clients.filter(({ name }) => matches(query.client, name));
        const page = pageOf(chosen, query, ({ name }) => name);
        if (!page.ok) return page;
        const { items, next } = page.value;
        return ok({
          kind: "list",
          head: {},
          name: "clients",
          items: await shown(items),
          show: (client: ClientJson) => client,
          next,
        });
      },
    }),
    operation({
      id: "getClient",
      path: "/api/v1/clients/{client}",
      summary: "One client",
      params: { client: z.string() },
      problems: ["not-found"],
      response: ClientSchema,
      handle: async ({ params }) => {
        const [found] = await shown(
          inventory().estate.clients.filter(({ name }) => name === params.client),
        );
        return found === undefined
          ? fail(refusal("not-found", "The estate has no such client"))
          : ok({ kind: "json", value: found });
      },
    }),
  ];
};

type Counts = Record<LinkCondition, number>;
const NONE: Readonly<Counts> = { ok: 0, warning: 0, broken: 0, pending: 0 };

async function countByClient(links: readonly LinkState[]): Promise<ReadonlyMap<string, Counts>> {
  const counts = new Map<string, Counts>();
  await visit(links, ({ client, state }) => {
    const known = counts.get(client) ?? { ...NONE };
    known[state]++;
    counts.set(client, known);
  });
  return counts;
}

function clientToJson(
  { name, profile, system, peerCheck = "chain", nameCheck, truststores }: EstateClient,
  loaded: LoadedClient | undefined,
  counts: ReadonlyMap<string, Counts>,
): ClientJson {
  const identity = loaded?.identity ?? null;
  const chain = (loaded?.party.ownChain ?? []).map((der) => hash("sha256", der, "hex"));
  return {
    name,
    profile,
    system,
    peerCheck,
    nameCheck,
    truststores: [...truststores],
    identity: identity === null ? null : { error: identity.ok ? null : identity.error, chain },
    links: counts.get(name) ?? { ...NONE },
  };
}
