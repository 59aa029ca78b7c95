import type { ClientAuthExpectation } from "../../estate.ts";
import { parseHostPort } from "../../host-port.ts";
import { serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { listenerHost } from "../listener.ts";
import { byDefault, derived, type Place, placeOf, type Sourced } from "../origin.ts";
import type { KafkaSettings } from "./settings.ts";
import { identityOf, suitesOf, tellEngine, truststoreOf } from "./stores.ts";

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["none", "none"],
  ["requested", "requested"],
  ["required", "required"],
]);

/** What a broker is read with. */
export interface BrokerContext {
  readonly builder: ImportBuilder;
  readonly host: string | null;
}

/** Adds every listener of a broker that speaks TLS, under the address that it advertises. */
export async function addBroker(
  settings: KafkaSettings,
  { builder, host }: BrokerContext,
): Promise<void> {
  const listeners = settings.text("listeners");
  const place = listeners === null ? null : placeOf(listeners);
  if (listeners === null || place === null) return;
  const protocols = protocolMap(settings.text("listener.security.protocol.map"));
  const advertised = settings.text("advertised.listeners");
  for (const { name, address, port } of listenersOf(listeners.value)) {
    const protocol = protocols.get(name.toUpperCase()) ?? name.toUpperCase();
    if (protocol !== "SSL" && protocol !== "SASL_SSL") continue;
    const own = settings.below(`listener.name.${name.toLowerCase()}.`);
    const outside =
      advertised === null
        ? undefined
        : listenersOf(advertised.value).find((each) => each.name === name);
    const named =
      outside === undefined || advertised === null
        ? []
        : [{ ...advertised, value: outside.address }];
    const at = listenerHost(
      { named, address: { ...listeners, value: address }, host, place },
      builder,
    );
    const enabled = own.text("ssl.enabled.protocols");
    const { ownChain } = await identityOf(own, builder);
    const store = await truststoreOf(own, builder);
    tellEngine(own, builder);
    builder.endpoint({
      name: name.toLowerCase(),
      direction: "listens",
      url: derived(serviceUrl("tls", at.value, outside?.port ?? port), `listener ${name}`, [place]),
      serverName: null,
      clientAuth: clientAuthOf(own.text("ssl.client.auth"), place, builder),
      labels: {},
      ...(enabled === null
        ? {}
        : { protocols: { ...enabled, value: javaProtocols(enabled.value) } }),
      ...suitesOf(own),
      ownChain: ownChain ?? [],
      ...(store === null ? {} : { clientAuthorities: store.anchors }),
    });
    if (store !== null)
      builder.truststore({ name: `${name.toLowerCase()}-client-cas`, ...store.store });
    else if (/^(?:required|requested)$/iu.test(own.text("ssl.client.auth")?.value ?? ""))
      builder.issue({
        code: "estate.client-auth-unconfigured",
        severity: "info",
        summary: `Listener ${name} asks for client certificates, and no truststore is named: the JVM's own decides, with every public authority in it`,
        place: own.placeOf("ssl.client.auth"),
        remedy: ["ssl.truststore.location=/etc/kafka/client-ca.p12"],
      });
  }
}

interface Listener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** `NAME://address:port` with commas between; the address may be missing. */
function listenersOf(text: string): readonly Listener[] {
  return text.split(",").flatMap((each) => {
    const [, name = "", authority = ""] = /^\s*([A-Za-z0-9_.-]+):\/\/(\S*?)\s*$/u.exec(each) ?? [];
    const bare = /^:(\d{1,5})$/u.exec(authority)?.[1];
    if (bare !== undefined) return [{ name, address: "", port: Number(bare) }];
    const parsed = parseHostPort(authority);
    return parsed === null || parsed.port === null
      ? []
      : [{ name, address: parsed.host, port: parsed.port }];
  });
}

function protocolMap(text: Sourced<string> | null): ReadonlyMap<string, string> {
  return new Map(
    (text?.value ?? "").split(",").flatMap((each): readonly (readonly [string, string])[] => {
      const [name, protocol] = each.split(":");
      return name === undefined || protocol === undefined
        ? []
        : [[name.trim().toUpperCase(), protocol.trim().toUpperCase()]];
    }),
  );
}

function clientAuthOf(
  value: Sourced<string> | null,
  place: Place,
  builder: ImportBuilder,
): Sourced<ClientAuthExpectation> {
  const meaning = value === null ? undefined : CLIENT_AUTH.get(value.value.toLowerCase());
  if (value !== null && meaning !== undefined) return { ...value, value: meaning };
  if (value !== null)
    builder.note("ssl.client.auth is none, requested or required", placeOf(value));
  return byDefault("none", "ssl.client.auth is none unless it is set", place);
}
