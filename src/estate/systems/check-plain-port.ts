import type { DialledUrl } from "./dialled-url.ts";
import type { ImportBuilder } from "./import-builder.ts";
import { placeOf, type Sourced } from "./origin.ts";

/** Ports on which systems of these estates speak without TLS, with the TLS port beside each. */
const PLAIN_PORTS: ReadonlyMap<number, { readonly system: string; readonly instead: number }> =
  new Map([
    [80, { system: "HTTP", instead: 443 }],
    [389, { system: "LDAP", instead: 636 }],
    [8080, { system: "HTTP of an API Gateway, Tomcat or WildFly", instead: 8443 }],
    [9080, { system: "HTTP of WebSphere and Liberty", instead: 9443 }],
    [9990, { system: "management of WildFly", instead: 9993 }],
    [13080, { system: "HTTP of Service Manager", instead: 13443 }],
    [20080, { system: "HTTP of the Connector Server", instead: 20443 }],
    [20389, { system: "LDAP of the Provisioning Server", instead: 20390 }],
    [20410, { system: "LDAP of the Connector Server", instead: 20411 }],
  ]);

/** Finds a URL that asks for TLS on a port on which the system speaks without. */
export function checkPlainPort(
  target: DialledUrl,
  url: Sourced<unknown>,
  builder: ImportBuilder,
): void {
  if (target.kind !== "tls") return;
  const plain = PLAIN_PORTS.get(target.port);
  if (plain === undefined) return;
  builder.issue({
    code: "estate.plain-port",
    severity: "warning",
    summary: `${target.url} asks for TLS on port ${target.port}, which is ${plain.system} without TLS`,
    place: placeOf(url),
    remedy: [
      `Dial port ${plain.instead}, or the port that the system's own configuration names for TLS`,
    ],
  });
}
