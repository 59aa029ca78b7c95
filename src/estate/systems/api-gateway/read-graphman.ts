import { certificateFromText, certificatesFromPem } from "../certificate-text.ts";
import {
  type DataNode,
  itemsOf,
  member,
  memberAt,
  memberOf,
  numberOf,
  textOf,
  truthOf,
} from "../data/data-node.ts";
import { parseJson } from "../data/parse-json.ts";
import { parseYaml } from "../data/parse-yaml.ts";
import { LineIndex } from "../line-index.ts";
import { type Place, type Sourced, written } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";
import {
  clientAuthOf,
  type GatewayParts,
  type GatewayRoute,
  protocolsOf,
  suitesOf,
} from "./gateway.ts";
import { readPolicyText } from "./read-policy.ts";

type EntityReader = (entity: DataNode, source: GraphmanSource, parts: GatewayParts) => void;

/** A file with what is needed to say where a value of it stands. */
interface GraphmanSource {
  readonly source: SourceText;
  readonly lines: LineIndex;
  readonly place: (node: DataNode, at: string) => Place;
}

/** Arrays of a bundle with the reader of their entities; the names of older schemas stand beside the present ones. */
const ARRAYS: ReadonlyMap<string, EntityReader> = new Map([
  ["trustedCerts", trustedCertificate],
  ["listenPorts", listenPort],
  ["keys", key],
  ["federatedIdps", provider],
  ["fips", provider],
  ["federatedUsers", user],
  ["fipUsers", user],
  ["ldapIdps", ldapProvider],
  ["ldaps", ldapProvider],
  ["httpConfigurations", httpConfiguration],
  ["jmsDestinations", jmsDestination],
  ["clusterProperties", clusterProperty],
]);

/** Arrays whose entities hold policies: present and older names. */
const POLICY_ARRAYS: ReadonlySet<string> = new Set([
  "services",
  "webApiServices",
  "soapServices",
  "internalWebApiServices",
  "internalSoapServices",
  "policies",
  "policyFragments",
  "globalPolicies",
  "backgroundTaskPolicies",
  "encassConfigs",
]);

/** Whether a document has at least one array of a Graphman bundle. */
export const isGraphman = (document: DataNode): boolean =>
  document.kind === "map" &&
  [...document.entries.keys()].some((name) => ARRAYS.has(name) || POLICY_ARRAYS.has(name));

/** Reads every entity of a Graphman bundle into `parts`. Arrays that are not about TLS are passed over. */
export function readGraphman(document: DataNode, source: SourceText, parts: GatewayParts): void {
  const file: GraphmanSource = {
    source,
    lines: new LineIndex(source.text),
    place: (node, at) => ({ file: source.file, ...node.position, at }),
  };
  if (document.kind !== "map") return;
  for (const [name, { value }] of document.entries) {
    const read = ARRAYS.get(name);
    for (const entity of itemsOf(value)) {
      if (read !== undefined) read(entity, file, parts);
      else if (POLICY_ARRAYS.has(name)) policies(entity, file, parts);
    }
  }
}

const nameOf = (entity: DataNode): string =>
  textOf(memberOf(entity, ["name", "alias", "login", "goid"])) ?? "unnamed";

const textsOf = (node: DataNode | null): readonly string[] =>
  itemsOf(node).flatMap((item) => textOf(item) ?? textOf(member(item, "name")) ?? []);

function sourced(
  entity: DataNode,
  names: readonly string[],
  { place }: GraphmanSource,
): Sourced<string> | null {
  const node = memberOf(entity, names);
  const text = textOf(node);
  const name = names[0] ?? "";
  return node === null || text === null || text === "" ? null : written(text, place(node, name));
}

function truth(
  entity: DataNode | null,
  name: string,
  { place }: GraphmanSource,
): Sourced<boolean> | null {
  const node = member(entity, name);
  const value = truthOf(node);
  return node === null || value === null ? null : written(value, place(node, name));
}

function trustedCertificate(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const name = nameOf(entity);
  const place = file.place(entity, `trustedCerts ${name}`);
  const certificate = certificateFromText(textOf(member(entity, "certBase64")) ?? "");
  if (certificate === null)
    parts.note(`Trusted certificate "${name}" holds no certificate that can be read`, place);
  const uses = new Set(textsOf(member(entity, "trustedFor")));
  const hostname = member(entity, "verifyHostname");
  parts.trusted.push({
    name,
    ids: textsIn(entity, ["goid", "thumbprintSha1"]),
    certificate,
    subject: textOf(member(entity, "subjectDn")),
    flags: {
      trustAnchor: truthOf(member(entity, "trustAnchor")) === true,
      ssl: uses.has("SSL"),
      signingServer: uses.has("SIGNING_SERVER_CERTS"),
      signingClient: uses.has("SIGNING_CLIENT_CERTS"),
      saml: uses.has("SAML_ISSUER") || uses.has("SAML_ATTESTING_ENTITY"),
      verifyHostname: truthOf(hostname) === true,
    },
    place,
    hostnamePlace: hostname === null ? place : file.place(hostname, "verifyHostname"),
  });
}

