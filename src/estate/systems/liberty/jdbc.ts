import { isAbsolute } from "node:path";
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
}

/** Property elements of data sources; Db2 and SQL Server check no names unless told to. */
const DRIVERS: ReadonlyMap<string, Driver> = new Map([
  [
    "properties.db2.jcc",
    {
      scheme: "tls",
      port: "50000",
      uses: (properties, config) => config.flag(properties, "sslConnection")?.value === true,
      store: "sslTrustStoreLocation",
      password: "sslTrustStorePassword",
    },
  ],
  [
    "properties.microsoft.sqlserver",
    {
      scheme: "mssql",
      port: "1433",
      uses: (properties, config) =>
        /^(?:true|strict|mandatory)$/i.test(config.text(properties, "encrypt")?.value ?? "") &&
        config.flag(properties, "trustServerCertificate")?.value !== true,
      store: "trustStore",
      password: "trustStorePassword",
    },
  ],
]);

/**
 * Data sources that dial their database with TLS and a truststore of their own. One whose driver takes the JVM's
 * truststore is told in a note: which one that is depends on the JVM.
 */
export function addDataSources(config: ServerConfig): void {
  const { builder } = config;
  for (const source of config.all("dataSource")) {
    const id = source.id ?? "dataSource";
    for (const properties of source.children) {
      if (
        properties.local === "properties.oracle" &&
        /tcps/i.test(config.text(properties, "URL")?.value ?? "")
      )
        builder.note(
          `Data source ${id} dials Oracle with TLS; its URL and connectionProperties are not taken apart`,
          properties.place,
        );
      const driver = DRIVERS.get(properties.local);
      if (driver === undefined || !driver.uses(properties, config)) continue;
      const host = config.text(properties, "serverName");
      const port =
        config.text(properties, "portNumber") ??
        byDefault(driver.port, `portNumber is ${driver.port}`);
      const number = Number(port.value);
      if (host === null || !Number.isInteger(number)) {
        builder.note(`Data source ${id} names no host and port`, properties.place);
        continue;
      }
      const url: Sourced<string> = {
        value: serviceUrl(driver.scheme, host.value, number),
        origin: host.origin,
      };
      const endpoint = builder.endpoint({
        name: `${host.value}:${number}`,
        direction: "dials",
        url,
        serverName: null,
        clientAuth: null,
        labels: { role: "dataSource" },
      });
      const path = config.text(properties, driver.store);
      if (path === null || !isAbsolute(path.value)) {
        builder.note(
          `Data source ${id} dials with TLS and names no truststore of its own: the driver takes that of the JVM`,
          path === null ? properties.place : placeOf(path),
        );
        continue;
      }
      const store = builder.truststore({
        name: `${id}-trust`,
        paths: [path],
        password: config.password(properties, driver.password),
      });
      const client = builder.client({
        name: id,
        profile: config.runtime.profile,
        trust: [{ value: store, origin: path.origin }],
        nameCheck: byDefault(
          "none",
          "the driver checks no names unless it is told to",
          properties.place,
        ),
        identity: null,
      });
      builder.link(client, endpoint, { kind: "written", place: properties.place, variables: [] });
    }
  }
}
