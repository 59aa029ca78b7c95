import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { addressesOf, type ListenPort, portsOf } from "../apache/virtual-host.ts";
import { anchorsIn, ownChain } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import type { ClientAuthExpectation } from "../../estate.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import { loadHttpd, type PlacedHttpdDirective } from "../httpd/load.ts";
import { HttpdScope } from "../httpd/scope.ts";
import { ImportBuilder } from "../import-builder.ts";
import { isAnyAddress, listenerHost } from "../listener.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { checkKeyDatabase, keyDatabaseOf, type KeyDatabase } from "./key-database.ts";
import { gskitParameters } from "./parameters.ts";
import { addGskitClient, addPlugin } from "./plugin.ts";

/** IBM HTTP Server with mod_ibm_ssl, and the web server plug-in of WebSphere. */
export const IBM_HTTP_SERVER: SystemImporter = {
  system: "ibm-http-server",
  title: "IBM HTTP Server and the WebSphere plug-in",
  expects: "httpd.conf, the folder that holds it, or plugin-cfg.xml",
  detect: async (path, reader) => {
    const source = await reader.read(await mainFile(path, reader));
    if (!source.ok) return 0;
    if (isPlugin(path) && /<(?:Config|ServerCluster)\b/u.test(source.value.text)) return 8;
    return /^\s*(?:LoadModule\s+ibm_ssl_module|KeyFile\b|SSLEnable\b|WebSpherePluginConfig\b)/imu.test(
      source.value.text,
    )
      ? 9
      : 0;
  },
  read: async ({ paths, reader, host }) => {
    const builder = new ImportBuilder();
    let found = 0;
    for (const path of paths) {
      const main = await mainFile(path, reader);
      if (isPlugin(main)) {
        const plugin = await addPlugin(main, reader, builder);
        if (!plugin.ok) return plugin;
        found += 1;
        continue;
      }
      const folder = dirname(main);
      const serverRoot = folder.endsWith("/conf") ? dirname(folder) : folder;
      reader.allow(serverRoot);
      const start = { serverRoot, variables: new Map() };
      const directives = await loadHttpd(main, start, reader, builder);
      if (directives === null) continue;
      found += 1;
      const root = directives.findLast(({ name }) => name === "serverroot")?.words[0]?.text;
      await derive(directives, { builder, host, reader, serverRoot: root ?? serverRoot });
    }
    return found === 0
      ? fail(builder.failure(`${paths.join(", ")} holds no readable httpd.conf or plugin-cfg.xml`))
      : ok(builder.build("ihs"));
  },
};

const isPlugin = (path: string): boolean => path.toLowerCase().endsWith(".xml");

async function mainFile(path: string, reader: SourceReader): Promise<string> {
  if ((await reader.look(path))?.kind !== "folder") return path;
  for (const name of ["httpd.conf", join("conf", "httpd.conf"), "plugin-cfg.xml"])
    if ((await reader.look(join(path, name)))?.kind === "file") return join(path, name);
  return join(path, "httpd.conf");
}

interface Surroundings {
  readonly builder: ImportBuilder;
  readonly host: string | null;
  readonly reader: SourceReader;
  readonly serverRoot: string;
}

async function derive(
  directives: readonly PlacedHttpdDirective[],
  surroundings: Surroundings,
): Promise<void> {
  const { builder, reader, serverRoot } = surroundings;
  const main = new HttpdScope(directives, null);
  const ports = portsOf(directives);
  const clients = new Map<string, string>();
  const seen = new Set<string>();
  const hosts = directives.filter(({ name }) => name === "virtualhost");
  for (const virtualHost of hosts) {
    const scope = new HttpdScope(virtualHost.section ?? [], main);
    await addListeners(virtualHost, scope, ports, seen, surroundings);
    await addProxied(scope, clients, surroundings);
  }
  await addListeners(null, main, ports, seen, surroundings);
  await addProxied(main, clients, surroundings);
  const plugin = main.text("webspherepluginconfig");
  if (plugin === null) return;
  const file = configuredPath(plugin.value, serverRoot);
  const read = await addPlugin(file, reader, builder);
  if (read.ok) return;
  builder.issue({
    code: (await reader.isInside(file)) ? "estate.file-unreadable" : "estate.include-refused",
    severity: "warning",
    summary: `The configuration of the plug-in is left out: ${read.error.message}`,
    place: read.error.place ?? placeOf(plugin),
    remedy: [`Allow its folder with --root ${dirname(file)}, or correct WebSpherePluginConfig`],
  });
}

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["0", "none"],
  ["none", "none"],
  ["1", "requested"],
  ["optional", "requested"],
  ["2", "required"],
  ["required", "required"],
  ["required_reset", "required"],
]);

/** The later of SSLEnable and SSLDisable counts, in the virtual host before the main server. */
function isEnabled(scope: HttpdScope): Place | null {
  const [on, off] = [scope.last("sslenable"), scope.last("ssldisable")];
  if (on === null) return null;
  if (off === null || scope.own("sslenable").length > scope.own("ssldisable").length)
    return on.place;
  return scope.own("ssldisable").length > 0 ? null : on.place;
}

