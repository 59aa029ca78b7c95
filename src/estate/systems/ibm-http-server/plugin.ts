import { fail, ok, type Result } from "../../../x509/result.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { byDefault, derived, type Place, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { ImportFailure } from "../system-importer.ts";
import { attributeOf, childrenOf, descendants, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";
import type { GskitParameters } from "./parameters.ts";
import { checkKeyDatabase, type KeyDatabase, stashBeside } from "./key-database.ts";

/** Reads a plugin-cfg.xml: every https transport is dialled and judged with the key ring that it names. */
export async function addPlugin(
  file: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<Result<null, ImportFailure>> {
  const source = await reader.read(file);
  if (!source.ok) return fail({ message: source.error.message, place: null });
  const root = parseXml(source.value);
  if (!root.ok) return fail(root.error);
  const clients = new Map<string, string | null>();
  for (const element of descendants(root.value)) {
    if (element.local !== "Server") continue;
    for (const transport of childrenOf(element, "Transport"))
      await addTransport(transport, attributeOf(element, "Name"), clients, builder);
  }
  return ok(null);
}

async function addTransport(
  transport: XmlElement,
  server: Sourced<string> | null,
  clients: Map<string, string | null>,
  builder: ImportBuilder,
): Promise<void> {
  if (attributeOf(transport, "Protocol")?.value.toLowerCase() !== "https") return;
  const [host, port] = [attributeOf(transport, "Hostname"), attributeOf(transport, "Port")];
  const number = Number(port?.value);
  if (host === null || !Number.isInteger(number) || number < 1 || number > 65_535) {
    builder.note("A transport has no host and port, and is left out", transport.place);
    return;
  }
  const url = { ...host, value: serviceUrl("https", host.value, number) };
  if (dialledUrl(url.value).kind !== "tls") {
    builder.note("The host of a transport is not understood, and it is left out", transport.place);
    return;
  }
  const endpoint = builder.endpoint({
    name: endpointName(host.value, number),
    direction: "dials",
    url,
    serverName: null,
    clientAuth: null,
    labels: {
      role: "transport",
      ...(server === null ? {} : { server: server.value.slice(0, 256) }),
    },
  });
  const client = await clientOf(transport, clients, builder);
  if (client !== null)
    builder.link(client, endpoint, { kind: "written", place: transport.place, variables: [] });
}

/** Properties of a transport by name in lower case. */
function propertiesOf(transport: XmlElement): ReadonlyMap<string, Sourced<string>> {
  const found = new Map<string, Sourced<string>>();
  for (const property of childrenOf(transport, "Property")) {
    const [name, value] = [attributeOf(property, "Name"), attributeOf(property, "Value")];
    if (name !== null && value !== null) found.set(name.value.toLowerCase(), value);
  }
  return found;
}

async function clientOf(
  transport: XmlElement,
  clients: Map<string, string | null>,
  builder: ImportBuilder,
): Promise<string | null> {
  const properties = propertiesOf(transport);
  const path = properties.get("keyring") ?? null;
  if (path === null) {
    builder.note(
      "A transport with https names no keyring; which certificates it trusts cannot be told",
      transport.place,
    );
    return null;
  }
  const stash = properties.get("stashfile") ?? null;
  const label = properties.get("certlabel") ?? null;
  const key = JSON.stringify([path.value, stash?.value, label?.value]);
  const known = clients.get(key);
  if (known !== undefined) return known;
  const database: KeyDatabase = {
    path,
    password:
      stash === null
        ? byDefault(
            { kind: "stash", path: stashBeside(path.value) },
            "the stash file stands beside the key ring",
            transport.place,
          )
        : { ...stash, value: { kind: "stash", path: stash.value } },
    labels: label === null ? [] : [label],
  };
  await checkKeyDatabase(database, "keyring", true, builder);
  const client = addGskitClient("plugin", database, label, transport.place, builder);
  clients.set(key, client);
  return client;
}

/** A client that judges with a key database by GSKit's rules; what it presents is left to the database. */
export function addGskitClient(
  name: string,
  { path, password }: KeyDatabase,
  label: Sourced<string> | null,
  place: Place,
  builder: ImportBuilder,
  parameters: GskitParameters = {},
): string {
  const store = builder.truststore({ name, paths: [path], password });
  if (label !== null)
    builder.note(
      `The client presents the certificate "${label.value}" of ${path.value} where it is asked for one; keys of GSKit databases are not used for probing`,
      place,
    );
  return builder.client({
    name,
    profile: byDefault("gskit", "IBM HTTP Server and its plug-in use GSKit", place),
    trust: [derived(store, "the key database is the truststore as well", [place])],
    nameCheck: byDefault(
      "none",
      "GSKit leaves host names to its caller, which does not check them",
      place,
    ),
    identity: null,
    ...parameters,
  });
}
