import type { ClientSystem, ServerSystem } from "../../trust/system-names.ts";
import type { BothSides, ClientOnly } from "./system-remedies.ts";
import { API_GATEWAY } from "./systems/api-gateway.ts";
import { GSKIT, IBM_HTTP_SERVER } from "./systems/gskit.ts";
import { CONNECTOR_SERVER, CONNECTOR_XPRESS } from "./systems/identity-manager.ts";
import { JAVA } from "./systems/java.ts";
import { LIBERTY } from "./systems/liberty.ts";
import { DEBIAN, RHEL, WINDOWS } from "./systems/operating-systems.ts";
import { NODEJS, OPENSSL } from "./systems/plain-files.ts";
import {
  SERVICE_MANAGER,
  SERVICE_MANAGER_WEB_TIER,
  SERVICE_MANAGER_WINDOWS,
} from "./systems/service-manager.ts";
import { APACHE, HAPROXY, NGINX, TOMCAT } from "./systems/web-servers.ts";
import { WEBSPHERE } from "./systems/websphere.ts";

/** What to do in each system. */
export const SYSTEMS: Readonly<
  Record<ServerSystem, BothSides> & Record<Exclude<ClientSystem, ServerSystem>, ClientOnly>
> = {
  java: JAVA,
  openssl: OPENSSL,
  nodejs: NODEJS,
  debian: DEBIAN,
  rhel: RHEL,
  windows: WINDOWS,
  gskit: GSKIT,
  "ibm-http-server": IBM_HTTP_SERVER,
  liberty: LIBERTY,
  websphere: WEBSPHERE,
  "api-gateway": API_GATEWAY,
  "connector-server": CONNECTOR_SERVER,
  "connector-xpress": CONNECTOR_XPRESS,
  "service-manager": SERVICE_MANAGER,
  "service-manager-web-tier": SERVICE_MANAGER_WEB_TIER,
  "service-manager-windows": SERVICE_MANAGER_WINDOWS,
  tomcat: TOMCAT,
  nginx: NGINX,
  apache: APACHE,
  haproxy: HAPROXY,
};
