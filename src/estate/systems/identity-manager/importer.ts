import { join } from "node:path";
import { parseHostPort } from "../../host-port.ts";
import { fail, ok } from "../../../x509/result.ts";
import { endpointName, serviceUrl } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import { placeOf, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { attributeOf, childOf, descendants, type XmlElement } from "../xml/element.ts";
import { readXml } from "../xml/read-xml.ts";

/** Ports with TLS of the Provisioning Server and of any other directory, for a connection that names none. */
const PORTS = { provisioning: 20_390, ldaps: 636 } as const;

/** CA Identity Manager: `directory.xml`, which says where a user directory or the Provisioning Server is. */
export const IDENTITY_MANAGER: SystemImporter = {
  system: "identity-manager",
  title: "CA Identity Manager (directory.xml)",
  expects: "directory.xml files, or a folder of them",
  detect: async (path, reader) => {
    for (const file of await directoryFiles(path, reader)) {
      const source = await reader.read(file);
      if (
        source.ok &&
        /<Provider\b/u.test(source.value.text) &&
        /<Connection\b/u.test(source.value.text)
      )
        return 8;
    }
    return 0;
  },
  read: async ({ paths, reader }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths)
      for (const file of await directoryFiles(path, reader)) {
        const root = await readXml(
          file,
          { reader, builder },
          { remedy: "Export the directory again from the Management Console" },
        );
        if (root === null) continue;
        for (const element of descendants(root))
          if (element.local === "Provider" && addProvider(element, builder)) found = true;
      }
    if (builder.hasEndpoints)
      builder.note(
        "Identity Manager judges with the truststore of the application server's JVM, which is not in directory.xml; link that client to what it dials",
        null,
      );
    return found
      ? ok(builder.build("identity-manager"))
      : fail(
          builder.failure(
            `${paths.join(", ")} holds no Provider with a Connection; directory.xml of an Identity Manager directory was expected`,
          ),
        );
  },
};

async function directoryFiles(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return path.endsWith(".xml") ? [path] : [];
  const names = await reader.list(path);
  return names.ok
    ? names.value
        .filter((name) => /directory[^/]*\.xml$/iu.test(name))
        .map((name) => join(path, name))
    : [];
}

/** Adds what a provider dials; false when it has no connection of LDAP. */
function addProvider(provider: XmlElement, builder: ImportBuilder): boolean {
  const connection = childOf(provider, "Connection");
  if (connection === null) return false;
  const ldap = childOf(provider, "LDAP");
  const isProvisioning = childOf(provider, "eTrustAdmin") !== null;
  const secure = ldap === null ? null : attributeOf(ldap, "secure");
  if (secure !== null && secure.value.startsWith("@")) {
    placeholder("LDAP/@secure", secure, builder);
    return true;
  }
  if (secure?.value.toLowerCase() !== "true") {
    builder.note(
      `Identity Manager dials this directory without TLS: LDAP/@secure is ${secure === null ? "not set" : secure.value}`,
      secure === null ? connection.place : placeOf(secure),
    );
    return true;
  }
  for (const { host, port, origin } of placesOf(connection, isProvisioning, builder))
    builder.endpoint({
      name: endpointName(host, port),
      direction: "dials",
      url: { value: serviceUrl("ldaps", host, port), origin },
      serverName: null,
      clientAuth: null,
      labels: { role: isProvisioning ? "provisioning-server" : "user-store" },
    });
  return true;
}

/** Values that the Management Console puts in when a directory is made from a template. */
function placeholder(what: string, value: Sourced<string>, builder: ImportBuilder): void {
  builder.note(
    `${what} is ${value.value}, which the Management Console fills in; export the directory from there`,
    placeOf(value),
  );
}

interface DirectoryPlace {
  readonly host: string;
  readonly port: number;
  readonly origin: Sourced<string>["origin"];
}

/** `host` and `port`, then each `host:port` of `failover`. */
function placesOf(
  connection: XmlElement,
  isProvisioning: boolean,
  builder: ImportBuilder,
): readonly DirectoryPlace[] {
  const otherwise = isProvisioning ? PORTS.provisioning : PORTS.ldaps;
  const host = attributeOf(connection, "host");
  const port = attributeOf(connection, "port");
  const failover = attributeOf(connection, "failover");
  const written = [
    ...(host === null
      ? []
      : [{ text: `${host.value}${port === null ? "" : `:${port.value}`}`, from: host }]),
    ...(failover === null
      ? []
      : failover.value.split(/\s+/u).map((text) => ({ text, from: failover }))),
  ];
  return written.flatMap(({ text, from }) => {
    if (text === "") return [];
    if (text.includes("@")) {
      placeholder("Connection", { ...from, value: text }, builder);
      return [];
    }
    const place = parseHostPort(text);
    if (place === null || place.port === 0) {
      builder.note(
        `The place ${JSON.stringify(text)} of a directory is not understood`,
        placeOf(from),
      );
      return [];
    }
    return [{ host: place.host, port: place.port ?? otherwise, origin: from.origin }];
  });
}