async function addListeners(
  virtualHost: PlacedHttpdDirective | null,
  scope: HttpdScope,
  ports: readonly ListenPort[],
  seen: Set<string>,
  { builder, host, serverRoot }: Surroundings,
): Promise<void> {
  const enabled = isEnabled(scope);
  if (enabled === null) return;
  const database = keyDatabaseOf(scope, serverRoot, builder);
  if (database === null)
    builder.note("TLS is enabled here, and no key file is named", virtualHost?.place ?? enabled);
  const isProxy = scope.isOn("sslproxyengine");
  const file =
    database === null ? null : await checkKeyDatabase(database, "KeyFile", isProxy, builder);
  const name = scope.own("servername").at(-1)?.words[0];
  const named =
    name === undefined
      ? []
      : [written(name.text.replace(/:\d+$/u, ""), name.place, name.variables)];
  const auth = scope.text("sslclientauth");
  for (const { address, port, place } of addressesOf(virtualHost, ports, scope)) {
    const bound = address === null || isAnyAddress(address) ? null : written(address, place);
    const at = listenerHost({ named, address: bound, host, place }, builder);
    const socket = `${address ?? "*"}:${port}`;
    if (seen.has(socket))
      builder.note(
        `Several virtual hosts share ${socket}: its handshakes follow the first one`,
        virtualHost?.place ?? place,
      );
    seen.add(socket);
    const [first] = named;
    builder.endpoint({
      name: endpointName(first?.value ?? at.value, port),
      direction: "listens",
      url: derived(serviceUrl("https", at.value, port), "virtual host with Listen", [place]),
      serverName: first !== undefined && first.value !== at.value ? first : null,
      clientAuth: authOf(auth, place),
      labels: {},
      ...gskitParameters(scope, "ssl"),
      ...(database === null || auth === null || file === null
        ? {}
        : {
            clientAuthorities: { ...database.path, value: anchorsIn(file, "gskit") },
            ownChain: ownChain(file, database.labels[0]?.value ?? null),
          }),
    });
  }
}

function authOf(auth: Sourced<string> | null, place: Place): Sourced<ClientAuthExpectation> {
  const value = CLIENT_AUTH.get(auth?.value.toLowerCase() ?? "none") ?? "none";
  return auth === null ? byDefault(value, "SSLClientAuth is none", place) : { ...auth, value };
}

/** What ProxyPass dials with TLS: judged with the same key file. */
async function addProxied(
  scope: HttpdScope,
  clients: Map<string, string>,
  { builder, serverRoot }: Surroundings,
): Promise<void> {
  const words = [
    ...["proxypass", "proxypassmatch", "balancermember"].flatMap((name) =>
      scope
        .own(name)
        .flatMap((directive) => directive.words.find(({ text }) => /^https:/iu.test(text)) ?? []),
    ),
    ...scope
      .own("rewriterule")
      .flatMap(({ words: [, to, flags] }) =>
        to !== undefined && /^https:/iu.test(to.text) && /\bP\b/u.test(flags?.text ?? "")
          ? [to]
          : [],
      ),
  ];
  const [first] = words;
  if (first === undefined) return;
  if (!scope.isOn("sslproxyengine")) {
    builder.note("A URL with https is dialled here, and SSLProxyEngine is off", first.place);
    return;
  }
  const database = keyDatabaseOf(scope, serverRoot, builder);
  if (database !== null && isEnabled(scope) === null)
    await checkKeyDatabase(database, "KeyFile", true, builder);
  const client = proxyClient(scope, database, clients, first.place, builder);
  for (const { text, place, variables } of words) {
    // $1 and its like stand for parts of the path
    const target = dialledUrl(text.replace(/^(https:\/\/[^/$]*)(?:\/|\$).*$/iu, "$1"));
    if (target.kind !== "tls") {
      builder.note("What is dialled here is not understood, and is left out", place);
      continue;
    }
    const endpoint = builder.endpoint({
      name: endpointName(target.host, target.port),
      direction: "dials",
      url: written(target.url, place, variables),
      serverName: null,
      clientAuth: null,
      labels: { role: "proxy" },
    });
    if (client !== null) builder.link(client, endpoint, { kind: "written", place, variables: [] });
  }
}

function proxyClient(
  scope: HttpdScope,
  database: KeyDatabase | null,
  clients: Map<string, string>,
  place: Place,
  builder: ImportBuilder,
): string | null {
  if (database === null) {
    builder.note("TLS is dialled here, and no key file is named: nothing is trusted", place);
    return null;
  }
  const parameters = gskitParameters(scope, "sslproxy");
  const key = JSON.stringify([
    database.path.value,
    parameters.protocols?.value,
    parameters.cipherSuites?.value,
  ]);
  const known = clients.get(key);
  if (known !== undefined) return known;
  const client = addGskitClient(
    clients.size === 0 ? "" : "proxy",
    database,
    null,
    scope.last("keyfile")?.place ?? place,
    builder,
    parameters,
  );
  clients.set(key, client);
  return client;
}
