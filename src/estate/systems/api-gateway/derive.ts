import type { Certificate } from "../../../x509/certificate.ts";
import { inlineLocation } from "../certificate-text.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { listenerHost } from "../listener.ts";
import { byDefault, derived, placeOf, type Sourced, written } from "../origin.ts";
import type { GatewayConfiguration, GatewayRoute, GatewayTrustedCertificate } from "./gateway.ts";

/** Protocols of listen ports that speak TLS, with the estate's scheme. */
const TLS_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ["https", "https"],
  ["https2", "https"],
  ["http2 (secure)", "https"],
  ["ftps", "ftps"],
  ["l7.raw.tls", "tls"],
]);

/** Adds what a gateway listens on. */
export function addListenPorts(
  { ports, properties, trusted, keys }: GatewayConfiguration,
  host: string | null,
  builder: ImportBuilder,
): void {
  const issuing = trusted.filter(
    ({ flags, certificate }) => flags.signingClient && certificate !== null,
  );
  const [first] = issuing;
  for (const each of ports) {
    const { name, enabled, protocol, port, clientAuth, protocols, cipherSuites, keyAlias, place } =
      each;
    const scheme = TLS_PROTOCOLS.get(protocol.toLowerCase());
    if (scheme === undefined) continue;
    if (!enabled) {
      builder.note(`Listen port "${name}" is switched off and is left out`, place);
      continue;
    }
    const cluster = properties.get("cluster.hostname");
    const names = cluster === undefined ? [] : [cluster];
    const at = listenerHost({ named: names, address: null, host, place }, builder);
    const rule = `listen port "${name}" of the gateway`;
    builder.endpoint({
      name: `listens-${port.value}`,
      direction: "listens",
      url: derived(serviceUrl(scheme, at.value, port.value), rule, placesOf(port, at)),
      serverName: null,
      clientAuth: clientAuth ?? byDefault("none", "a listen port asks for no certificate", place),
      labels: {},
      ...(protocols === null || protocols.value.length === 0 ? {} : { protocols }),
      ...(cipherSuites === null ? {} : { cipherSuites }),
      ownChain: chainOf(keys, keyAlias?.value ?? "ssl"),
      ...(first === undefined || clientAuth === null || clientAuth.value === "none"
        ? {}
        : {
            clientAuthorities: written(
              issuing.flatMap(({ certificate }) => certificate ?? []),
              first.place,
            ),
          }),
    });
  }
}

/** The public part of a private key, by its alias. */
const chainOf = (keys: GatewayConfiguration["keys"], alias: string): readonly Certificate[] =>
  keys.find((key) => key.alias.toLowerCase() === alias.toLowerCase())?.chain ?? [];

/** Adds what a gateway dials, with the certificates by which it judges. */
export function addRoutes(configuration: GatewayConfiguration, builder: ImportBuilder): void {
  const clients = new Map<string, string | null>();
  const stores = new Map<string, string>();
  for (const route of configuration.routes) {
    const place = placeOf(route.url);
    const target = dialledUrl(route.url.value);
    switch (target.kind) {
      case "unresolved":
        builder.note(
          `URL of "${route.owner}" holds a variable that only the running gateway knows, and is left out`,
          place,
        );
        continue;
      case "invalid":
        builder.note(`URL of "${route.owner}" is none that can be followed`, place);
        continue;
      case "plain":
        builder.note(
          `"${route.owner}" dials ${target.scheme}://${endpointName(target.host, target.port ?? 0)} without TLS`,
          place,
        );
        continue;
      case "tls":
    }
    const endpoint = builder.endpoint({
      name: endpointName(target.host, target.port),
      direction: "dials",
      url: { ...route.url, value: target.url },
      serverName: null,
      clientAuth: null,
      labels: {},
    });
    const key = JSON.stringify([
      route.verifyServer?.value === false,
      [...route.trustedOnly].toSorted(),
      route.protocols?.value,
      route.cipherSuites?.value,
      chainOf(configuration.keys, route.keyAlias?.value ?? "").length === 0
        ? null
        : route.keyAlias?.value,
    ]);
    if (!clients.has(key))
      clients.set(
        key,
        route.verifyServer?.value === false
          ? uncheckedClient(route.verifyServer, builder)
          : addClient(configuration, route, stores, builder),
      );
    const client = clients.get(key) ?? null;
    if (client !== null) builder.link(client, endpoint, route.url.origin);
    if (route.keyAlias !== null)
      builder.note(
        `"${route.owner}" presents the private key "${route.keyAlias.value}", which never leaves the gateway; probes are made without it`,
        placeOf(route.keyAlias),
      );
  }
}

