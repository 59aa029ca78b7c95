import type { ProfileName } from "../../../trust/profile-names.ts";
import type { ClientAuthExpectation } from "../../estate.ts";
import { checkStore } from "../check-store.ts";
import { serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { listenerHost } from "../listener.ts";
import { byDefault, derived, type Place, placeOf, type Sourced } from "../origin.ts";
import type { SpringApplication } from "./application.ts";
import { storeLocation } from "./location.ts";

/** What the parts of an import share. */
export interface SpringContext {
  readonly application: SpringApplication;
  readonly builder: ImportBuilder;
  readonly host: string | null;
  /** Folder from which relative paths are taken. */
  readonly base: string;
  readonly profile: Sourced<ProfileName>;
}

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["none", "none"],
  ["want", "requested"],
  ["need", "required"],
]);

/** Adds the listeners of the application and of its management. */
export async function addServer(context: SpringContext): Promise<void> {
  const main = await addListener("server", 8080, context);
  const managementPort = context.application.text("management.server.port");
  if (managementPort === null) return;
  const own = context.application.keys.some((key) => /^management\.server\.ssl\./iu.test(key));
  if (own) await addListener("management.server", null, context);
  else if (main)
    context.builder.note(
      "The management port is separate and has no TLS of its own",
      placeOf(managementPort),
    );
}

async function addListener(
  prefix: string,
  defaultPort: number | null,
  context: SpringContext,
): Promise<boolean> {
  const { application, builder, host, base } = context;
  const ssl = (name: string): Sourced<string> | null => application.text(`${prefix}.ssl.${name}`);
  const bundle = ssl("bundle");
  const identity = bundle ?? ssl("key-store") ?? ssl("certificate");
  const enabled = ssl("enabled");
  if (enabled?.value.toLowerCase() === "false" || identity === null) return false;
  const written = application.text(`${prefix}.port`);
  const place: Place | null = placeOf(written ?? identity);
  const port = written === null ? defaultPort : Number(written.value);
  if (place === null || port === null || !Number.isInteger(port) || port < 1 || port > 65_535) {
    builder.note(`${prefix}.port is not a port that is known before the start`, place);
    return false;
  }
  const address = application.text(`${prefix}.address`);
  const at = listenerHost({ named: [], address, host, place }, builder);
  const options = bundle === null ? null : bundleOption(application, bundle.value);
  const protocols = ssl("enabled-protocols") ?? options;
  builder.endpoint({
    name: prefix === "server" ? "server" : "management",
    direction: "listens",
    url: derived(serviceUrl("https", at.value, port), `${prefix}.port with ${prefix}.ssl`, [place]),
    serverName: null,
    clientAuth: clientAuthOf(ssl("client-auth"), identity),
    labels: {},
    ...(protocols === null
      ? {}
      : { protocols: { ...protocols, value: javaProtocols(protocols.value) } }),
  });
  if (bundle !== null) return true;
  const keyStore = ssl("key-store");
  const path =
    keyStore === null ? null : storeLocation(keyStore, base, `${prefix}.ssl.key-store`, builder);
  if (path !== null)
    await checkStore(
      {
        role: `${prefix}.ssl.key-store`,
        path,
        type: ssl("key-store-type"),
        password: application.secret(`${prefix}.ssl.key-store-password`),
        alias: ssl("key-alias"),
        isTruststore: false,
      },
      builder,
    );
  await addClientAuthorities(prefix, ssl("client-auth"), context);
  return true;
}

async function addClientAuthorities(
  prefix: string,
  clientAuth: Sourced<string> | null,
  { application, builder, base }: SpringContext,
): Promise<void> {
  const written =
    application.text(`${prefix}.ssl.trust-store`) ??
    application.text(`${prefix}.ssl.trust-certificate`);
  if (written === null) {
    if (clientAuth?.value.toLowerCase() === "need")
      builder.issue({
        code: "estate.client-auth-unconfigured",
        severity: "info",
        summary:
          "Client certificates are required, and no trust-store is named: the JVM's own decides, with every public authority in it",
        place: placeOf(clientAuth),
        remedy: [`${prefix}.ssl.trust-store=file:/etc/app/client-ca.p12`],
      });
    return;
  }
  const path = storeLocation(written, base, `${prefix}.ssl.trust-store`, builder);
  if (path === null) return;
  const password = application.secret(`${prefix}.ssl.trust-store-password`);
  builder.truststore({ name: "client-cas", paths: [path], password });
  if (path.value.startsWith("inline:")) return;
  await checkStore(
    {
      role: `${prefix}.ssl.trust-store`,
      path,
      type: application.text(`${prefix}.ssl.trust-store-type`),
      password,
      alias: null,
      isTruststore: true,
    },
    builder,
  );
}

function bundleOption(application: SpringApplication, name: string): Sourced<string> | null {
  for (const kind of ["jks", "pem"]) {
    const key = `spring.ssl.bundle.${kind}.${name}.options.enabled-protocols`;
    const found = application.text(key) ?? application.text(`${key}[0]`);
    if (found !== null) return found;
  }
  return null;
}

function clientAuthOf(
  value: Sourced<string> | null,
  identity: Sourced<string>,
): Sourced<ClientAuthExpectation> {
  const meaning = value === null ? undefined : CLIENT_AUTH.get(value.value.toLowerCase());
  return value === null || meaning === undefined
    ? byDefault("none", "client-auth is none unless it is set", placeOf(identity))
    : { ...value, value: meaning };
}
