import * as z from "zod";
import { HandshakeJson, handshakeToJson } from "../../../probe/handshake-json.ts";
import { fail, ok } from "../../../x509/result.ts";
import { endpointToJson } from "../../endpoint-json.ts";
import type { EndpointState } from "../../endpoint-state.ts";
import { handshakesAt } from "../../history-reader.ts";
import { refusal } from "../problem.ts";
import { HISTORY_UNAVAILABLE } from "./history.ts";
import { hasLabels, type LinkFilter, LINK_FILTERS, matches } from "./filters.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { EndpointSchema, named } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";
import { choose } from "./turns.ts";

const PARAMS = { endpoint: z.string() } as const;
const NO_ENDPOINT = refusal("not-found", "The estate has no such endpoint");

const NOT_SEEN = refusal("not-found", "The history has no handshake with this endpoint as of then");

const Saved = named("Handshake", HandshakeJson);

/** Endpoints as they were seen last. */
export const endpointOperations = ({ state, readHistory }: ApiSources): readonly Operation[] => {
  const find = (name: string): EndpointState | undefined =>
    state.endpoints.find(({ endpoint }) => endpoint.name === name);
  return [
    operation({
      id: "listEndpoints",
      path: "/api/v1/endpoints",
      summary: "Endpoints with what their addresses answered last",
      query: {
        client: LINK_FILTERS.client,
        endpoint: LINK_FILTERS.endpoint,
        label: LINK_FILTERS.label,
        ...PAGING,
      },
      problems: ["cursor-gone"],
      response: z.strictObject({
        sequence: z.int(),
        endpoints: z.array(EndpointSchema),
        next: z.string().optional(),
      }),
      handle: async ({ query }) => {
        const { sequence, revision, endpoints } = state;
        const chosen = await choose(endpoints, (each) => isChosenEndpoint(each, query));
        const page = pageOf(chosen, query, ({ endpoint }) => endpoint.name);
        if (!page.ok) return page;
        return ok({
          kind: "list",
          head: { sequence },
          name: "endpoints",
          show: endpointToJson,
          revision,
          ...page.value,
        });
      },
    }),
    operation({
      id: "getEndpoint",
      path: "/api/v1/endpoints/{endpoint}",
      summary: "One endpoint",
      params: PARAMS,
      problems: ["not-found"],
      response: EndpointSchema,
      handle: ({ params }) => {
        const found = find(params.endpoint);
        return found === undefined
          ? fail(NO_ENDPOINT)
          : ok({ kind: "json", value: endpointToJson(found) });
      },
    }),
    operation({
      id: "exportHandshakes",
      path: "/api/v1/endpoints/{endpoint}/handshakes",
      summary:
        "The handshakes with an endpoint, the last ones or those of a time, one line each, as check --save writes them",
      params: PARAMS,
      query: {
        at: z.iso
          .datetime({ offset: true })
          .describe("The handshakes as of this time, from the history; default: the last ones")
          .optional(),
      },
      problems: ["not-found", "history-unavailable"],
      response: Saved,
      mediaType: "application/x-ndjson",
      handle: ({ params, query }) => {
        const found = find(params.endpoint);
        const { at } = query;
        if (at === undefined && found === undefined) return fail(NO_ENDPOINT);
        const handshakes =
          at === undefined
            ? (found?.addresses ?? []).map(({ handshake }) => handshake)
            : readHistory((database) => handshakesAt(database, params.endpoint, Date.parse(at)));
        if (handshakes === undefined) return fail(HISTORY_UNAVAILABLE);
        if (at !== undefined && handshakes.length === 0) return fail(NOT_SEEN);
        const lines = handshakes.map(handshakeToJson);
        return ok({ kind: "lines", fileName: "handshakes.ndjson", lines });
      },
    }),
  ];
};

function isChosenEndpoint(
  { endpoint, clients }: EndpointState,
  filter: Pick<LinkFilter, "client" | "endpoint" | "label">,
): boolean {
  const isClient =
    filter.client === undefined || clients.some((name) => matches(filter.client, name));
  return (
    isClient &&
    matches(filter.endpoint, endpoint.name) &&
    hasLabels(endpoint.labels, filter.label ?? [])
  );
}
