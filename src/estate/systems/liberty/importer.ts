import { join } from "node:path";
import { fail, ok, type Result } from "../../../x509/result.ts";
import { endpointName } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import type { SystemImport } from "../model.ts";
import type { SourceReader } from "../source-reader.ts";
import type { ImportContext, ImportFailure, SystemImporter } from "../system-importer.ts";
import { LibertyClients } from "./clients.ts";
import { libertyDials } from "./dials.ts";
import { hasFederatedSystems, readFederatedSystems } from "./federated-systems.ts";
import { addPublicUrls, federationDials, isFederationServer } from "./federation.ts";
import { addDataSources } from "./jdbc.ts";
import { libertyLayout } from "./layout.ts";
import { libertyListeners } from "./listens.ts";
import { mergeElements, nestedStores } from "./merge.ts";
import { outboundChooser } from "./outbound.ts";
import { addXmlVariables, readVariables } from "./read-variables.ts";
import { readServerXml } from "./read-xml.ts";
import { libertyRuntime } from "./runtime.ts";
import { ServerConfig } from "./server-config.ts";
import { sslConfigs } from "./ssl-configs.ts";

/** WebSphere Liberty and Open Liberty. */
export const LIBERTY: SystemImporter = {
  system: "liberty",
  title: "WebSphere Liberty, Open Liberty",
  expects: "folder of a server, or its server.xml",
  detect: async (path, reader) => ((await serverText(path, reader)) === null ? 0 : 6),
  read: (context) => readLiberty(context, false),
};

/** IBM Process Federation Server, which runs in Liberty. */
export const FEDERATION_SERVER: SystemImporter = {
  system: "process-federation-server",
  title: "IBM Process Federation Server",
  expects:
    "folder of its Liberty server, or its server.xml; in containers, FederatedSystem resources with their secrets",
  detect: async (path, reader) =>
    (await serverText(path, reader))?.includes("ibmPfs") === true ||
    (await hasFederatedSystems(path, reader))
      ? 9
      : 0,
  read: async (context) => {
    for (const path of context.paths)
      if (
        (await serverText(path, context.reader)) === null &&
        (await hasFederatedSystems(path, context.reader))
      )
        return readFederatedSystems(context);
    return readLiberty(context, true);
  },
};

/** The text of a Liberty server.xml; null for anything else. Tomcat's has an element `Server`. */
async function serverText(path: string, reader: SourceReader): Promise<string | null> {
  const found = await reader.look(path);
  if (found === null) return null;
  const source = await reader.read(found.kind === "folder" ? join(path, "server.xml") : path);
  return source.ok && /<server[\s>/]/.test(source.value.text) ? source.value.text : null;
}

async function readLiberty(
  { paths, reader, environment, version, host }: ImportContext,
  isFederation: boolean,
): Promise<Result<SystemImport, ImportFailure>> {
  const [path, second] = paths;
  if (path === undefined) throw new TypeError("An import has at least one path");
  if (second !== undefined)
    return fail({
      message: `One server is imported at a time; ${second} is a second one`,
      place: null,
    });
  const layout = await libertyLayout(path, reader);
  if (!layout.ok) return layout;
  const { config: folder, serverXml, user, install, name } = layout.value;
  for (const root of [folder, ...(user === folder ? [] : [join(user, "shared")])])
    reader.allow(root);
  if (install !== null) {
    reader.allow(join(install, "etc"));
    reader.allow(join(install, "lib", "versions"));
  }
  const builder = new ImportBuilder();
  const surroundings = { layout: layout.value, reader, builder, environment };
  const variables = await readVariables(surroundings);
  const loaded = await readServerXml(folder, serverXml, { reader, builder, variables });
  if (!loaded.ok) return loaded;
  addXmlVariables(loaded.value, variables);
  const runtime = await libertyRuntime(layout.value, variables, reader, version);
  const merged = mergeElements(loaded.value);
  const config = new ServerConfig({ layout: layout.value, runtime, variables, builder }, [
    ...merged,
    ...nestedStores(merged),
  ]);
  if (runtime.isProfileAssumed)
    builder.note(
      `Which Java runs the server cannot be found (JAVA_HOME in server.env); profile ${runtime.profile.value} is taken. Set profile: in the estate where it is another`,
      null,
    );
  if (isFederation && !isFederationServer(config))
    builder.note("The server has no federated system", null);
  await addEntries(config, reader, host);
  return ok(builder.build(name));
}

async function addEntries(
  config: ServerConfig,
  reader: SourceReader,
  host: string | null,
): Promise<void> {
  const { builder } = config;
  const configs = sslConfigs(config);
  const chooser = outboundChooser(configs, config);
  const clients = new LibertyClients(config, reader, chooser.main.ssl);
  await clients.nameOf(chooser.main);
  checkServerNames(config);
  const dials = [...libertyDials(config), ...federationDials(config)];
  for (const { role, url, host: dialled, port, ref, group } of dials) {
    const choice = chooser.choose(dialled, port, ref);
    const client = await clients.nameOf(choice, dialled);
    const endpoint = builder.endpoint({
      name: endpointName(dialled, port),
      direction: "dials",
      url,
      serverName: null,
      clientAuth: null,
      labels: { role, ...(group === null ? {} : { federated_system: group }) },
    });
    builder.link(client, endpoint, choice.origin);
  }
  addPublicUrls(config);
  await addDataSources(config);
  for (const { endpoint, ssl } of libertyListeners(configs, config, host))
    builder.endpoint({ ...endpoint, ...(await clients.servingWith(ssl)) });
  if (dials.length === 0) return;
  for (const [ssl, filter] of chooser.unused())
    builder.issue({
      code: "estate.filter-unmatched",
      severity: "info",
      summary: `No URL that the server dials fits the outbound filter ${filter.host}:${filter.port ?? "*"} of <ssl id="${ssl.id}">`,
      place: filter.place,
      remedy: [
        "Compare the filter's host and port with the URLs in the configuration; applications may dial others",
      ],
    });
}

/** A JVM option takes the server name out of every hello. */
function checkServerNames({ variables, builder, layout }: ServerConfig): void {
  const option = variables.find("jsse.enableSNIExtension");
  if (option?.value !== "false") return;
  builder.issue({
    code: "estate.no-server-name",
    severity: "warning",
    summary:
      "The JVM sends no server name (jsse.enableSNIExtension is false): servers with several names present the certificate of the default one",
    place: option.place,
    remedy: [`Remove -Djsse.enableSNIExtension=false, and restart the server ${layout.name}`],
  });
}
