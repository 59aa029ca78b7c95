import { dialledUrl } from "../dialled-url.ts";
import { placeOf } from "../origin.ts";
import { type Dial, dialOf, urlDial } from "./dials.ts";
import type { ServerConfig } from "./server-config.ts";

/** Retrievers: what Process Federation Server itself dials to reach a federated system. */
const RETRIEVERS = ["ibmPfs_bpdRetriever", "ibmPfs_bpelRetriever", "ibmPfs_caseRetriever"] as const;

/** Indexers: they read the database of a federated system. */
const INDEXERS = ["ibmPfs_bpdIndexer", "ibmPfs_bpelIndexer"] as const;

/** Search services outside the server. */
const SEARCH = [
  "ibmPfs_remoteElasticsearch",
  "ibmPfs_remoteOpensearch",
  "ibmPfs_remoteOpenSearch",
] as const;

/** Whether a Liberty server is a Process Federation Server. */
export const isFederationServer = (config: ServerConfig): boolean =>
  [...RETRIEVERS, ...SEARCH, "ibmPfs_federatedSystem"].some((kind) => config.all(kind).length > 0);

/** What a Process Federation Server dials beside what Liberty does. */
export function federationDials(config: ServerConfig): readonly Dial[] {
  checkReferences(config);
  return [
    ...RETRIEVERS.flatMap((kind) =>
      config.all(kind).flatMap((element) => {
        if (!config.has(element, "internalRestUrlPrefix"))
          config.builder.note(`${kind} has no internalRestUrlPrefix`, element.place);
        const group = config.text(element, "federatedSystemRef")?.value ?? null;
        return urlDial(kind.replace("ibmPfs_", ""), element, "internalRestUrlPrefix", config).map(
          (dial) => ({ ...dial, group }),
        );
      }),
    ),
    ...SEARCH.flatMap((kind) =>
      config.all(kind).flatMap((element) => {
        if (config.flag(element, "enabled")?.value === false) return [];
        const endpoints = config.text(element, "endpoints");
        if (endpoints === null) return [];
        return endpoints.value
          .split(",")
          .map((url) => url.trim())
          .filter((url) => url !== "")
          .slice(0, 100)
          .flatMap((value) =>
            dialOf(
              kind.replace("ibmPfs_", ""),
              { value, origin: endpoints.origin },
              element,
              config,
            ),
          );
      }),
    ),
  ];
}

/** The URLs that browsers use: endpoints that are watched, without a client of this server. */
export function addPublicUrls(config: ServerConfig): void {
  for (const system of config.all("ibmPfs_federatedSystem"))
    for (const name of ["restUrlPrefix", "taskCompletionUrlPrefix", "portalSupportUrlPrefix"]) {
      const url = config.text(system, name);
      const target = url === null ? null : dialledUrl(url.value);
      if (url === null || target?.kind !== "tls") continue;
      config.builder.endpoint({
        name: `${target.host}:${target.port}`,
        direction: "dials",
        url: { value: target.url, origin: url.origin },
        serverName: null,
        clientAuth: null,
        labels: { role: "public", ...(system.id === null ? {} : { federated_system: system.id }) },
      });
      config.builder.note(
        `Browsers dial ${target.host}:${target.port} for federated system ${system.id ?? "without id"}; link it to a client that has their truststore`,
        placeOf(url),
      );
    }
}

function checkReferences(config: ServerConfig): void {
  const systems = new Set(config.all("ibmPfs_federatedSystem").map(({ id }) => id));
  const retrieved = new Set<string>();
  for (const kind of [...RETRIEVERS, ...INDEXERS])
    for (const element of config.all(kind)) {
      const ref = config.text(element, "federatedSystemRef");
      if (ref === null) continue;
      if (!systems.has(ref.value))
        config.builder.note(
          `${kind} refers to federated system ${ref.value}, which is not defined`,
          placeOf(ref),
        );
      if (RETRIEVERS.some((retriever) => retriever === kind)) retrieved.add(ref.value);
      const source = config.text(element, "dataSourceRef");
      if (source !== null && config.byId("dataSource", source.value) === null)
        config.builder.note(
          `${kind} refers to data source ${source.value}, which is not defined`,
          placeOf(source),
        );
    }
  for (const { id, place } of config.all("ibmPfs_federatedSystem"))
    if (id !== null && !retrieved.has(id))
      config.builder.note(`No retriever dials federated system ${id}`, place);
}
