import type { ImportedEndpoint } from "../model.ts";
import { serviceUrl } from "../dialled-url.ts";
import { byDefault, derived, placeOf, type Sourced } from "../origin.ts";
import type { MergedElement } from "./merge.ts";
import { featuresOf } from "./outbound.ts";
import type { ServerConfig } from "./server-config.ts";
import { DEFAULT_SSL, type SslConfig } from "./ssl-configs.ts";

/** The HTTPS listeners of a server, with what each asks of its clients. */
export function libertyListeners(
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
  reachedAs: string | null,
): readonly ImportedEndpoint[] {
  const features = featuresOf(config);
  if (
    features.length > 0 &&
    !features.some((feature) => /^(?:ssl-|transportSecurity-|ibmPfs:)/i.test(feature))
  )
    config.builder.note(
      "No feature for TLS (transportSecurity-1.0, ssl-1.0) is written; whether another one brings it cannot be told, so HTTPS is taken to be on",
      config.single("featureManager")?.place ?? null,
    );
  const written = config.all("httpEndpoint");
  const elements = written.some(({ id }) => id === "defaultHttpEndpoint")
    ? written
    : [null, ...written];
  return elements.flatMap((element) => listener(element, configs, config, reachedAs));
}

function listener(
  element: MergedElement | null,
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
  reachedAs: string | null,
): readonly ImportedEndpoint[] {
  if (element !== null && config.flag(element, "enabled")?.value === false) return [];
  const text = (name: string): Sourced<string> | null =>
    element === null ? null : config.text(element, name);
  const place = element?.place ?? null;
  const port = text("httpsPort") ?? byDefault("9443", "httpsPort is 9443", place);
  const number = Number(port.value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return [];
  const host = text("host") ?? byDefault("localhost", "host is localhost", place);
  const isEverywhere = host.value === "*" || host.value === "0.0.0.0" || host.value === "::";
  if (isEverywhere && reachedAs === null)
    config.builder.note(
      `The listener on port ${number} takes every address; its name is not known and localhost is taken. Say the name with --host`,
      placeOf(host),
    );
  const name = isEverywhere ? (reachedAs ?? "localhost") : host.value;
  const ssl = configs.get(sslRefOf(element, config)) ?? configs.get(DEFAULT_SSL);
  const id = element?.id ?? "defaultHttpEndpoint";
  const places = [placeOf(host), placeOf(port)].flatMap((each) => (each === null ? [] : [each]));
  return [
    {
      name: id === "defaultHttpEndpoint" ? "https" : `https-${id}`,
      direction: "listens",
      url: derived(
        serviceUrl("https", name, number),
        `host and httpsPort of <httpEndpoint id="${id}">`,
        places,
      ),
      serverName: null,
      clientAuth: ssl?.clientAuth ?? null,
      labels: {},
    },
  ];
}

/** The SSL configuration of a listener: its own options, those it refers to, the default. */
function sslRefOf(element: MergedElement | null, config: ServerConfig): string {
  const own = element?.children.find(({ local }) => local === "sslOptions") ?? null;
  const ref = element === null ? null : config.text(element, "sslOptionsRef");
  const shared = ref === null ? null : config.byId("sslOptions", ref.value);
  const defaults = config.single("sslDefault");
  return (
    (
      (own === null ? null : config.text(own, "sslRef")) ??
      (shared === null ? null : config.text(shared, "sslRef")) ??
      (defaults === null ? null : config.text(defaults, "sslRef"))
    )?.value ?? DEFAULT_SSL
  );
}
