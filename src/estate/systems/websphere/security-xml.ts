import type { NameCheck } from "../../../trust/verdict.ts";
import { checkStore } from "../check-store.ts";
import { endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { isAtLeast } from "../liberty/runtime.ts";
import type { ImportedIdentity } from "../model.ts";
import { byDefault, placeOf, type Sourced } from "../origin.ts";
import { attributeOf, childOf, childrenOf, type XmlElement } from "../xml/element.ts";
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
}

/** Derives clients from a cell's security.xml: one for each SSL configuration, the cell's outbound one as the main. */
export async function addSecurity(root: XmlElement, context: CellContext): Promise<void> {
  const { builder } = context;
  const stores = new Map<string, XmlElement>();
  for (const store of childrenOf(root, "keyStores")) {
    const id = attributeOf(store, "xmi:id");
    if (id !== null) stores.set(id.value, store);
  }
  const main = mainConfig(root);
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
      local = builder.truststore({
        name: store.name,
        paths: [store.path],
        password: store.password,
        ...(store.type === null ? {} : { type: store.type }),
      });
      truststores.set(trust.value, local);
    }
    const client = builder.client({
      name: id === main?.id ? "" : alias.value,
      profile: byDefault("ibm-java-8", "WebSphere Application Server runs on IBM Java 8"),
      trust: [{ value: local, origin: trust.origin }],
      nameCheck,
      identity: await identityOf(setting, main?.id === id ? main.alias : null, stores, context),
    });
    clients.set(id, client);
  }
  addDirectories(root, clients.get(main?.id ?? "") ?? null, context);
  for (const selection of childrenOf(root, "dynamicSSLConfigSelections"))
    builder.note(
      "A dynamic outbound selection chooses an SSL configuration by host and port; which one is not derived, link its client by hand",
      selection.place,
    );
}

/** The outbound group of the widest scope: what dials where nothing else is chosen. */
function mainConfig(
  root: XmlElement,
): { readonly id: string; readonly alias: Sourced<string> | null } | null {
  const scopes = new Map(
    childrenOf(root, "managementScopes").map((scope) => [
      attributeOf(scope, "xmi:id")?.value ?? "",
      attributeOf(scope, "scopeType")?.value ?? "",
    ]),
  );
  const groups = childrenOf(root, "sslConfigGroups").filter(
    (group) => attributeOf(group, "direction")?.value === "outbound",
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
  groupAlias: Sourced<string> | null,
  stores: ReadonlyMap<string, XmlElement>,
  context: CellContext,
): Promise<ImportedIdentity | null> {
  const ref = attributeOf(setting, "keyStore");
  const element = ref === null ? undefined : stores.get(ref.value);
  const store = element === undefined ? null : cellStore(element, context);
  if (store === null || store.path === null) return null;
  const alias = attributeOf(setting, "clientKeyAlias") ?? groupAlias;
  await checkStore(
    {
      role: `keystore ${store.name}`,
      path: store.path,
      type: store.type,
      password: store.password,
      alias,
      isTruststore: false,
    },
    context.builder,
  );
  return {
    kind: "keystore",
    path: store.path,
    password: store.password,
    keyPassword: null,
    alias: alias === null || alias.value === "" ? null : alias,
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

/** LDAP registries with TLS, dialled with the cell's outbound configuration. */
function addDirectories(root: XmlElement, client: string | null, { builder }: CellContext): void {
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
      if (client !== null)
        builder.link(client, endpoint, { kind: "written", place: server.place, variables: [] });
    }
  }
}
