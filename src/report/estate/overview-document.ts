import { counted } from "../../diagnosis/words.ts";
import { type Block, table } from "../document/block.ts";
import { graphLines } from "./graph.ts";
import type { EstateOverview, ShownSource } from "./overview.ts";

/** An estate for people: its links as trees, then tables of everything with where it comes from. */
export function overviewDocument(
  overview: EstateOverview,
  options: { readonly sources: boolean; readonly folder: string },
): readonly Block[] {
  const { estate, imports, clients, endpoints, truststores, links } = overview;
  const short = (text: string): string => text.replaceAll(`${options.folder}/`, "");
  const from = ({ place }: ShownSource): string => (place === null ? "" : short(place));
  const graph = graphLines(overview);
  return [
    heading(1, `Estate ${estate}`),
    {
      kind: "paragraph",
      text: `${counted(clients.length, "client")}, ${counted(endpoints.length, "endpoint")}, ${counted(links.length, "link")}, ${counted(truststores.length, "truststore")}${imports.length === 0 ? "" : `, ${counted(imports.length, "import")}`}.`,
      tone: "soft",
    },
    ...(graph.length === 0
      ? []
      : [heading(2, "Who depends on what"), { kind: "code", lines: graph } as const]),
    ...section(
      "Imported systems",
      imports,
      ["name", "system", "findings", "notes", "asked for at"],
      (each) => [
        each.prefix,
        each.system,
        String(each.findings),
        String(each.notes),
        short(each.place),
      ],
    ),
    ...section("Clients", clients, ["name", "profile", "name check", "from"], (each) => [
      each.name,
      each.profile,
      each.peerCheck === "none" ? `${each.nameCheck}, and no chain` : each.nameCheck,
      from(each.source),
    ]),
    ...section("Endpoints", endpoints, ["name", "url", "from"], (each) => [
      each.name,
      each.url,
      from(each.source),
    ]),
    ...section("Truststores", truststores, ["name", "used by", "files", "from"], (each) => [
      each.name,
      each.clients.length === 0 ? "nobody" : each.clients.join(", "),
      each.paths.map(short).join(", "),
      from(each.source),
    ]),
    ...section(
      "Own certificates of clients",
      clients.filter(({ identity }) => identity !== null),
      ["client", "files"],
      (each) => [each.name, short(each.identity ?? "")],
    ),
    ...section(
      "Processes of clients",
      clients.filter(({ started }) => started !== null),
      ["client", "started at, or file with the process number"],
      (each) => [each.name, short(each.started ?? "")],
    ),
    ...(options.sources ? valueBlocks(overview, short) : []),
  ];
}

const heading = (level: 1 | 2, text: string): Block => ({ kind: "heading", level, text });

function section<T>(
  title: string,
  items: readonly T[],
  columns: readonly string[],
  row: (item: T) => readonly string[],
): readonly Block[] {
  return items.length === 0 ? [] : [heading(2, title), ...table(columns, items.map(row))];
}

/** The source of every value that is imported. */
function valueBlocks(
  { clients, endpoints, truststores, links }: EstateOverview,
  short: (text: string) => string,
): readonly Block[] {
  const named = [...truststores, ...clients, ...endpoints].map(({ name, source }) => ({
    name,
    source,
  }));
  const all = [
    ...named,
    ...links.map(({ client, endpoint, source }) => ({ name: `${client} to ${endpoint}`, source })),
  ];
  const rows = all.flatMap(({ name, source }) =>
    source.values.map(({ key, text }) => [`${name}${key === "" ? "" : ` ${key}`}`, short(text)]),
  );
  return rows.length === 0
    ? []
    : [heading(2, "Where imported values come from"), ...table(["value", "source"], rows)];
}
