import type { ClientAuthExpectation, SecretReference } from "../../estate.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites, opensslCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import { serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { listenerHost } from "../listener.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import { type FilledText, passwordReference, prefixedVariable } from "../placeholders.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import { attributeOf, childrenOf, type XmlElement } from "../xml/element.ts";

/** What the connectors of one server.xml share. */
export interface TomcatContext {
  readonly builder: ImportBuilder;
  /** CATALINA_BASE, from which relative paths are taken. */
  readonly base: string;
  readonly host: string | null;
  readonly fill: (value: Sourced<string>) => FilledText;
}

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["none", "none"],
  ["false", "none"],
  ["optional", "requested"],
  ["optionalnoca", "requested"],
  ["want", "requested"],
  ["required", "required"],
  ["require", "required"],
  ["true", "required"],
  ["yes", "required"],
]);

/** Names of one setting: on SSLHostConfig or Certificate, and on the Connector up to Tomcat 8.0. */
const SETTINGS = {
  clientAuth: ["certificateVerification", "clientAuth"],
  protocols: ["protocols", "sslEnabledProtocols"],
  truststore: ["truststoreFile", "truststoreFile"],
  truststorePassword: ["truststorePassword", "truststorePass"],
  truststoreType: ["truststoreType", "truststoreType"],
  authorities: ["caCertificateFile", "SSLCACertificateFile"],
  authorityFolder: ["caCertificatePath", "SSLCACertificatePath"],
  keystore: ["certificateKeystoreFile", "keystoreFile"],
  keystorePassword: ["certificateKeystorePassword", "keystorePass"],
  keystorePasswordFile: ["certificateKeystorePasswordFile", "keystorePassFile"],
  keystoreType: ["certificateKeystoreType", "keystoreType"],
  alias: ["certificateKeyAlias", "keyAlias"],
  certificate: ["certificateFile", "SSLCertificateFile"],
  ciphers: ["ciphers", "SSLCipherSuite"],
  suites13: ["cipherSuites", "cipherSuites"],
} as const;

/** Adds what a connector listens on: one endpoint for each host that it has a certificate for. */
export async function addConnector(connector: XmlElement, context: TomcatContext): Promise<void> {
  const { builder, host, fill } = context;
  const enabled = attributeOf(connector, "SSLEnabled");
  if (enabled === null || fill(enabled).value.toLowerCase() !== "true") return;
  const written = attributeOf(connector, "port");
  const filled = written === null ? null : fill(written);
  const port = Number(filled?.value);
  const place = filled === null ? connector.place : (placeOf(filled) ?? connector.place);
  if (filled === null || !Number.isInteger(port) || port < 1 || port > 65_535) {
    if (filled !== null && filled.unresolved.length > 0)
      unresolvedVariable("The port of this connector", filled.value, place, builder);
    else builder.note("This connector has no port number", place);
    return;
  }
  const modern = childrenOf(connector, "SSLHostConfig");
  for (const config of modern.length > 0 ? modern : [connector]) {
    const own = (name: keyof typeof SETTINGS): FilledText | null =>
      setting(name, [config, connector], context);
    const named = config === connector ? null : attributeOf(config, "hostName");
    const names = named === null || named.value === "_default_" ? [] : [fill(named)];
    const address = attributeOf(connector, "address");
    const at = listenerHost(
      { named: names, address: address === null ? null : fill(address), host, place },
      builder,
    );
    const [first] = names;
    const protocols = own("protocols");
    const authorities = await addTruststore(own, context);
    const chains: Certificate[][] = [];
    const certificates = childrenOf(config, "Certificate");
    for (const certificate of certificates.length > 0 ? certificates : [config])
      chains.push([
        ...(await checkKeystore([certificate, config, connector], certificate.place, context)),
      ]);
    const suites = suitesOf(own);
    builder.endpoint({
      name: `${first?.value ?? "https"}:${port}`,
      direction: "listens",
      url: derived(serviceUrl("https", at.value, port), "Connector with SSLEnabled", [place]),
      serverName: first !== undefined && first.value !== at.value ? first : null,
      clientAuth: clientAuthOf(own("clientAuth"), config.place, builder),
      labels: {},
      ...(protocols === null
        ? {}
        : { protocols: { ...protocols, value: javaProtocols(protocols.value) } }),
      ...(suites === null ? {} : { cipherSuites: suites }),
      ...(authorities === null ? {} : { clientAuthorities: authorities }),
      ownChain: chains[0] ?? [],
    });
  }
}

/** `ciphers` in the words of Java or OpenSSL, with `cipherSuites` for TLS 1.3 (Tomcat 11.0.5, 10.1.37, 9.0.101). */
function suitesOf(own: Own): Sourced<readonly string[]> | null {
  const ciphers = own("ciphers");
  if (ciphers === null) return null;
  const text = ciphers.value;
  const suites = /:|^[A-Z0-9-]+$/u.test(text)
    ? opensslCipherSuites(text, own("suites13")?.value ?? null)
    : javaCipherSuites(text);
  return suites === null ? null : { value: suites, origin: ciphers.origin };
}

