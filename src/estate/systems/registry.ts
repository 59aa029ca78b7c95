import { resolve } from "node:path";
import { API_GATEWAY } from "./api-gateway/importer.ts";
import { APACHE } from "./apache/importer.ts";
import { HAPROXY } from "./haproxy/importer.ts";
import { IBM_HTTP_SERVER } from "./ibm-http-server/importer.ts";
import { WEBSPHERE } from "./websphere/importer.ts";
import { FEDERATION_SERVER, LIBERTY } from "./liberty/importer.ts";
import { JAVA } from "./java/importer.ts";
import { KAFKA } from "./kafka/importer.ts";
import { PROMETHEUS } from "./prometheus/importer.ts";
import { SPRING_BOOT } from "./spring-boot/importer.ts";
import { TOMCAT } from "./tomcat/importer.ts";
import { WILDFLY } from "./wildfly/importer.ts";
import { NGINX } from "./nginx/importer.ts";
import { CONNECTOR_SERVER } from "./connector-server/importer.ts";
import { CONNECTOR_XPRESS } from "./connector-xpress/importer.ts";
import { IDENTITY_MANAGER } from "./identity-manager/importer.ts";
import { SERVICE_MANAGER } from "./service-manager/importer.ts";
import { SERVICE_MANAGER_WEB_TIER } from "./service-manager-web-tier/importer.ts";
import { SERVICE_MANAGER_WINDOWS } from "./service-manager-windows/importer.ts";
import type { SourceReader } from "./source-reader.ts";
import type { SystemImporter } from "./system-importer.ts";

/** Every system whose configuration can be read, by name. */
export const IMPORTERS: readonly SystemImporter[] = [
  LIBERTY,
  FEDERATION_SERVER,
  IBM_HTTP_SERVER,
  WEBSPHERE,
  API_GATEWAY,
  CONNECTOR_SERVER,
  CONNECTOR_XPRESS,
  IDENTITY_MANAGER,
  SERVICE_MANAGER,
  SERVICE_MANAGER_WEB_TIER,
  SERVICE_MANAGER_WINDOWS,
  NGINX,
  APACHE,
  HAPROXY,
  TOMCAT,
  SPRING_BOOT,
  WILDFLY,
  KAFKA,
  JAVA,
  PROMETHEUS,
];

/** The importer of a system; null for an unknown name. */
export const importerOf = (system: string): SystemImporter | null =>
  IMPORTERS.find((importer) => importer.system === system) ?? null;

/** The importer that a path looks made for; null when none is, or two are equally likely. */
export async function detectImporter(
  path: string,
  reader: SourceReader,
): Promise<SystemImporter | null> {
  const scores: { importer: SystemImporter; score: number }[] = [];
  for (const importer of IMPORTERS) {
    const score = await importer.detect(resolve(path), reader);
    if (score > 0) scores.push({ importer, score });
  }
  const [best, next] = scores.toSorted((a, b) => b.score - a.score);
  return best === undefined || best.score === next?.score ? null : best.importer;
}