const textsIn = (entity: DataNode, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => textOf(member(entity, name)) ?? []);

function listenPort(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const name = nameOf(entity);
  const place = file.place(entity, `listenPorts ${name}`);
  const portNode = member(entity, "port");
  const port = numberOf(portNode);
  if (portNode === null || port === null || port < 1 || port > 65_535) {
    parts.note(`Listen port "${name}" has no port number`, place);
    return;
  }
  const tls = member(entity, "tlsSettings");
  const asked = tls === null ? null : sourced(tls, ["clientAuthentication"], file);
  const clientAuth = asked === null ? null : clientAuthOf(asked.value);
  if (asked !== null && clientAuth === null)
    parts.note(`Listen port "${name}" has a client authentication that is not known`, place);
  const versions = member(tls, "tlsVersions");
  const suites = member(tls, "cipherSuites");
  parts.ports.push({
    name,
    enabled: truthOf(member(entity, "enabled")) !== false,
    protocol: textOf(member(entity, "protocol")) ?? "",
    port: written(port, file.place(portNode, "port")),
    clientAuth: asked === null || clientAuth === null ? null : { ...asked, value: clientAuth },
    keyAlias: tls === null ? null : sourced(tls, ["keyAlias"], file),
    protocols:
      versions === null
        ? null
        : written(protocolsOf(textsOf(versions)), file.place(versions, "tlsVersions")),
    cipherSuites:
      suites === null ? null : suitesOf(textsOf(suites), file.place(suites, "cipherSuites")),
    place,
  });
}

function key(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const chain = textsOf(member(entity, "certChain")).flatMap((text) =>
    text.includes("-----BEGIN") ? certificatesFromPem(text) : (certificateFromText(text) ?? []),
  );
  const alias = textOf(member(entity, "alias")) ?? nameOf(entity);
  parts.keys.push({ alias, chain, place: file.place(entity, `keys ${alias}`) });
}

function provider(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const name = nameOf(entity);
  parts.providers.push({
    name,
    ids: textsIn(entity, ["goid"]),
    issuers: [
      ...textsOf(member(entity, "trustedCertNames")),
      ...itemsOf(memberOf(entity, ["certificateReferences"])).flatMap((reference) =>
        textsIn(reference, ["goid", "name", "thumbprintSha1"]).concat(textOf(reference) ?? []),
      ),
    ],
    place: file.place(entity, `federatedIdps ${name}`),
  });
}

function user(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const name = nameOf(entity);
  const encoded = textOf(member(entity, "certBase64"));
  parts.users.push({
    name,
    provider: textOf(member(entity, "providerName")) ?? "",
    subject: sourced(entity, ["subjectDn"], file),
    certificate: encoded === null ? null : certificateFromText(encoded),
    place: file.place(entity, `federatedUsers ${name}`),
  });
}

const route = (owner: string, url: Sourced<string>): GatewayRoute => ({
  owner,
  url,
  keyAlias: null,
  trustedOnly: [],
  protocols: null,
  cipherSuites: null,
  verifyServer: null,
  verifyHostname: null,
});

function ldapProvider(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const presents = truthOf(memberOf(entity, ["useSslClientAuth", "ldapsClientAuthEnabled"]));
  const keyAlias =
    presents === true ? sourced(entity, ["sslClientKeyAlias", "ldapsClientKeyAlias"], file) : null;
  for (const url of itemsOf(memberOf(entity, ["serverUrls", "ldapUrls"]))) {
    const text = textOf(url);
    if (text === null) continue;
    parts.routes.push({
      ...route(nameOf(entity), written(text, file.place(url, "serverUrls"))),
      keyAlias,
    });
  }
}

function httpConfiguration(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const host = sourced(entity, ["host"], file);
  if (host === null || textOf(member(entity, "protocol"))?.toUpperCase() !== "HTTPS") return;
  const port = numberOf(member(entity, "port"));
  const authority = host.value.includes(":") ? `[${host.value}]` : host.value;
  const version = sourced(entity, ["tlsVersion"], file);
  parts.routes.push({
    ...route(`HTTP options for ${host.value}`, {
      ...host,
      value: `https://${authority}${port === null || port === 0 ? "" : `:${port}`}`,
    }),
    keyAlias: sourced(entity, ["tlsKeyAlias"], file),
    protocols: version === null ? null : { ...version, value: protocolsOf([version.value]) },
    cipherSuites: listedSuites(member(entity, "tlsCipherSuites"), file),
  });
}

