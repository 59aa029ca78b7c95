import { isAbsolute } from "node:path";
import type { NameCheck } from "../../../trust/verdict.ts";
import type { SecretReference } from "../../estate.ts";
import { checkStore } from "../check-store.ts";
import { serviceUrl } from "../dialled-url.ts";
import { byDefault, placeOf, type Sourced } from "../origin.ts";
import type { XmlElement } from "../xml/element.ts";
import type { ServerConfig } from "./server-config.ts";

/** How one kind of JDBC driver says that it uses TLS, and with which truststore. */
interface Driver {
  /** Scheme of the estate. */
  readonly scheme: string;
  readonly port: string;
  readonly uses: (properties: XmlElement, config: ServerConfig) => boolean;
  readonly store: string;
  readonly password: string;
  /** Whether names are checked, and by which rule. */
  readonly nameCheck: (properties: XmlElement, config: ServerConfig) => Sourced<NameCheck>;
  /** The attribute that switches the check of the certificate off by being true; null: none does. */
  readonly unchecked: string | null;
  /** The attribute with the name in the certificate where it is not the host; null: none. */
  readonly certificateName: string | null;
}

/** Property elements of data sources: Db2 checks no names unless told to, SQL Server does. */
const DRIVERS: ReadonlyMap<string, Driver> = new Map([
  [
    "properties.db2.jcc",
    {
      scheme: "tls",
      port: "50000",
      uses: (properties, config) => config.flag(properties, "sslConnection")?.value === true,
      store: "sslTrustStoreLocation",
      password: "sslTrustStorePassword",
      nameCheck: (properties, config) => {
        const check = config.text(properties, "sslClientHostnameValidation");
        return check === null
          ? byDefault("none", "the driver checks no names unless it is told to", properties.place)
          : { ...check, value: /^basic$/iu.test(check.value) ? "https" : "none" };
      },
      unchecked: null,
      certificateName: null,
    },
  ],
  [
    "properties.microsoft.sqlserver",
    {
      scheme: "mssql",
      port: "1433",
      uses: (properties, config) =>
        /^(?:true|strict|mandatory)$/i.test(config.text(properties, "encrypt")?.value ?? ""),
      store: "trustStore",
      password: "trustStorePassword",
      nameCheck: ({ place }) => byDefault("https", "the driver checks names", place),
      unchecked: "trustServerCertificate",
      certificateName: "hostNameInCertificate",
    },
  ],
]);

/** Oracle's thin driver: addresses with the protocol TCPS, and stores in connectionProperties. */
const ORACLE: Driver = {
  scheme: "tls",
  port: "2484",
  uses: () => true,
  store: "javax.net.ssl.trustStore",
  password: "javax.net.ssl.trustStorePassword",
  nameCheck: ({ place }) =>
    byDefault("none", "the driver compares names only with ssl_server_dn_match", place),
  unchecked: null,
  certificateName: null,
};

/** A database that a data source dials. */
interface Database {
  readonly id: string;
  readonly driver: Driver;
  readonly properties: XmlElement;
  readonly host: Sourced<string>;
  readonly port: number;
  readonly store: Sourced<string> | null;
  readonly password: Sourced<SecretReference> | null;
}

/**
 * Data sources that dial their database with TLS and a truststore of their own. One whose driver takes the JVM's
 * truststore is told in a note: which one that is depends on the JVM.
 */
export async function addDataSources(config: ServerConfig): Promise<void> {
  const { builder } = config;
  for (const source of config.all("dataSource")) {
    const id = source.id ?? "dataSource";
    for (const properties of source.children) {
      if (properties.local === "properties.oracle") {
        for (const database of oracleDatabases(id, properties, config))
          await addDatabase(database, config);
        continue;
      }
      const driver = DRIVERS.get(properties.local);
      if (driver === undefined || !driver.uses(properties, config)) continue;
      const host = config.text(properties, "serverName");
      const port =
        config.text(properties, "portNumber") ??
        byDefault(driver.port, `portNumber is ${driver.port}`);
      const number = Number(port.value);
      if (host === null || !Number.isInteger(number) || number < 1 || number > 65_535) {
        builder.note(`Data source ${id} names no host and port`, properties.place);
        continue;
      }
      const store = config.text(properties, driver.store);
      const password = config.password(properties, driver.password);
      await addDatabase({ id, driver, properties, host, port: number, store, password }, config);
    }
  }
}

