import * as z from "zod";
import type { NamedTruststore } from "../../../diagnosis/assessment.ts";
import type { StoreEntry } from "../../../truststore/truststore.ts";
import { fail, ok } from "../../../x509/result.ts";
import { truststoreToJson } from "../../endpoint-json.ts";
import { timeText } from "../../link-json.ts";
import type { LinkState } from "../../link-state.ts";
import type { TruststoreSummary } from "../../truststore-summary.ts";
import { refusal } from "../problem.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { TruststoreDetailSchema, TruststoreSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";
import { visit } from "./turns.ts";

type Detail = z.infer<typeof TruststoreDetailSchema>;
type Entry = Detail["entries"][number];

/** Truststores of the estate. */
export const truststoreOperations = (sources: ApiSources): readonly Operation[] => [
  operation({
    id: "listTruststores",
    path: "/api/v1/truststores",
    summary: "Truststores: whether they can be read, and what they hold",
    query: PAGING,
    problems: ["cursor-gone"],
    response: z.strictObject({
      truststores: z.array(TruststoreSchema),
      next: z.string().optional(),
    }),
    handle: ({ query }) => {
      const page = pageOf(sources.truststores(), query, ({ name }) => name);
      if (!page.ok) return page;
      const show = truststoreToJson;
      return ok({ kind: "list", head: {}, name: "truststores", show, ...page.value });
    },
  }),
  operation({
    id: "getTruststore",
    path: "/api/v1/truststores/{truststore}",
    summary: "One truststore with its entries and the links that need them",
    params: { truststore: z.string() },
    problems: ["not-found"],
    response: TruststoreDetailSchema,
    handle: async ({ params: { truststore } }) => {
      const summary = sources.truststores().find(({ name }) => name === truststore);
      const store = sources.inventory().truststores.find(({ name }) => name === truststore);
      if (summary === undefined || store === undefined)
        return fail(refusal("not-found", "The estate has no such truststore"));
      return ok({ kind: "json", value: await detailOf(summary, store, sources.state.links) });
    },
  }),
];

async function detailOf(
  summary: TruststoreSummary,
  { store }: NamedTruststore,
  links: readonly LinkState[],
): Promise<Detail> {
  const needing = await linksByAnchor(links, new Set(summary.clients));
  const entries = (store.ok ? store.value.files : []).flatMap(({ path, entries: held }) =>
    held.map((entry) => ({
      ...certificateOf(entry),
      alias: entry.alias,
      path,
      kind: entry.kind.kind,
      neededBy: needing.get(entry.sha256) ?? [],
    })),
  );
  const { paths, clients, ...rest } = truststoreToJson(summary);
  return { ...rest, paths: [...paths], clients: [...clients], entries };
}

async function linksByAnchor(
  links: readonly LinkState[],
  clients: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Entry["neededBy"]>> {
  const needing = new Map<string, Entry["neededBy"]>();
  await visit(links, ({ client, endpoint, anchors = [], storeIssuers = [] }) => {
    if (clients.has(client))
      for (const anchor of [...anchors, ...storeIssuers]) {
        const list = needing.get(anchor) ?? [];
        list.push({ client, endpoint });
        needing.set(anchor, list);
      }
  });
  return needing;
}

function certificateOf({
  sha256,
  certificate,
}: StoreEntry): Pick<Entry, "sha256" | "subject" | "issuer" | "serial" | "notBefore" | "notAfter"> {
  if (!certificate.ok)
    return {
      sha256,
      subject: null,
      issuer: null,
      serial: null,
      notBefore: null,
      notAfter: null,
    };
  const { subject, issuer, serialNumber, notBefore, notAfter } = certificate.value;
  return {
    sha256,
    subject: subject.text,
    issuer: issuer.text,
    serial: serialNumber,
    notBefore: timeText(notBefore),
    notAfter: timeText(notAfter),
  };
}