function jmsDestination(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const url = sourced(entity, ["jndiUrl"], file);
  if (url === null) return;
  const details = ["jndiSslDetails", "destinationSslDetails"].flatMap(
    (name) => member(entity, name) ?? [],
  );
  const used = details.filter((each) => truthOf(member(each, "sslEnabled")) !== false);
  if (details.length > 0 && used.length === 0) return;
  const ssl =
    used.find((each) => truthOf(member(each, "sslVerifyServerCertificate")) === false) ??
    used.find((each) => truthOf(member(each, "sslVerifyServerHostname")) === false) ??
    used[0] ??
    null;
  parts.routes.push({
    ...route(nameOf(entity), url),
    keyAlias: ssl === null ? null : sourced(ssl, ["sslClientKeyAlias"], file),
    verifyServer: truth(ssl, "sslVerifyServerCertificate", file),
    verifyHostname: truth(ssl, "sslVerifyServerHostname", file),
  });
}

function clusterProperty(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const value = sourced(entity, ["value"], file);
  if (value !== null) parts.properties.set(nameOf(entity), value);
}

/** The routing assertions of a service or policy: policies are XML in a text, or JSON as text or as it is. */
function policies(entity: DataNode, file: GraphmanSource, parts: GatewayParts): void {
  const owner = nameOf(entity);
  const policy = member(entity, "policy");
  const xml = member(policy, "xml") ?? (policy?.kind === "scalar" ? policy : null);
  const text = textOf(xml);
  if (xml !== null && text !== null) {
    readPolicyText(text, file.place(xml, `policy of ${owner}`), owner, file, parts);
    return;
  }
  const code = memberOf(policy, ["code", "json", "yaml"]);
  const inside = textOf(code);
  if (code === null || inside === null) {
    routings(code, owner, file, parts);
    return;
  }
  // positions in a text that is itself a value are of no use: everything stands where the text does
  const around = file.place(code, `policy of ${owner}`);
  const inner: GraphmanSource = { ...file, place: (_node, at) => ({ ...around, at }) };
  const json = parseJson(inside);
  if (json.ok) {
    routings(json.value, owner, inner, parts);
    return;
  }
  const { documents, faults } = parseYaml(inside);
  for (const { message } of faults.slice(0, 1))
    parts.note(`Policy of "${owner}" is not read in whole: ${message}`, around);
  for (const document of documents) routings(document, owner, inner, parts);
}

/** Every `HttpRouting` at any depth of a policy as code. */
function routings(
  node: DataNode | null,
  owner: string,
  file: GraphmanSource,
  parts: GatewayParts,
): void {
  for (const item of itemsOf(node)) routings(item, owner, file, parts);
  if (node?.kind !== "map") return;
  for (const [name, { value }] of node.entries) {
    if (/^Http2?Routing$/u.test(name)) httpRouting(value, owner, file, parts);
    else routings(value, owner, file, parts);
  }
}

function httpRouting(
  node: DataNode,
  owner: string,
  file: GraphmanSource,
  parts: GatewayParts,
): void {
  if (truthOf(memberAt(node, ".properties", ".enabled")) === false) return;
  const version = sourced(node, ["tlsVersion"], file);
  const urls = [memberOf(node, ["protectedServiceUrl"]), ...itemsOf(member(node, "customURLs"))];
  for (const url of urls) {
    const text = textOf(url);
    if (url === null || text === null || text === "") continue;
    parts.routes.push({
      ...route(owner, written(text, file.place(url, "HttpRouting/protectedServiceUrl"))),
      keyAlias:
        truthOf(member(node, "usesNoKey")) === true ? null : sourced(node, ["keyAlias"], file),
      trustedOnly: textsOf(member(node, "tlsTrustedCertNames")),
      protocols: version === null ? null : { ...version, value: protocolsOf([version.value]) },
      cipherSuites: listedSuites(member(node, "tlsCipherSuites"), file),
    });
  }
}

/** Suites as a list, or as one text with commas. */
function listedSuites(
  node: DataNode | null,
  file: GraphmanSource,
): Sourced<readonly string[]> | null {
  if (node === null) return null;
  const text = textOf(node);
  return suitesOf(text === null ? textsOf(node) : [text], file.place(node, "tlsCipherSuites"));
}
