import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import type { SecretReference } from "../../estate.ts";
import { checkStore } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import { serviceUrl } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import { listenerHost } from "../listener.ts";
import { byDefault, derived, type Place, placeOf, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { type BeanProperties, type BeanProperty, readBeanProperties } from "./read-properties.ts";

/** Ports of a Connector Server that nobody configured. */
const PORTS = { ldaps: 20411, console: 20443 } as const;

/** The entry with which a Connector Server authenticates itself, as its installer makes it. */
const ALIAS = "eta2_server";

/** CA Identity Manager Connector Server: `server_osgi_jcs.xml` and `override/*.properties` of its `conf`. */
export const CONNECTOR_SERVER: SystemImporter = {
  system: "connector-server",
  title: "CA Identity Manager Connector Server",
  expects: "folder of the Connector Server, its conf folder, or server_osgi_jcs.xml",
  detect: async (path, reader) => {
    const conf = await confFolder(path, reader);
    return conf === null ? 0 : 9;
  },
  read: async ({ paths, reader, host }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const conf = (await confFolder(path, reader)) ?? path;
      const properties = await readBeanProperties(conf, reader, builder);
      if (properties === null) continue;
      found = true;
      const isFolder = (await reader.look(conf))?.kind === "folder";
      await derive(properties, { conf: isFolder ? conf : dirname(conf), host }, builder);
    }
    return found
      ? ok(builder.build("connector-server"))
      : fail(
          builder.failure(
            `${paths.join(", ")} holds no server_osgi_jcs.xml; the conf folder of a Connector Server was expected`,
          ),
        );
  },
};

/** The folder or file to read below a path; null when there is none. */
async function confFolder(path: string, reader: SourceReader): Promise<string | null> {
  if (/server_(?:osgi_)?[jc]cs\.xml$/u.test(path)) return path;
  for (const folder of [path, join(path, "conf"), join(path, "jcs", "conf")])
    for (const name of ["server_osgi_jcs.xml", "server_osgi_ccs.xml"])
      if ((await reader.look(join(folder, name))) !== null) return folder;
  return null;
}

interface Surroundings {
  readonly conf: string;
  readonly host: string | null;
}

async function derive(
  properties: BeanProperties,
  { conf, host }: Surroundings,
  builder: ImportBuilder,
): Promise<void> {
  const whole: Place = {
    file: [...properties.values()][0]?.file ?? conf,
    line: 1,
    column: 1,
    at: "the Connector Server",
  };
  const listen = (name: string, scheme: string, port: Sourced<number>): void => {
    const place = placeOf(port) ?? whole;
    const at = listenerHost({ named: [], address: null, host, place }, builder);
    builder.endpoint({
      name,
      direction: "listens",
      url: { ...port, value: serviceUrl(scheme, at.value, port.value) },
      serverName: null,
      clientAuth: null,
      labels: {},
    });
  };
  const enabled = properties.get("enableLdaps");
  if (enabled?.value.toLowerCase() === "false")
    builder.note(
      "LDAPS is switched off, so the Connector Server listens without TLS",
      placeOf(enabled),
    );
  else listen("ldaps", "ldaps", portOf(properties.get("ldapsPort"), PORTS.ldaps, whole, builder));
  listen("console", "https", byDefault<number>(PORTS.console, "port of the console", whole));

  const store = clientStore(properties, conf, whole);
  const verify = properties.get("connectorSSLVerifyPeer");
  const verifies = verify?.value.toLowerCase() === "true";
  if (!verifies)
    builder.issue({
      code: "estate.peer-check-off",
      severity: "warning",
      summary: `The Connector Server does not check the certificates of the systems that it dials${verify === undefined ? " (connectorSSLVerifyPeer is not set, and false is its default)" : ""}`,
      place: verify === undefined ? whole : placeOf(verify),
      remedy: [
        "Import the CAs of the systems that it dials into the Connector Server's store first",
        `Set connectorSSLVerifyPeer to true in a file of ${join(conf, "override")}, which survives upgrades, and restart the Connector Server`,
      ],
    });
  const name = builder.truststore({ name: "", paths: [store.path], password: store.password });
  builder.client({
    name: "",
    profile: byDefault("openjdk-8", "the Java of a Connector Server 14"),
    trust: [derived(name, "connectorClientCertStore", placesOf(store.path))],
    ...(verifies
      ? {}
      : {
          peerCheck:
            verify === undefined
              ? byDefault("none", "connectorSSLVerifyPeer is false unless it is set", whole)
              : { origin: verify.origin, value: "none" },
        }),
    nameCheck: byDefault("none", "a Connector Server does not check host names"),
    identity: {
      kind: "keystore",
      path: store.path,
      password: store.password,
      keyPassword: null,
      alias: byDefault(ALIAS, "entry that the installer makes"),
    },
  });
  builder.note(
    verifies
      ? "What the Connector Server dials stands in its endpoints, not in these files; link the client to them"
      : "What the Connector Server dials stands in its endpoints, not in these files; a link from the client says what switching on connectorSSLVerifyPeer would mean, and so does a change plan with peerCheck: chain",
    whole,
  );
  const type = properties.get("connectorClientCertStoreType") ?? null;
  await checkStore(
    {
      role: "connectorClientCertStore",
      path: store.path,
      type,
      password: store.password,
      alias: byDefault(ALIAS, "entry that the installer makes", placeOf(store.path)),
      isTruststore: false,
    },
    builder,
  );
}

function portOf(
  property: BeanProperty | undefined,
  otherwise: number,
  whole: Place,
  builder: ImportBuilder,
): Sourced<number> {
  if (property === undefined) return byDefault(otherwise, "port of the Connector Server", whole);
  const port = Number(property.value);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return { ...property, value: port };
  builder.issue({
    code: "estate.unresolved-variable",
    severity: "warning",
    summary: `ldapsPort is not a number here, so the default ${otherwise} is taken`,
    place: placeOf(property),
    remedy: ["Write the number of the port, or name the file that sets the variable"],
  });
  return byDefault(otherwise, "port of the Connector Server", placeOf(property));
}

interface ClientStore {
  readonly path: Sourced<string>;
  readonly password: Sourced<SecretReference> | null;
}

function clientStore(properties: BeanProperties, conf: string, whole: Place): ClientStore {
  // relative paths are taken from the folder above conf
  const written = properties.get("connectorClientCertStore");
  const path: Sourced<string> =
    written === undefined
      ? byDefault(join(conf, "ssl.keystore"), "conf/ssl.keystore", whole)
      : { origin: written.origin, value: configuredPath(written.value, dirname(conf)) };
  const secret = properties.get("connectorClientCertStorePassword");
  return {
    path,
    password:
      secret === undefined || secret.value === ""
        ? null
        : {
            origin: secret.origin,
            value: { kind: "config", path: secret.file, at: secret.locator, key: null },
          },
  };
}

const placesOf = (value: Sourced<unknown>): readonly Place[] => {
  const place = placeOf(value);
  return place === null ? [] : [place];
};
