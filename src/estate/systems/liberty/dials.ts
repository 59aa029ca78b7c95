import { dialledUrl, serviceUrl } from "../dialled-url.ts";
import { type Place, placeOf, type Sourced } from "../origin.ts";
import type { MergedElement } from "./merge.ts";
import type { Attributed, ServerConfig } from "./server-config.ts";

/** Something that a server dials with TLS. */
export interface Dial {
  /** What becomes the endpoint's label `role`. */
  readonly role: string;
  readonly url: Sourced<string>;
  readonly host: string;
  readonly port: number;
  /** The SSL configuration that the element names itself. */
  readonly ref: Sourced<string> | null;
  /** For PFS: which federated system it belongs to. */
  readonly group: string | null;
  /** The element that dials. */
  readonly place: Place;
}

/** Attributes that hold URLs which the server itself calls, by element. */
const URL_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "openidConnectClient",
    [
      "tokenEndpointUrl",
      "jwkEndpointUrl",
      "discoveryEndpointUrl",
      "validationEndpointUrl",
      "userInfoEndpointUrl",
    ],
  ],
  ["oidcLogin", ["tokenEndpoint", "jwksUri", "discoveryEndpoint", "userInfoEndpoint"]],
  ["oauth2Login", ["tokenEndpoint", "userApi"]],
  ["jwtConsumer", ["jwkEndpointUrl"]],
  ["mpJwt", ["jwksUri"]],
]);

/** Elements with a host and a port of their own: names of the attributes. */
const HOST_ATTRIBUTES: ReadonlyMap<string, readonly [host: string, port: string]> = new Map([
  ["logstashCollector", ["hostName", "port"]],
  ["collectiveMember", ["controllerHost", "controllerPort"]],
]);

/** Everything that the elements of Liberty itself dial with TLS. */
export function libertyDials(config: ServerConfig): readonly Dial[] {
  return [
    ...config.all("ldapRegistry").flatMap((element) => ldapDials(element, config)),
    ...[...URL_ATTRIBUTES].flatMap(([kind, names]) =>
      config
        .all(kind)
        .flatMap((element) => names.flatMap((name) => urlDial(kind, element, name, config))),
    ),
    ...[...HOST_ATTRIBUTES].flatMap(([kind, [host, port]]) =>
      config.all(kind).flatMap((element) => {
        const [name, number] = [config.text(element, host), config.text(element, port)];
        return name === null || number === null
          ? []
          : hostDial({ role: kind, scheme: "tls", host: name, port: number, element }, config);
      }),
    ),
  ];
}

/** The URL of an attribute, as something that is dialled; what cannot be is said. */
export function urlDial(
  role: string,
  element: Attributed,
  name: string,
  config: ServerConfig,
): readonly Dial[] {
  const url = config.text(element, name);
  if (url === null) return [];
  return dialOf(role, url, element, config);
}

/** A URL as something that is dialled; one without TLS is told and passed over. */
export function dialOf(
  role: string,
  url: Sourced<string>,
  element: Attributed,
  config: ServerConfig,
): readonly Dial[] {
  const target = dialledUrl(url.value);
  const place = placeOf(url) ?? element.place;
  switch (target.kind) {
    case "tls":
      return [
        {
          role,
          url: { value: target.url, origin: url.origin },
          host: target.host,
          port: target.port,
          ref: config.text(element, "sslRef"),
          group: null,
          place,
        },
      ];
    case "plain":
      config.builder.note(`${role} dials ${target.host} without TLS (${target.scheme})`, place);
      return [];
    case "unresolved":
    case "invalid":
      config.builder.note(`${role} dials something that is no URL of a host`, place);
      return [];
  }
}

interface HostDial {
  readonly role: string;
  readonly scheme: string;
  readonly host: Sourced<string>;
  readonly port: Sourced<string>;
  readonly element: Attributed;
}

function hostDial(
  { role, scheme, host, port, element }: HostDial,
  config: ServerConfig,
): readonly Dial[] {
  const number = Number(port.value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    config.builder.note(`${role} has no port from 1 to 65535`, placeOf(port));
    return [];
  }
  const url = { value: serviceUrl(scheme, host.value, number), origin: host.origin };
  const ref = config.text(element, "sslRef");
  const place = placeOf(host) ?? element.place;
  return [{ role, url, host: host.value, port: number, ref, group: null, place }];
}

function ldapDials(element: MergedElement, config: ServerConfig): readonly Dial[] {
  if (config.flag(element, "sslEnabled")?.value !== true) return [];
  const ref = config.text(element, "sslRef");
  const servers: Attributed[] = [
    element,
    ...element.children
      .filter(({ local }) => local === "failoverServers")
      .flatMap(({ children }) => children.filter(({ local }) => local === "server")),
  ];
  return servers.flatMap((server) => {
    const [host, port] = [config.text(server, "host"), config.text(server, "port")];
    if (host === null || port === null) return [];
    return hostDial(
      { role: "ldapRegistry", scheme: "ldaps", host, port, element: server },
      config,
    ).map((dial) => ({ ...dial, ref }));
  });
}
