import type { ProfileName } from "../../../trust/profile-names.ts";
import type { ClientAuthExpectation } from "../../estate.ts";
import { loadStoreFiles } from "../../../truststore/load.ts";
import type { StoreFile } from "../../../truststore/truststore.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { certificateFromText } from "../certificate-text.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { serviceUrl } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { listenerHost } from "../listener.ts";
import type { ImportedEndpoint } from "../model.ts";
import { chainIn } from "../pem-files.ts";
import { readSecret } from "../secret/read-secret.ts";
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
  const { application, builder, host } = context;
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
  const options =
    bundle === null ? null : bundleOption(application, bundle.value, "enabled-protocols");
  const protocols = ssl("enabled-protocols") ?? options;
  const ciphers =
    ssl("ciphers") ??
    application.text(`${prefix}.ssl.ciphers[0]`) ??
    (bundle === null ? null : bundleOption(application, bundle.value, "ciphers"));
  const suites = ciphers === null ? null : springSuites(ciphers);
  const serving =
    bundle === null ? await ownStores(prefix, context) : await bundleStores(bundle.value, context);
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
    ...(suites === null ? {} : { cipherSuites: suites }),
    ...serving,
  });
  return true;
}

/** What a listener presents and whom it accepts. */
type Serving = Pick<ImportedEndpoint, "ownChain" | "clientAuthorities">;

/** The stores that `server.ssl` names itself, which are checked. */
async function ownStores(prefix: string, context: SpringContext): Promise<Serving> {
  const { application, builder, base } = context;
  const ssl = (key: string): Sourced<string> | null => application.text(`${prefix}.ssl.${key}`);
  const keyStore = ssl("key-store");
  const path =
    keyStore === null ? null : storeLocation(keyStore, base, `${prefix}.ssl.key-store`, builder);
  const alias = ssl("key-alias");
  const file =
    path === null
      ? null
      : await checkStore(
          {
            role: `${prefix}.ssl.key-store`,
            path,
            type: ssl("key-store-type"),
            password: application.secret(`${prefix}.ssl.key-store-password`),
            alias,
            isTruststore: false,
          },
          builder,
        );
  const certificate = ssl("certificate");
  const pem =
    certificate === null || path !== null
      ? null
      : storeLocation(certificate, base, `${prefix}.ssl.certificate`, builder);
  const authorities = await addClientAuthorities(prefix, ssl("client-auth"), context);
  return {
    ownChain: pem === null ? ownChain(file, alias?.value ?? null) : await chainIn(pem),
    ...(authorities === null ? {} : { clientAuthorities: authorities }),
  };
}

/** The stores of a bundle; what is wrong with them is told with the bundle. */
async function bundleStores(name: string, { application, base }: SpringContext): Promise<Serving> {
  const quiet = new ImportBuilder();
  const at = async (
    key: string,
    what: "keystore" | "truststore",
  ): Promise<{ readonly path: Sourced<string>; readonly file: StoreFile } | null> => {
    const written = application.text(key);
    const path = written === null ? null : storeLocation(written, base, what, quiet);
    if (path === null) return null;
    const secret = application.secret(`${key.slice(0, key.lastIndexOf("."))}.password`);
    const read = secret === null ? null : await readSecret(secret.value);
    const loaded = await loadStoreFiles(path.value, {
      password: read?.ok === true ? read.value : null,
    });
    const [file] = loaded.ok ? loaded.value.files : [];
    return file === undefined ? null : { path, file };
  };
  const bundle = `spring.ssl.bundle`;
  const own =
    (await at(`${bundle}.jks.${name}.keystore.location`, "keystore")) ??
    (await at(`${bundle}.pem.${name}.keystore.certificate`, "keystore"));
  const trust =
    (await at(`${bundle}.jks.${name}.truststore.location`, "truststore")) ??
    (await at(`${bundle}.pem.${name}.truststore.certificate`, "truststore"));
  const alias = application.text(`${bundle}.jks.${name}.key.alias`);
  return {
    ownChain: ownChain(own?.file ?? null, alias?.value ?? null),
    ...(trust === null
      ? {}
      : {
          clientAuthorities: {
            ...trust.path,
            value: anchorsIn(trust.file, trust.file.format === "pem" ? "openssl" : "java"),
          },
        }),
  };
}

/** Suites that a property lists; null where they are not understood. */
export function springSuites(written: Sourced<string>): Sourced<readonly string[]> | null {
  const suites = javaCipherSuites(written.value);
  return suites === null ? null : { ...written, value: suites };
}

async function addClientAuthorities(
  prefix: string,
  clientAuth: Sourced<string> | null,
  { application, builder, base }: SpringContext,
): Promise<Sourced<readonly Certificate[]> | null> {
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
    return null;
  }
  const path = storeLocation(written, base, `${prefix}.ssl.trust-store`, builder);
  if (path === null) return null;
  const password = application.secret(`${prefix}.ssl.trust-store-password`);
  builder.truststore({ name: "client-cas", paths: [path], password });
  if (path.value.startsWith("inline:")) {
    const certificate = certificateFromText(path.value.slice("inline:".length));
    return certificate === null ? null : { ...path, value: [certificate] };
  }
  const file = await checkStore(
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
  return { ...path, value: anchorsIn(file, file?.format === "pem" ? "openssl" : "java") };
}

function bundleOption(
  application: SpringApplication,
  name: string,
  option: "enabled-protocols" | "ciphers",
): Sourced<string> | null {
  for (const kind of ["jks", "pem"]) {
    const key = `spring.ssl.bundle.${kind}.${name}.options.${option}`;
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
