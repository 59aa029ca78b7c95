import type { ImportedEndpoint } from "../model.ts";
import { serviceUrl } from "../dialled-url.ts";
import { isAnyAddress } from "../listener.ts";
import { byDefault, derived, placeOf, type Sourced } from "../origin.ts";
import type { MergedElement } from "./merge.ts";
import { featuresOf } from "./outbound.ts";
import type { Attributed, ServerConfig } from "./server-config.ts";
import { DEFAULT_SSL, type SslConfig } from "./ssl-configs.ts";

/** A listener with the SSL configuration that it uses. */
export interface LibertyListener {
  readonly endpoint: ImportedEndpoint;
  readonly ssl: SslConfig;
}

/** The listeners of a server with TLS, with what each asks of its clients: HTTPS, IIOP and JMS. */
export function libertyListeners(
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
  reachedAs: string | null,
): readonly LibertyListener[] {
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
  return [
    ...elements.flatMap((element) => listener(element, configs, config, reachedAs)),
    ...config.all("iiopEndpoint").flatMap((element) =>
      element.children
        .filter(({ local }) => local === "iiopsOptions")
        .flatMap((options) => {
          const port = config.text(options, "iiopsPort");
          return port === null
            ? []
            : socket({ kind: "iiops", element, options, port }, configs, config, reachedAs);
        }),
    ),
    ...config.all("wasJmsEndpoint").flatMap((element) => {
      if (config.flag(element, "enabled")?.value === false) return [];
      const port =
        config.text(element, "wasJmsSSLPort") ??
        byDefault("7286", "wasJmsSSLPort is 7286", element.place);
      return socket({ kind: "jms", element, options: element, port }, configs, config, reachedAs);
    }),
  ];
}

interface Socket {
  readonly kind: "iiops" | "jms";
  readonly element: MergedElement;
  /** What holds the reference to the SSL configuration. */
  readonly options: Attributed;
  readonly port: Sourced<string>;
}

/** A listener for something else than HTTP: host of the element, TLS at once. */
function socket(
  { kind, element, options, port }: Socket,
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
  reachedAs: string | null,
): readonly LibertyListener[] {
  const number = Number(port.value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return [];
  const host =
    config.text(element, "host") ?? byDefault("localhost", "host is localhost", element.place);
  const ref = config.text(options, "sslRef") ?? sharedRef(element, config);
  const ssl = configs.get(ref?.value ?? defaultRef(config)) ?? configs.get(DEFAULT_SSL);
  if (ssl === undefined) return [];
  const name = isAnyAddress(host.value) ? (reachedAs ?? "localhost") : host.value;
  return [
    {
      ssl,
      endpoint: {
        name: element.id === null || element.id === kind ? kind : `${kind}-${element.id}`,
        direction: "listens",
        url: derived(
          serviceUrl("tls", name, number),
          `host and port of <${element.kind}>`,
          [placeOf(host), placeOf(port)].flatMap((each) => (each === null ? [] : [each])),
        ),
        serverName: null,
        clientAuth: ssl.clientAuth,
        labels: {},
      },
    },
  ];
}

function listener(
  element: MergedElement | null,
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
  reachedAs: string | null,
): readonly LibertyListener[] {
  if (element !== null && config.flag(element, "enabled")?.value === false) return [];
  const text = (name: string): Sourced<string> | null =>
    element === null ? null : config.text(element, name);
  const place = element?.place ?? null;
  const port = text("httpsPort") ?? byDefault("9443", "httpsPort is 9443", place);
  const number = Number(port.value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return [];
  const host = text("host") ?? byDefault("localhost", "host is localhost", place);
  const isEverywhere = isAnyAddress(host.value);
  if (isEverywhere && reachedAs === null)
    config.builder.note(
      `The listener on port ${number} takes every address; its name is not known and localhost is taken. Say the name with --host`,
      placeOf(host),
    );
  const name = isEverywhere ? (reachedAs ?? "localhost") : host.value;
  const ssl = configs.get(sslRefOf(element, config)) ?? configs.get(DEFAULT_SSL);
  if (ssl === undefined) return [];
  const id = element?.id ?? "defaultHttpEndpoint";
  const places = [placeOf(host), placeOf(port)].flatMap((each) => (each === null ? [] : [each]));
  return [
    {
      ssl,
      endpoint: {
        name: id === "defaultHttpEndpoint" ? "https" : `https-${id}`,
        direction: "listens",
        url: derived(
          serviceUrl("https", name, number),
          `host and httpsPort of <httpEndpoint id="${id}">`,
          places,
        ),
        serverName: null,
        clientAuth: ssl.clientAuth,
        labels: {},
      },
    },
  ];
}

/** The SSL configuration of a listener: its own options, those it refers to, the default. */
function sslRefOf(element: MergedElement | null, config: ServerConfig): string {
  const own = element?.children.find(({ local }) => local === "sslOptions") ?? null;
  return (
    (
      (own === null ? null : config.text(own, "sslRef")) ??
      (element === null ? null : sharedRef(element, config))
    )?.value ?? defaultRef(config)
  );
}

/** The reference in the `<sslOptions>` that an element names. */
function sharedRef(element: MergedElement, config: ServerConfig): Sourced<string> | null {
  const ref = config.text(element, "sslOptionsRef");
  const shared = ref === null ? null : config.byId("sslOptions", ref.value);
  return shared === null ? null : config.text(shared, "sslRef");
}

/** The SSL configuration of whatever names none. */
function defaultRef(config: ServerConfig): string {
  const defaults = config.single("sslDefault");
  return (defaults === null ? null : config.text(defaults, "sslRef"))?.value ?? DEFAULT_SSL;
}
