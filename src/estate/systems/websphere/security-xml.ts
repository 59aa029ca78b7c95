import { join } from "node:path";
import type { NameCheck } from "../../../trust/verdict.ts";
import type { ClientAuthExpectation } from "../../estate.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { isAtLeast } from "../liberty/runtime.ts";
import type { ImportedClient, ImportedIdentity } from "../model.ts";
import { byDefault, placeOf, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { attributeOf, childOf, childrenOf, type XmlElement } from "../xml/element.ts";
import { dynamicSelections, type DynamicSelection, selects } from "./dynamic-selections.ts";
import type { Inbound } from "./listeners.ts";
import { type PathVariables, resolvedPath } from "./settings.ts";

interface CellStore {
  readonly name: string;
  readonly path: Sourced<string> | null;
  readonly password: ImportedIdentity["password"];
  readonly type: Sourced<string> | null;
}

/** What the parts of a cell share. */
export interface CellContext {
  readonly builder: ImportBuilder;
  readonly variables: PathVariables;
  readonly version: string | null;
  readonly reader: SourceReader;
}

/** A cell with its folder. */
export interface SecurityContext extends CellContext {
  /** Folder of the cell. */
  readonly folder: string;
}

/**
 * Derives clients from a cell's security.xml: one for each SSL configuration, the cell's outbound one as the main.
 * @returns what the inbound one says about the cell's listeners
 */
export async function addSecurity(root: XmlElement, context: SecurityContext): Promise<Inbound> {
  const { builder } = context;
  const stores = new Map<string, XmlElement>();
  for (const store of childrenOf(root, "keyStores")) {
    const id = attributeOf(store, "xmi:id");
    if (id !== null) stores.set(id.value, store);
  }
  const main = groupConfig(root, "outbound");
  const nameCheck = nameCheckOf(root, context);
  const clients = new Map<string, string>();
  const truststores = new Map<string, string>();
  for (const repertoire of childrenOf(root, "repertoire")) {
    const id = attributeOf(repertoire, "xmi:id")?.value ?? "";
    const alias = attributeOf(repertoire, "alias");
    const setting = childOf(repertoire, "setting");
    const trust = setting === null ? null : attributeOf(setting, "trustStore");
    if (setting === null || alias === null || trust === null) {
      builder.note("An SSL configuration names no truststore, and is left out", repertoire.place);
      continue;
    }
    const element = stores.get(trust.value);
    const store = element === undefined ? null : cellStore(element, context);
    if (element === undefined || store === null || store.path === null) {
      builder.note(
        element === undefined
          ? `No keyStores element has the id ${trust.value}`
          : `The truststore of ${alias.value} is no file that can be found`,
        placeOf(trust),
      );
      continue;
    }
    let local = truststores.get(trust.value);
    if (local === undefined) {
      await checkStore(
        {
          role: `truststore ${store.name}`,
          path: store.path,
          type: store.type,
          password: store.password,
          alias: null,
          isTruststore: true,
        },
        builder,
      );
      await checkReread(root, store.path, context);
      local = builder.truststore({
        name: store.name,
        paths: [store.path],
        password: store.password,
        ...(store.type === null ? {} : { type: store.type }),
      });
      truststores.set(trust.value, local);
    }
    const alone = main?.id === id ? main.alias : null;
    const client = builder.client({
      name: id === main?.id ? "" : alias.value,
      profile: byDefault("ibm-java-8", "WebSphere Application Server runs on IBM Java 8"),
      trust: [{ value: local, origin: trust.origin }],
      nameCheck,
      ...(await identityOf(
        setting,
        attributeOf(setting, "clientKeyAlias") ?? alone,
        stores,
        context,
      )),
      ...limitsOf(setting),
    });
    clients.set(id, client);
  }
  const mainClient = clients.get(main?.id ?? "") ?? null;
  addDirectories(root, mainClient, dynamicSelections(root, clients, builder), context);
  return inboundOf(root, stores, context);
}

/** What the inbound SSL configuration of the widest scope says about listeners. */
async function inboundOf(
  root: XmlElement,
  stores: ReadonlyMap<string, XmlElement>,
  context: CellContext,
): Promise<Inbound> {
  const group = groupConfig(root, "inbound");
  const repertoire = childrenOf(root, "repertoire").find(
    (each) => attributeOf(each, "xmi:id")?.value === group?.id,
  );
  const setting = repertoire === undefined ? null : childOf(repertoire, "setting");
  if (setting === null) return {};
  const alias = attributeOf(setting, "serverKeyAlias") ?? group?.alias ?? null;
  const { ownChain: chain = [] } = await identityOf(setting, alias, stores, context);
  const need = attributeOf(setting, "clientAuthentication");
  const want = attributeOf(setting, "clientAuthenticationSupported");
  const auth: Sourced<ClientAuthExpectation> =
    need?.value === "true"
      ? { ...need, value: "required" }
      : want?.value === "true"
        ? { ...want, value: "requested" }
        : byDefault("none", "clientAuthentication is false", setting.place);
  const ref = attributeOf(setting, "trustStore");
  const trust = ref === null ? undefined : stores.get(ref.value);
  const store = trust === undefined || auth.value === "none" ? null : cellStore(trust, context);
  return {
    clientAuth: auth,
    ownChain: chain,
    ...limitsOf(setting),
    ...(store === null || store.path === null
      ? {}
      : {
          clientAuthorities: {
            ...store.path,
            value: anchorsIn(
              await checkStore(
                {
                  role: `truststore ${store.name}`,
                  path: store.path,
                  type: store.type,
                  password: store.password,
                  alias: null,
                  isTruststore: true,
                },
                context.builder,
              ),
              "java",
            ),
          },
        }),
  };
}

/** Versions and suites, where a configuration names them: `SSL_TLSv2` and its like leave them to the JVM. */
function limitsOf(setting: XmlElement): Pick<ImportedClient, "protocols" | "cipherSuites"> {
  const protocol = attributeOf(setting, "sslProtocol");
  const words = protocol?.value.split(",").map((word) => word.trim()) ?? [];
  const named = protocol !== null && words.every((word) => /^TLSv1(?:\.[0-3])?$/iu.test(word));
  const ciphers = attributeOf(setting, "enabledCiphers");
  const suites = ciphers === null ? null : javaCipherSuites(ciphers.value);
  return {
    ...(named ? { protocols: { ...protocol, value: javaProtocols(protocol.value) } } : {}),
    ...(ciphers === null || suites === null ? {} : { cipherSuites: { ...ciphers, value: suites } }),
  };
}

/** A store that was changed after a server of the profile started, and that the cell does not read again. */
async function checkReread(
  root: XmlElement,
  path: Sourced<string>,
  { builder, reader, folder }: SecurityContext,
): Promise<void> {
  const update = attributeOf(root, "dynamicallyUpdateSSLConfig");
  if (update?.value !== "false") return;
  const store = await reader.look(path.value);
  const logs = join(folder, "..", "..", "..", "logs");
  const names = await reader.list(logs);
  for (const server of names.ok ? names.value : []) {
    const started = await reader.look(join(logs, server, `${server}.pid`));
    if (store === null || started === null || store.modified <= started.modified) continue;
    builder.issue({
      code: "estate.store-not-reread",
      severity: "warning",
      summary: `${path.value} was changed after ${server} started, and dynamicallyUpdateSSLConfig is false: the server still uses the old content`,
      place: placeOf(path),
      remedy: [`Restart ${server}, or switch on the dynamic update of the SSL configuration`],
    });
  }
}

/** The group of one direction with the widest scope: what counts where nothing else is chosen. */
function groupConfig(
  root: XmlElement,
  direction: "outbound" | "inbound",
): { readonly id: string; readonly alias: Sourced<string> | null } | null {
  const scopes = new Map(
    childrenOf(root, "managementScopes").map((scope) => [
      attributeOf(scope, "xmi:id")?.value ?? "",
      attributeOf(scope, "scopeType")?.value ?? "",
    ]),
  );
  const groups = childrenOf(root, "sslConfigGroups").filter(
    (group) => attributeOf(group, "direction")?.value === direction,
  );
  const cell = groups.find(
    (group) => scopes.get(attributeOf(group, "managementScope")?.value ?? "") === "cell",
  );
  const group = cell ?? groups[0];
  const id = group === undefined ? null : attributeOf(group, "sslConfig");
  if (group === undefined || id === null) {
    const fallback = attributeOf(root, "defaultSSLSettings");
    return fallback === null ? null : { id: fallback.value, alias: null };
  }
  return { id: id.value, alias: attributeOf(group, "certificateAlias") };
}

function cellStore(element: XmlElement, { builder, variables }: CellContext): CellStore {
  const location = attributeOf(element, "location");
  const isFile = attributeOf(element, "fileBased")?.value !== "false";
  const password = element.attributes.get("password");
  return {
    name: attributeOf(element, "name")?.value ?? "store",
    path: location === null || !isFile ? null : resolvedPath(location, variables, builder),
    type: attributeOf(element, "type"),
    password:
      password === undefined || password.value === ""
        ? null
        : {
            value: {
              kind: "config",
              path: password.place.file,
              at: `xml:${password.place.at}`,
              key: null,
            },
            origin: { kind: "written", place: password.place, variables: [] },
          },
  };
}

async function identityOf(
  setting: XmlElement,
  written: Sourced<string> | null,
  stores: ReadonlyMap<string, XmlElement>,
  context: CellContext,
): Promise<Pick<ImportedClient, "identity" | "ownChain">> {
  const ref = attributeOf(setting, "keyStore");
  const element = ref === null ? undefined : stores.get(ref.value);
  const store = element === undefined ? null : cellStore(element, context);
  if (store === null || store.path === null) return { identity: null };
  const { path, type, password } = store;
  const alias = written === null || written.value === "" ? null : written;
  const file = await checkStore(
    { role: `keystore ${store.name}`, path, type, password, alias, isTruststore: false },
    context.builder,
  );
  return {
    identity: { kind: "keystore", path, password, keyPassword: null, alias },
    ownChain: ownChain(file, alias?.value ?? null),
  };
}

/** com.ibm.ssl.verifyHostname; else by fix pack (PH58798): 8.5.5.27 and 9.0.5.21 check names. */
function nameCheckOf(root: XmlElement, { builder, version }: CellContext): Sourced<NameCheck> {
  for (const property of childrenOf(root, "properties")) {
    if (attributeOf(property, "name")?.value !== "com.ibm.ssl.verifyHostname") continue;
    const value = attributeOf(property, "value");
    if (value === null) continue;
    const isOff = value.value.toLowerCase() === "false";
    if (isOff)
      builder.issue({
        code: "estate.name-check-off",
        severity: "warning",
        summary: "The cell does not check the names of the servers that it dials",
        place: placeOf(value),
        remedy: ["Set the custom property com.ibm.ssl.verifyHostname to true"],
      });
    return { ...value, value: isOff ? "none" : "https" };
  }
  for (const property of childrenOf(root, "properties")) {
    if (attributeOf(property, "name")?.value !== "com.ibm.ssl.skipHostnameVerificationForHosts")
      continue;
    const hosts = attributeOf(property, "value");
    if (hosts !== null && hosts.value.trim() !== "")
      builder.issue({
        code: "estate.name-check-off",
        severity: "info",
        summary: `The cell does not check the names of ${hosts.value.slice(0, 200)} (com.ibm.ssl.skipHostnameVerificationForHosts)`,
        place: placeOf(hosts),
        remedy: ["Give these servers certificates with their names, then remove the property"],
      });
  }
  if (version === null) {
    builder.note(
      "Names are taken to be checked, as from 8.5.5.27 and 9.0.5.21 on; say the version with --system-version where it is older",
      root.place,
    );
    return byDefault("https", "names are checked from 8.5.5.27 and 9.0.5.21 on");
  }
  const least = isAtLeast(version, "9") ? "9.0.5.21" : "8.5.5.27";
  if (isAtLeast(version, least)) return byDefault("https", `names are checked in ${version}`);
  builder.issue({
    code: "estate.name-check-changes",
    severity: "warning",
    summary: `Names of servers are not checked in ${version} and will be from ${least} on: every mismatch breaks with the fix pack`,
    place: root.place,
    remedy: ["Compare the names in the servers' certificates with the hosts that are dialled"],
  });
  return byDefault("none", `names are not checked in ${version}`);
}

/** LDAP registries with TLS, dialled with the configuration that a selection names, else the cell's outbound one. */
function addDirectories(
  root: XmlElement,
  client: string | null,
  selections: readonly DynamicSelection[],
  { builder }: CellContext,
): void {
  const used = new Set<DynamicSelection>();
  let dials = 0;
  for (const registry of childrenOf(root, "userRegistries")) {
    if (attributeOf(registry, "sslEnabled")?.value !== "true") continue;
    for (const server of childrenOf(registry, "hosts")) {
      const [host, port] = [attributeOf(server, "host"), attributeOf(server, "port")];
      const number = Number(port?.value ?? "636");
      if (host === null || !Number.isInteger(number) || number < 1 || number > 65_535) continue;
      const endpoint = builder.endpoint({
        name: endpointName(host.value, number),
        direction: "dials",
        url: { ...host, value: serviceUrl("ldaps", host.value, number) },
        serverName: null,
        clientAuth: null,
        labels: { role: "userRegistry" },
      });
      dials += 1;
      const selected = selections.find((each) => selects(each, "LDAP", host.value, number));
      if (selected !== undefined) used.add(selected);
      const dialling = selected?.client ?? client;
      if (dialling !== null)
        builder.link(dialling, endpoint, {
          kind: "written",
          place: selected?.place ?? server.place,
          variables: [],
        });
    }
  }
  if (dials === 0) return;
  for (const selection of selections)
    if (!used.has(selection))
      builder.issue({
        code: "estate.filter-unmatched",
        severity: "info",
        summary: `No host that the cell's configuration dials fits the dynamic outbound selection ${selection.text}`,
        place: selection.place,
        remedy: ["Compare its hosts and ports with what applications dial; nothing else uses it"],
      });
}