/** A setting of the nearest element that has it, under its present or its older name. */
function setting(
  name: keyof typeof SETTINGS,
  elements: readonly XmlElement[],
  { fill }: TomcatContext,
): FilledText | null {
  for (const element of elements)
    for (const attribute of SETTINGS[name]) {
      const found = attributeOf(element, attribute);
      if (found !== null) return fill(found);
    }
  return null;
}

function clientAuthOf(
  value: FilledText | null,
  place: Place,
  builder: ImportBuilder,
): Sourced<ClientAuthExpectation> {
  const meaning = value === null ? undefined : CLIENT_AUTH.get(value.value.toLowerCase());
  if (value !== null && meaning !== undefined) return { value: meaning, origin: value.origin };
  if (value !== null)
    builder.note("The client authentication of this connector is not known", placeOf(value));
  return byDefault("none", "no client certificate is asked for unless it is set", place);
}

/** Where a password is: in server.xml, in the environment, or in the properties file that its one variable stands in. */
function secretOf(value: FilledText | null): Sourced<SecretReference> | null {
  const place = value === null ? null : placeOf(value);
  if (value === null || place === null || value.origin.kind !== "written") return null;
  const { origin } = value;
  const [variable, ...others] = origin.variables;
  if (variable === undefined)
    return passwordReference(value, {
      file: place.file,
      locator: `xml:${place.at}`,
      variable: prefixedVariable,
    });
  if (others.length > 0 || variable.place === null) return null;
  const kind = variable.source === "catalina.properties" ? "properties" : "option";
  return {
    origin,
    value: { kind: "config", path: variable.place.file, at: `${kind}:${variable.name}`, key: null },
  };
}

type Own = (name: keyof typeof SETTINGS) => FilledText | null;

/** The authorities of clients, as a truststore of the estate. */
async function addTruststore(
  own: Own,
  { builder, base }: TomcatContext,
): Promise<Sourced<readonly Certificate[]> | null> {
  const file = own("truststore") ?? own("authorities") ?? own("authorityFolder");
  const mode = own("clientAuth");
  if (file === null) {
    if (/^(?:required|require|true|yes)$/iu.test(mode?.value ?? ""))
      builder.issue({
        code: "estate.client-auth-unconfigured",
        severity: "info",
        summary:
          "Client certificates are required, and no truststore is named: the JVM's own decides, with every public authority in it",
        place: mode === null ? null : placeOf(mode),
        remedy: ['truststoreFile="conf/client-ca.p12" truststoreType="PKCS12"'],
      });
    return null;
  }
  const path = { value: configuredPath(file.value, base), origin: file.origin };
  if (file.unresolved.length > 0) {
    unresolvedVariable("truststoreFile", file.value, placeOf(file), builder);
    return null;
  }
  const password = secretOf(own("truststorePassword"));
  builder.truststore({ name: "client-cas", paths: [path], password });
  const type = own("truststoreType");
  const isFolder = own("truststore") === null && own("authorities") === null;
  if (isFolder)
    return { ...path, value: await authoritiesIn([path], "caCertificatePath", builder) };
  const loaded = await checkStore(
    { role: "truststoreFile", path, type, password, alias: null, isTruststore: true },
    builder,
  );
  return { ...path, value: anchorsIn(loaded, loaded?.format === "pem" ? "openssl" : "java") };
}

async function checkKeystore(
  elements: readonly XmlElement[],
  place: Place,
  context: TomcatContext,
): Promise<readonly Certificate[]> {
  const { builder, base } = context;
  const own: Own = (name) => setting(name, elements, context);
  const file = own("keystore");
  if (file === null) {
    const pem = own("certificate");
    if (pem === null)
      builder.note("No keystore is named, so it is .keystore in the home of Tomcat's user", place);
    return pem === null || pem.unresolved.length > 0
      ? []
      : chainIn({ value: configuredPath(pem.value, base), origin: pem.origin });
  }
  if (file.unresolved.length > 0) {
    unresolvedVariable("certificateKeystoreFile", file.value, placeOf(file), builder);
    return [];
  }
  const plain = own("keystorePassword");
  const inFile = own("keystorePasswordFile");
  if (plain === null && inFile === null)
    builder.issue({
      code: "estate.default-password",
      severity: "info",
      summary:
        "No password of the keystore is named, so it is Tomcat's default, which everybody knows",
      place: placeOf(file),
      remedy: [
        "Give the keystore a password of its own, and name it in certificateKeystorePassword",
      ],
    });
  const password =
    inFile === null
      ? secretOf(plain)
      : written<SecretReference>(
          { kind: "file", path: configuredPath(inFile.value, base) },
          placeOf(inFile) ?? place,
        );
  const alias = own("alias");
  const loaded = await checkStore(
    {
      role: "certificateKeystoreFile",
      path: { value: configuredPath(file.value, base), origin: file.origin },
      type: own("keystoreType"),
      password,
      alias,
      isTruststore: false,
    },
    builder,
  );
  return ownChain(loaded, alias?.value ?? null);
}
