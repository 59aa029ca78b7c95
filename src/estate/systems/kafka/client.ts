import type { ProfileName } from "../../../trust/profile-names.ts";
import { parseHostPort } from "../../host-port.ts";
import { endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { byDefault, derived, placeOf, type Sourced } from "../origin.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import type { KafkaSettings } from "./settings.ts";
import { identityOf, suitesOf, tellEngine, truststoreOf } from "./stores.ts";

/** What a client is made with. */
export interface KafkaClientContext {
  readonly builder: ImportBuilder;
  readonly profile: Sourced<ProfileName>;
  readonly name: string;
}

const PREFIXES = ["producer.", "consumer.", "admin."] as const;

/** Prefixes under which a file has clients of their own; without any, the file is one client. */
export function clientPrefixes(settings: KafkaSettings): readonly string[] {
  const own = PREFIXES.filter((prefix) =>
    settings.keys.some(
      (key) => key.startsWith(`${prefix}ssl.`) || key === `${prefix}security.protocol`,
    ),
  );
  const whole = settings.keys.some((key) => key === "bootstrap.servers");
  return [...(whole ? [""] : []), ...own];
}

/** Adds a client, the brokers that it starts with, and the links between them. */
export async function addKafkaClient(
  settings: KafkaSettings,
  { builder, profile, name }: KafkaClientContext,
): Promise<void> {
  const servers = settings.text("bootstrap.servers");
  const protocol = settings.text("security.protocol");
  if (!/^(?:SSL|SASL_SSL)$/iu.test(protocol?.value ?? "PLAINTEXT")) {
    builder.note(
      "This client speaks without TLS: security.protocol is neither SSL nor SASL_SSL",
      settings.placeOf("security.protocol", "bootstrap.servers"),
    );
    return;
  }
  const endpoints = servers === null ? [] : bootstrapEndpoints(servers, builder);
  const identification = settings.raw("ssl.endpoint.identification.algorithm");
  const checksName = identification === null || identification.value !== "";
  if (!checksName)
    builder.issue({
      code: "estate.name-check-off",
      severity: "warning",
      summary:
        "The client does not check host names: ssl.endpoint.identification.algorithm is empty",
      place: identification === null ? null : placeOf(identification),
      remedy: ["ssl.endpoint.identification.algorithm=https"],
    });
  const store = await truststoreOf(settings, builder);
  if (store === null) {
    builder.note(
      "No truststore is named, so the client uses the cacerts of its JVM, which these files do not name",
      settings.placeOf("security.protocol"),
    );
    return;
  }
  const engine = tellEngine(settings, builder);
  const local = builder.truststore({ name, ...store.store });
  const protocols = settings.text("ssl.enabled.protocols");
  const place = settings.placeOf("ssl.truststore.location", "ssl.truststore.certificates");
  const client = builder.client({
    name,
    profile,
    trust: [derived(local, "ssl.truststore", place === null ? [] : [place])],
    nameCheck:
      identification === null
        ? byDefault("https", "ssl.endpoint.identification.algorithm is https unless it is set")
        : { ...identification, value: checksName ? "https" : "none" },
    ...engine,
    ...(await identityOf(settings, builder)),
    ...suitesOf(settings),
    protocols:
      protocols === null
        ? byDefault(["TLSv1.2", "TLSv1.3"], "ssl.enabled.protocols of Kafka 2.6 and later")
        : { ...protocols, value: javaProtocols(protocols.value) },
  });
  if (servers !== null)
    for (const endpoint of endpoints) builder.link(client, endpoint, servers.origin);
}

function bootstrapEndpoints(servers: Sourced<string>, builder: ImportBuilder): readonly string[] {
  return servers.value.split(",").flatMap((text) => {
    const address = parseHostPort(text.trim().replace(/^[A-Za-z_]+:\/\//u, ""));
    if (address === null || address.port === null) {
      if (text.includes("$"))
        unresolvedVariable("bootstrap.servers", text, placeOf(servers), builder);
      else builder.note("An address of bootstrap.servers is not understood", placeOf(servers));
      return [];
    }
    return [
      builder.endpoint({
        name: endpointName(address.host, address.port),
        direction: "dials",
        url: { ...servers, value: serviceUrl("tls", address.host, address.port) },
        serverName: null,
        clientAuth: null,
        labels: {},
      }),
    ];
  });
}
