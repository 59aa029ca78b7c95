import * as z from "zod";
import type { Endpoint } from "../../../probe/handshake.ts";
import { formatEndpoint, parseTarget } from "../../../probe/target.ts";
import { fail, ok } from "../../../x509/result.ts";
import type { Inventory, WatchedEndpoint } from "../../inventory.ts";
import { linkToJson } from "../../link-json.ts";
import { refusal } from "../problem.ts";
import { operation, type Operation } from "./operation.ts";
import { LinkSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

const Body = z
  .strictObject({
    endpoint: z.string().describe("Name of an endpoint of the estate").optional(),
    target: z
      .string()
      .max(2048)
      .describe("Target as check takes it, which http.allow must list")
      .optional(),
    client: z
      .string()
      .describe("Name of a client of the estate; without it all that depend on the endpoint")
      .optional(),
  })
  .refine(
    ({ endpoint, target }) => (endpoint === undefined) !== (target === undefined),
    "Expected either endpoint or target",
  );

/** Checks now, besides the schedule; nothing of it is recorded. */
export const checkOperations = ({ inventory, checks }: ApiSources): readonly Operation[] => [
  operation({
    id: "check",
    method: "POST",
    path: "/api/v1/check",
    role: "operate",
    summary: "Look at an endpoint now and judge it; the result is not recorded",
    body: Body,
    problems: ["not-found", "target-refused", "busy"],
    response: z.strictObject({ links: z.array(LinkSchema) }),
    handle: async ({ body }) => {
      const parsed = body.target === undefined ? null : parseTarget(body.target);
      if (parsed?.ok === false) return fail(refusal("invalid-request", parsed.error.message));
      const target = parsed?.value ?? null;
      const known = findEndpoint(inventory(), body.endpoint, target);
      if (known === undefined && target === null)
        return fail(refusal("not-found", "The estate has no such endpoint"));
      const { clients } = inventory();
      const client = body.client === undefined ? undefined : clients.get(body.client);
      if (body.client !== undefined && client === undefined)
        return fail(refusal("not-found", "The estate has no such client"));
      const chosen = client === undefined ? (known?.clients ?? []) : [client];
      const [first] = chosen;
      if (first === undefined)
        return fail(refusal("invalid-request", "body.client: No client depends on it; name one"));
      const checked =
        known === undefined && target !== null
          ? await checks.target({ target, text: formatEndpoint(target) }, first)
          : known === undefined
            ? fail(refusal("not-found", "The estate has no such endpoint"))
            : await checks.endpoint(known, chosen);
      if (!checked.ok) return checked;
      const show = linkToJson;
      return ok({
        kind: "list",
        head: {},
        name: "links",
        items: checked.value,
        show,
        next: null,
      });
    },
  }),
];

function findEndpoint(
  { endpoints }: Inventory,
  name: string | undefined,
  target: Endpoint | null,
): WatchedEndpoint | undefined {
  if (name !== undefined) return endpoints.get(name);
  if (target === null) return undefined;
  for (const watched of endpoints.values()) {
    const { scheme, host, port } = watched.endpoint.target;
    if (scheme === target.scheme && host === target.host && port === target.port) return watched;
  }
  return undefined;
}
