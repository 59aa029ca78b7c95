import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { checkPlainPort } from "../check-plain-port.ts";
import { checkStore } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import type { ImportedIdentity } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { readParameters, type WebTierParameters } from "./read-parameters.ts";

/** The web tier of Service Manager: `WEB-INF/web.xml` and `WEB-INF/webtier.properties`. */
export const SERVICE_MANAGER_WEB_TIER: SystemImporter = {
  system: "service-manager-web-tier",
  title: "Service Manager web tier",
  expects: "folder of the web application, or its WEB-INF/web.xml",
  detect: async (path, reader) => {
    const file = await webXml(path, reader);
    if (file === null) return 0;
    const source = await reader.read(file);
    return source.ok &&
      /<param-name>\s*(?:serverHost|isCustomAuthenticationUsed)\s*</u.test(source.value.text)
      ? 9
      : 0;
  },
  read: async ({ paths, reader }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const file = await webXml(path, reader);
      const parameters = file === null ? null : await readParameters(file, reader, builder);
      if (file === null || parameters === null) continue;
      found = true;
      await derive(parameters, dirname(dirname(file)), file, builder);
    }
    return found
      ? ok(builder.build("web-tier"))
      : fail(
          builder.failure(
            `${paths.join(", ")} holds no readable WEB-INF/web.xml; the folder of the web tier was expected`,
          ),
        );
  },
};

async function webXml(path: string, reader: SourceReader): Promise<string | null> {
  if (path.endsWith("web.xml")) return path;
  for (const file of [join(path, "WEB-INF", "web.xml"), join(path, "web.xml")])
    if ((await reader.look(file))?.kind === "file") return file;
  return null;
}

const isTrue = (value: Sourced<string> | null): boolean => value?.value.toLowerCase() === "true";

async function derive(
  parameters: WebTierParameters,
  root: string,
  file: string,
  builder: ImportBuilder,
): Promise<void> {
  const whole: Place = { file, line: 1, column: 1, at: "web-app" };
  const client = await addClient(parameters, { root, whole }, builder);
  const host = parameters.text("serverHost");
  if (host === null) {
    builder.note("serverHost is not set, so the server is not known", whole);
    return;
  }
  const hostPlace = placeOf(host);
  const usesTls = isTrue(parameters.text("ssl"));
  const serverPort = parameters.text("serverPort");
  const port = (usesTls ? parameters.text("sslPort") : null) ?? serverPort;
  const number = Number(port?.value);
  if (port === null || !Number.isInteger(number) || number < 1 || number > 65_535) {
    builder.note(
      "Neither sslPort nor serverPort is a port number, so the server is not known",
      hostPlace,
    );
    return;
  }
  if (!usesTls) {
    builder.note(
      `The web tier dials ${endpointName(host.value, number)} without TLS (ssl is not true)`,
      hostPlace,
    );
    checkPlainMode(parameters, number, port, builder);
    return;
  }
  const target = dialledUrl(serviceUrl("https", host.value, number));
  if (target.kind !== "tls") {
    builder.note("serverHost is not a host name", hostPlace);
    return;
  }
  checkPlainPort(target, port, builder);
  const rule = "serverHost with the port for TLS";
  const places = [host, port].flatMap((value) => placeOf(value) ?? []);
  const endpoint = builder.endpoint({
    name: endpointName(host.value, number),
    direction: "dials",
    url: derived(target.url, rule, places),
    serverName: null,
    clientAuth: null,
    labels: {},
  });
  if (client !== null) builder.link(client, endpoint, { kind: "derived", rule, places });
}

/** Switches that need TLS while it is off. */
function checkPlainMode(
  parameters: WebTierParameters,
  number: number,
  port: Sourced<string>,
  builder: ImportBuilder,
): void {
  const issue = (value: Sourced<string>, summary: string): void =>
    builder.issue({
      code: "estate.service-manager-mode",
      severity: "warning",
      summary,
      place: placeOf(value),
      remedy: ["Set ssl to true and sslPort to the server's httpsPort"],
    });
  if (number === 13443)
    issue(port, "The web tier speaks without TLS to port 13443, which is HTTPS of Service Manager");
  const custom = parameters.text("isCustomAuthenticationUsed");
  if (custom?.value.toLowerCase() === "false")
    issue(
      custom,
      "Trusted sign-on (isCustomAuthenticationUsed is false) needs TLS with a client certificate, and ssl is not true",
    );
}

interface WebTierPlace {
  /** Folder of the web application: paths in it begin with a slash. */
  readonly root: string;
  readonly whole: Place;
}

async function addClient(
  parameters: WebTierParameters,
  { root, whole }: WebTierPlace,
  builder: ImportBuilder,
): Promise<string | null> {
  const inside = (value: Sourced<string>): Sourced<string> => ({
    ...value,
    value: configuredPath(value.value.replace(/^\/(?=WEB-INF\/)/u, ""), root),
  });
  const cacerts = parameters.text("cacerts");
  if (cacerts === null) {
    builder.note(
      "cacerts is not set: the web tier uses the truststore of the JVM that runs it, which these files do not name",
      whole,
    );
    return null;
  }
  const path = inside(cacerts);
  const name = builder.truststore({ name: "", paths: [path], password: null });
  await checkStore(
    { role: "cacerts", path, type: null, password: null, alias: null, isTruststore: true },
    builder,
  );
  const identity = await identityOf(parameters, inside, builder);
  if (identity === null) {
    const custom = parameters.text("isCustomAuthenticationUsed");
    if (custom?.value.toLowerCase() === "false")
      builder.issue({
        code: "estate.client-auth-unconfigured",
        severity: "warning",
        summary:
          "Trusted sign-on (isCustomAuthenticationUsed is false) needs a client certificate, and keystore does not name one",
        place: placeOf(custom),
        remedy: [
          "Name the web tier's keystore in the parameter keystore, and import its certificate into the server's ssl_trustedClientsJKS",
        ],
      });
  }
  return builder.client({
    name: "",
    profile: byDefault(
      "openjdk-8",
      "the Java of the servlet container is not in these files",
      whole,
    ),
    trust: [derived(name, "cacerts", [placeOf(path) ?? whole])],
    nameCheck: byDefault("https", "Java checks the names of HTTPS servers"),
    identity,
  });
}

async function identityOf(
  parameters: WebTierParameters,
  inside: (value: Sourced<string>) => Sourced<string>,
  builder: ImportBuilder,
): Promise<ImportedIdentity | null> {
  const keystore = parameters.text("keystore");
  if (keystore === null) return null;
  const path = inside(keystore);
  const password = parameters.secret("keystorePassword", builder);
  await checkStore(
    { role: "keystore", path, type: null, password, alias: null, isTruststore: false },
    builder,
  );
  return { kind: "keystore", path, password, keyPassword: null, alias: null };
}