/** Whether the gateway takes a certificate as the end of the chain of a server that it dials. */
export function isOutboundAnchor({
  flags,
}: {
  readonly flags: Pick<GatewayTrustedCertificate["flags"], "ssl" | "signingServer" | "trustAnchor">;
}): boolean {
  return flags.ssl || (flags.signingServer && flags.trustAnchor);
}

/** The client of destinations whose certificates are not verified. */
const uncheckedClient = (verifyServer: Sourced<boolean>, builder: ImportBuilder): string =>
  builder.client({
    name: "unchecked",
    profile: byDefault("layer7", "the profile of the API Gateway"),
    trust: [],
    peerCheck: { ...verifyServer, value: "none" },
    nameCheck: { ...verifyServer, value: "none" },
    identity: null,
  });

/** The client with which a route is judged; null when the gateway trusts nothing for it. */
function addClient(
  { trusted, keys }: GatewayConfiguration,
  { owner, url, trustedOnly, protocols, cipherSuites, keyAlias }: GatewayRoute,
  stores: Map<string, string>,
  builder: ImportBuilder,
): string | null {
  const wanted = new Set(trustedOnly);
  const chosen = trusted.filter(
    ({ name, ids }) => wanted.size === 0 || wanted.has(name) || ids.some((id) => wanted.has(id)),
  );
  const anchors = chosen.filter(
    (each) => each.certificate !== null && (wanted.size > 0 || isOutboundAnchor(each)),
  );
  if (anchors.length === 0) {
    builder.note(
      wanted.size === 0
        ? "The bundle holds no certificate that is trusted for outbound connections, so what the gateway dials is not judged"
        : `The bundle holds none of the certificates to which "${owner}" is limited, so what it dials is not judged`,
      placeOf(url),
    );
    return null;
  }
  const local = wanted.size === 0 ? "" : `only-${anchors.map(({ name }) => name).join("-")}`;
  const store =
    stores.get(local) ??
    builder.truststore({
      name: local,
      paths: anchors.flatMap(({ certificate, place }) =>
        certificate === null ? [] : written(inlineLocation(certificate), place),
      ),
      password: null,
    });
  stores.set(local, store);
  const chain = chainOf(keys, keyAlias?.value ?? "");
  const versions = protocols?.value ?? [];
  const differs = [
    local,
    chain.length > 0 && keyAlias !== null ? `key-${keyAlias.value}` : "",
    versions.join("+"),
    cipherSuites === null ? "" : "suites",
  ];
  const checking = anchors.filter(({ flags }) => flags.verifyHostname);
  const rule = "verifyHostname of the trusted certificates";
  if (checking.length > 0 && checking.length < anchors.length)
    builder.note(
      `The host name is checked below ${checking.length} of ${anchors.length} trusted certificates; it is judged as if below all`,
      anchors.find(({ flags }) => !flags.verifyHostname)?.hostnamePlace ?? null,
    );
  return builder.client({
    name: differs.filter(Boolean).join("-"),
    profile: byDefault("layer7", "the profile of the API Gateway"),
    trust: [derived(store, "trusted certificates with flags for outbound connections", [])],
    nameCheck: derived(
      checking.length > 0 ? "https" : "none",
      rule,
      anchors.slice(0, 1).map(({ hostnamePlace }) => hostnamePlace),
    ),
    identity: null,
    ...(protocols === null || versions.length === 0 ? {} : { protocols }),
    ...(cipherSuites === null ? {} : { cipherSuites }),
    ownChain: chain,
  });
}

const placesOf = (
  ...values: readonly Parameters<typeof placeOf>[0][]
): NonNullable<ReturnType<typeof placeOf>>[] => values.flatMap((value) => placeOf(value) ?? []);
