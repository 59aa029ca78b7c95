/**
 * Systems in which a client runs or trust is kept: what an operator has to do to repair a link depends on them.
 * `debian`, `rhel` and `windows` are operating systems' own stores.
 */
export const CLIENT_SYSTEMS = [
  "java",
  "openssl",
  "nodejs",
  "debian",
  "rhel",
  "windows",
  "gskit",
  "ibm-http-server",
  "liberty",
  "websphere",
  "api-gateway",
  "connector-server",
  "connector-xpress",
  "service-manager",
  "service-manager-web-tier",
  "service-manager-windows",
  "tomcat",
  "nginx",
  "apache",
  "haproxy",
] as const;

/** A system on the client's side of a link. */
export type ClientSystem = (typeof CLIENT_SYSTEMS)[number];

/** Systems that present certificates; `java` stands for any server whose key lies in a Java keystore. */
export const SERVER_SYSTEMS = [
  "java",
  "ibm-http-server",
  "liberty",
  "websphere",
  "api-gateway",
  "connector-server",
  "service-manager",
  "tomcat",
  "nginx",
  "apache",
  "haproxy",
] as const;

/** A system on the server's side of a link. */
export type ServerSystem = (typeof SERVER_SYSTEMS)[number];

/** A system on either side of a link. */
export type System = ClientSystem | ServerSystem;

/** Whether a text names a system of the client's side. */
export function isClientSystem(text: string): text is ClientSystem {
  return CLIENT_SYSTEMS.some((name) => name === text);
}

/** Whether a text names a system of the server's side. */
export function isServerSystem(text: string): text is ServerSystem {
  return SERVER_SYSTEMS.some((name) => name === text);
}
