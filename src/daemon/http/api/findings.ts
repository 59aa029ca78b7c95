import { hash } from "node:crypto";
import * as z from "zod";
import type { Finding } from "../../../diagnosis/finding.ts";
import type { EstateImport } from "../../../estate/systems/estate-imports.ts";
import { placeText } from "../../../estate/systems/origin.ts";
import { AnchorNeeds } from "../../../links/estate-check/anchor-needs.ts";
import { anchorUse } from "../../../links/estate-check/unused-anchors.ts";
import { ok } from "../../../x509/result.ts";
import { causeOf } from "../../alerts/cause.ts";
import { timeText } from "../../link-json.ts";
import type { Inventory } from "../../inventory.ts";
import type { LinkState } from "../../link-state.ts";
import { type LinkFilter, isChosen, isChosenFinding, LINK_FILTERS } from "./filters.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { CauseSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";
import { visit } from "./turns.ts";

/** What links have in common that breaks or threatens them. */
interface Cause {
  readonly id: string;
  readonly finding: Pick<Finding, "code" | "severity" | "summary" | "remedy">;
  readonly links: { readonly client: string; readonly endpoint: string }[];
  since: number | null;
  /** Where a system's own configuration says it, as `file:line:column`; null for what links show. */
  readonly place: string | null;
}

/** Findings of all links, each cause once. */
export const findingOperations = ({ state, inventory }: ApiSources): readonly Operation[] => [
  operation({
    id: "listFindings",
    path: "/api/v1/findings",
    summary: "Findings by cause, the gravest and widest first",
    query: { ...LINK_FILTERS, ...PAGING },
    problems: ["cursor-gone"],
    response: z.strictObject({
      sequence: z.int(),
      findings: z.array(CauseSchema),
      next: z.string().optional(),
    }),
    handle: async ({ query }) => {
      const { sequence, revision, links } = state;
      const present = inventory();
      const causes = [
        ...(await causesOf(links, query)),
        ...importCauses(present.estate.imports, query),
        ...(await anchorCauses(present, links, query)),
      ];
      const page = pageOf(causes.toSorted(byRank), query, ({ id }) => id);
      if (!page.ok) return page;
      return ok({
        kind: "list",
        head: { sequence },
        name: "findings",
        show: causeToJson,
        revision,
        ...page.value,
      });
    },
  }),
];

const RANK = { critical: 0, warning: 1, info: 2 } as const;

async function causesOf(
  links: readonly LinkState[],
  filter: LinkFilter,
): Promise<readonly Cause[]> {
  const causes = new Map<string, Cause>();
  await visit(links, (link) => {
    if (!isChosen(link, filter)) return;
    for (const finding of link.findings) {
      if (!isChosenFinding(finding, filter)) continue;
      const key = JSON.stringify([finding.severity, causeOf(finding, link)]);
      const { client, endpoint, since } = link;
      const known = causes.get(key);
      if (known === undefined) {
        const id = hash("sha256", key, "hex").slice(0, 32);
        causes.set(key, { id, finding, links: [{ client, endpoint }], since, place: null });
        continue;
      }
      known.links.push({ client, endpoint });
      known.since = known.since === null || since === null ? since : Math.min(known.since, since);
    }
  });
  return [...causes.values()];
}

const byRank = (a: Cause, b: Cause): number =>
  RANK[a.finding.severity] - RANK[b.finding.severity] || b.links.length - a.links.length;

/** Whether only some links are asked for: what is about no link fits no such filter. */
const asksForLinks = ({ client, endpoint, state, label }: LinkFilter): boolean =>
  [client, endpoint, state, label].some((given) => given !== undefined);

/** Anchors that no link needs. */
async function anchorCauses(
  { estate, truststores }: Inventory,
  links: readonly LinkState[],
  filter: LinkFilter,
): Promise<readonly Cause[]> {
  if (asksForLinks(filter)) return [];
  const needs = new AnchorNeeds();
  await visit(links, (link) => needs.add(link));
  return anchorUse(estate, truststores, needs).unused.flatMap(({ truststore, finding }) => {
    if (!isChosenFinding(finding, filter)) return [];
    const id = hash("sha256", JSON.stringify([truststore, finding.code]), "hex");
    return [{ id: id.slice(0, 32), finding, links: [], since: null, place: null }];
  });
}

/** What imports find out about systems' own configuration. */
function importCauses(imports: readonly EstateImport[], filter: LinkFilter): readonly Cause[] {
  if (asksForLinks(filter)) return [];
  return imports.flatMap(({ prefix, issues }) =>
    issues
      .filter((issue) => isChosenFinding(issue, filter))
      .map(({ code, severity, summary, remedy, place }) => {
        const where = place === null ? null : placeText(place);
        const id = hash("sha256", JSON.stringify([prefix, code, summary, where]), "hex");
        const finding = { code, severity, summary, remedy };
        return { id: id.slice(0, 32), finding, links: [], since: null, place: where };
      }),
  );
}

function causeToJson({ id, finding, links, since, place }: Cause): z.infer<typeof CauseSchema> {
  const { code, severity, summary, remedy } = finding;
  return { id, code, severity, summary, remedy: [...remedy], links, since: timeText(since), place };
}
