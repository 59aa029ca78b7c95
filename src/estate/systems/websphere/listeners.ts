import { join } from "node:path";
import { endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { isAnyAddress, listenerHost } from "../listener.ts";
import type { ImportedEndpoint } from "../model.ts";
import type { SourceReader } from "../source-reader.ts";
import { placeOf } from "../origin.ts";
import { attributeOf, childOf, childrenOf, descendants } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";

/** Ports of a server on which it speaks HTTPS. */
const SECURE = ["WC_defaulthost_secure", "WC_adminhost_secure"] as const;

/** What the cell's inbound SSL configuration says about its listeners. */
export type Inbound = Partial<
  Pick<
    ImportedEndpoint,
    "clientAuth" | "protocols" | "cipherSuites" | "ownChain" | "clientAuthorities"
  >
>;

/** Adds the HTTPS listeners of every node: `nodes/NODE/serverindex.xml` below a cell's folder. */
export async function addListeners(
  cell: string,
  reader: SourceReader,
  builder: ImportBuilder,
  { host, inbound }: { readonly host: string | null; readonly inbound: Inbound },
): Promise<void> {
  const nodes = await reader.list(join(cell, "nodes"));
  for (const node of nodes.ok ? nodes.value : []) {
    await checkServerNames(join(cell, "nodes", node, "servers"), reader, builder);
    const source = await reader.read(join(cell, "nodes", node, "serverindex.xml"));
    if (!source.ok) continue;
    const root = parseXml(source.value);
    if (!root.ok) {
      builder.note(`serverindex.xml is passed over: ${root.error.message}`, root.error.place);
      continue;
    }
    const named = attributeOf(root.value, "hostName");
    for (const entry of descendants(root.value)) {
      if (entry.local !== "serverEntries") continue;
      for (const special of childrenOf(entry, "specialEndpoints")) {
        const role = attributeOf(special, "endPointName")?.value ?? "";
        const point = childOf(special, "endPoint");
        const port = point === null ? null : attributeOf(point, "port");
        const number = Number(port?.value);
        if (!SECURE.some((name) => name === role) || point === null || port === null) continue;
        if (!Number.isInteger(number) || number < 1 || number > 65_535) continue;
        const bound = attributeOf(point, "host");
        const at = listenerHost(
          {
            named: named === null ? [] : [named],
            address: bound === null || isAnyAddress(bound.value) ? null : bound,
            host,
            place: point.place,
          },
          builder,
        );
        builder.endpoint({
          name: endpointName(at.value, number),
          direction: "listens",
          url: { ...port, value: serviceUrl("https", at.value, number) },
          serverName: null,
          clientAuth: null,
          ...inbound,
          labels: { role, server: attributeOf(entry, "serverName")?.value ?? node },
        });
      }
    }
  }
}

/** Servers of a node whose JVM takes the server name out of every hello. */
async function checkServerNames(
  folder: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<void> {
  if ((await reader.look(folder))?.kind !== "folder") return;
  const names = await reader.list(folder);
  for (const name of names.ok ? names.value : []) {
    const file = join(folder, name, "server.xml");
    if ((await reader.look(file))?.kind !== "file") continue;
    const source = await reader.read(file);
    const root = source.ok ? parseXml(source.value) : null;
    if (root?.ok !== true) continue;
    for (const element of descendants(root.value)) {
      const options = attributeOf(element, "genericJvmArguments");
      if (options === null || !/-Djsse\.enableSNIExtension=false\b/u.test(options.value)) continue;
      builder.issue({
        code: "estate.no-server-name",
        severity: "warning",
        summary: `The JVM of ${name} sends no server name (jsse.enableSNIExtension is false): servers with several names present the certificate of the default one`,
        place: placeOf(options),
        remedy: [
          `Remove -Djsse.enableSNIExtension=false from the generic JVM arguments of ${name}, and restart it`,
        ],
      });
    }
  }
}
