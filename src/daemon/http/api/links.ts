import * as z from "zod";
import { fail, ok } from "../../../x509/result.ts";
import { writePem } from "../../../x509/pem.ts";
import { linkToJson } from "../../link-json.ts";
import { linkKey, type LinkState } from "../../link-state.ts";
import { refusal } from "../problem.ts";
import { isChosen, LINK_FILTERS } from "./filters.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { LinkDetailSchema, LinkSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";
import { choose } from "./turns.ts";

/** What names a link in a path. */
export const LINK_PARAMS = { client: z.string(), endpoint: z.string() } as const;

/** A link that the estate does not have. */
export const NO_LINK = refusal("not-found", "The estate has no such link");

/** Links as they are now. */
export const linkOperations = ({ state }: ApiSources): readonly Operation[] => [
  operation({
    id: "listLinks",
    path: "/api/v1/links",
    summary: "Links with their present state, in the order of the estate",
    query: { ...LINK_FILTERS, ...PAGING },
    problems: ["cursor-gone"],
    response: z.strictObject({
      sequence: z.int().describe("Number of the latest change"),
      links: z.array(LinkSchema),
      next: z.string().optional(),
    }),
    handle: async ({ query }) => {
      const { sequence, revision, links } = state;
      const chosen = await choose(links, (link) => isChosen(link, query));
      const page = pageOf(chosen, query, (link) => linkKey(link.client, link.endpoint));
      if (!page.ok) return page;
      return ok({
        kind: "list",
        head: { sequence },
        name: "links",
        show: linkToJson,
        revision,
        ...page.value,
      });
    },
  }),
  operation({
    id: "getLink",
    path: "/api/v1/links/{client}/{endpoint}",
    summary: "One link, with the files that its remedies name",
    params: LINK_PARAMS,
    problems: ["not-found"],
    response: LinkDetailSchema,
    handle: ({ params }) => {
      const link = state.link(params.client, params.endpoint);
      return link === undefined ? fail(NO_LINK) : ok({ kind: "json", value: linkDetail(link) });
    },
  }),
];

function linkDetail(link: LinkState): z.infer<typeof LinkDetailSchema> {
  const attachments = link.findings.flatMap(({ code, attachments: files = [] }) =>
    files.map(({ kind, fileName, certificates }) => ({
      kind,
      fileName,
      code,
      pem: certificates.map((der) => writePem("CERTIFICATE", der)).join(""),
    })),
  );
  const shown = linkToJson(link);
  return {
    ...shown,
    findings: shown.findings.map((finding) => ({ ...finding, remedy: [...finding.remedy] })),
    addresses: [...shown.addresses],
    chain: [...shown.chain],
    anchors: [...(link.anchors ?? [])],
    attachments,
  };
}