/** The addresses with TCPS in a URL of Oracle: a descriptor, or `@tcps://host:port/service`. */
function oracleDatabases(
  id: string,
  properties: XmlElement,
  config: ServerConfig,
): readonly Database[] {
  const url = config.text(properties, "URL") ?? config.text(properties, "url");
  if (url === null || !/tcps/iu.test(url.value)) return [];
  const text = url.value.slice(0, 8192);
  const addresses = [
    ...text.matchAll(/@tcps:\/\/([^/:?]{1,253})(?::(\d{1,5}))?/giu),
    ...[...text.matchAll(/\(ADDRESS\s*=((?:\s*\([^()]*\)){1,10})/giu)].flatMap(([, inner = ""]) => {
      const part = (name: string): string =>
        new RegExp(`\\(\\s*${name}\\s*=\\s*([^()\\s]+)\\s*\\)`, "iu").exec(inner)?.[1] ?? "";
      return /^tcps$/iu.test(part("PROTOCOL")) ? [["", part("HOST"), part("PORT")]] : [];
    }),
  ];
  if (addresses.length === 0)
    config.builder.note(
      `Data source ${id} dials Oracle with TLS, and its URL is not understood`,
      placeOf(url),
    );
  const connection = config.text(properties, "connectionProperties");
  const setting = (name: string): string | null =>
    (connection?.value ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? null;
  const store = setting(ORACLE.store);
  if (setting(ORACLE.password) !== null)
    config.builder.note(
      `The password of the truststore of data source ${id} stands within connectionProperties, where no reference leads; give it in the estate`,
      connection === null ? properties.place : placeOf(connection),
    );
  return addresses.flatMap(([, host = "", digits]) => {
    const port = Number(digits === undefined || digits === "" ? ORACLE.port : digits);
    if (host === "" || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
    return [
      {
        id,
        driver: ORACLE,
        properties,
        host: { ...url, value: host },
        port,
        store: store === null || connection === null ? null : { ...connection, value: store },
        password: null,
      },
    ];
  });
}

async function addDatabase(
  { id, driver, properties, host, port, store: path, password }: Database,
  config: ServerConfig,
): Promise<void> {
  const { builder } = config;
  const { certificateName, unchecked } = driver;
  const serverName = certificateName === null ? null : config.text(properties, certificateName);
  const endpoint = builder.endpoint({
    name: `${host.value}:${port}`,
    direction: "dials",
    url: { ...host, value: serviceUrl(driver.scheme, host.value, port) },
    serverName: serverName === null || /^\*|^$/u.test(serverName.value) ? null : serverName,
    clientAuth: null,
    labels: { role: "dataSource" },
  });
  const off = unchecked === null ? null : config.flag(properties, unchecked);
  if (off?.value === true) {
    builder.issue({
      code: "estate.peer-check-off",
      severity: "warning",
      summary: `Data source ${id} does not check the certificate of ${host.value}: ${unchecked ?? ""} is true`,
      place: placeOf(off),
      remedy: [`${unchecked ?? ""}="false" ${driver.store}="/path/to/db-trust.p12"`],
    });
    const client = builder.client({
      name: id,
      profile: config.runtime.profile,
      trust: [],
      peerCheck: { ...off, value: "none" },
      nameCheck: { ...off, value: "none" },
      identity: null,
    });
    builder.link(client, endpoint, { kind: "written", place: properties.place, variables: [] });
    return;
  }
  if (path === null || !isAbsolute(path.value)) {
    builder.note(
      `Data source ${id} dials with TLS and names no truststore of its own: the driver takes that of the JVM`,
      path === null ? properties.place : placeOf(path),
    );
    return;
  }
  await checkStore(
    { role: driver.store, path, type: null, password, alias: null, isTruststore: true },
    builder,
  );
  const store = builder.truststore({ name: `${id}-trust`, paths: [path], password });
  const client = builder.client({
    name: id,
    profile: config.runtime.profile,
    trust: [{ value: store, origin: path.origin }],
    nameCheck: driver.nameCheck(properties, config),
    identity: null,
  });
  builder.link(client, endpoint, { kind: "written", place: properties.place, variables: [] });
}
