import { dialledUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { placeOf } from "../origin.ts";
import { checkPlainPort } from "../check-plain-port.ts";
import type { GatewayConfiguration } from "./gateway.ts";

/** Finds routes that do not check their server, dial a plain port with TLS, or name a key or certificate that is not there. */
export function checkRoutes(
  { routes, keys, trusted, ports }: GatewayConfiguration,
  builder: ImportBuilder,
): void {
  const aliases = new Set(keys.map(({ alias }) => alias.toLowerCase()));
  const names = new Set(trusted.flatMap(({ name, ids }) => [name, ...ids]));
  const checkAlias = (owner: string, alias: (typeof routes)[number]["keyAlias"]): void => {
    if (alias === null || keys.length === 0 || aliases.has(alias.value.toLowerCase())) return;
    builder.issue({
      code: "estate.alias-missing",
      severity: "warning",
      summary: `${owner} uses the private key "${alias.value}", and the bundle has no key of this alias`,
      place: placeOf(alias),
      remedy: [
        `Import the key under the alias ${alias.value}, or correct the alias: ${keys.map((key) => key.alias).join(", ")}`,
      ],
    });
  };
  for (const { name, enabled, keyAlias } of ports)
    if (enabled) checkAlias(`Listen port "${name}"`, keyAlias);
  for (const { owner, url, keyAlias, trustedOnly, verifyServer, verifyHostname } of routes) {
    checkPlainPort(dialledUrl(url.value), url, builder);
    checkAlias(`"${owner}"`, keyAlias);
    const absent = trustedOnly.filter((name) => !names.has(name));
    // names and identifiers of the same certificates stand side by side
    if (trusted.length > 0 && trustedOnly.length > 0 && absent.length === trustedOnly.length)
      builder.issue({
        code: "estate.alias-missing",
        severity: "warning",
        summary: `"${owner}" trusts only ${absent.map((name) => `"${name}"`).join(", ")}, which the bundle does not have`,
        place: placeOf(url),
        remedy: [
          "Add the certificate to the gateway, or choose another one in the routing assertion",
        ],
      });
    if (verifyServer?.value === false)
      builder.issue({
        code: "estate.peer-check-off",
        severity: "warning",
        summary: `"${owner}" does not check the certificate of its server`,
        place: placeOf(verifyServer),
        remedy: ["Switch on the verification of the server's certificate in the destination"],
      });
    else if (verifyHostname?.value === false)
      builder.issue({
        code: "estate.name-check-off",
        severity: "warning",
        summary: `"${owner}" does not check the host name of its server`,
        place: placeOf(verifyHostname),
        remedy: ["Switch on the verification of the server's host name in the destination"],
      });
  }
}
