import {
  type DataNode,
  itemsOf,
  member,
  memberAt,
  numberOf,
  textOf,
  truthOf,
} from "../data/data-node.ts";
import type { HeldCertificates, Manifest } from "../kubernetes/manifests.ts";
import { type Place, written } from "../origin.ts";
import { clientAuthOf, type GatewayParts, protocolsOf, suitesOf } from "./gateway.ts";

/** Group of the resources of the Layer7 operator. */
export const OPERATOR_GROUP = "security.brcmlabs.com/";

/** Alias of the key that a port presents when it names none. */
const DEFAULT_KEY = "ssl";

/** Most secrets with certificates, and most with keys, that are looked at. */
const MAX_NAMED = 1000;

/** Whether a resource is a gateway that the Layer7 operator keeps. */
export const isOperatorGateway = ({ apiVersion, kind }: Manifest): boolean =>
  kind === "Gateway" && apiVersion.startsWith(OPERATOR_GROUP);

/** Reads a `Gateway` of the Layer7 operator into `parts`: its ports, and the certificates and keys of Secrets beside it. */
export function readOperatorGateway(
  { node, place }: Manifest,
  held: HeldCertificates,
  parts: GatewayParts,
): void {
  const app = memberAt(node, "spec", "app");
  const hostname = memberAt(app, "management", "cluster", "hostname");
  const cluster = textOf(hostname);
  if (hostname !== null && cluster !== null && cluster !== "")
    parts.properties.set("cluster.hostname", written(cluster, at(place, hostname, "hostname")));
  addPorts(member(app, "listenPorts"), place, parts);
  for (const each of itemsOf(member(app, "externalCerts")).slice(0, MAX_NAMED))
    if (truthOf(member(each, "enabled")) === true) addCertificates(each, place, held, parts);
  for (const each of itemsOf(member(app, "externalKeys")).slice(0, MAX_NAMED))
    if (truthOf(member(each, "enabled")) === true) addKey(each, place, held, parts);
  for (const key of ["bundle", "repositoryReferences"])
    if (itemsOf(member(app, key)).length > 0)
      parts.note(
        `What the gateway dials stands in the bundles that spec.app.${key} names; import them beside this file`,
        at(place, member(app, key) ?? node, key),
      );
}

const at = (place: Place, { position }: DataNode, name: string): Place => ({
  file: place.file,
  ...position,
  at: `${place.at} ${name}`,
});

const textsOf = (node: DataNode | null): readonly string[] =>
  itemsOf(node).flatMap((item) => textOf(item) ?? []);

function addPorts(ports: DataNode | null, place: Place, parts: GatewayParts): void {
  if (truthOf(memberAt(ports, "custom", "enabled")) !== true) {
    parts.note(
      "listenPorts.custom is off: the gateway listens on the ports of its image, which these resources do not describe",
      ports === null ? place : at(place, ports, "listenPorts"),
    );
    return;
  }
  for (const node of itemsOf(member(ports, "ports"))) {
    const name = textOf(member(node, "name")) ?? "";
    const portNode = member(node, "port");
    const port = numberOf(portNode);
    if (portNode === null || port === null || port < 1 || port > 65_535) {
      parts.note(`Listen port "${name}" has no port number`, at(place, node, name));
      continue;
    }
    const tls = member(node, "tls");
    const asked = member(tls, "clientAuthentication");
    const auth = clientAuthOf(textOf(asked) ?? "");
    const key = member(tls, "privateKey");
    // KEYSTORE:ALIAS
    const alias = textOf(key)?.split(":").at(-1) ?? "";
    const versions = member(tls, "versions");
    const suites = member(tls, "cipherSuites");
    parts.ports.push({
      name,
      enabled: truthOf(member(node, "enabled")) === true,
      protocol: textOf(member(node, "protocol")) ?? "",
      port: written(port, at(place, portNode, "port")),
      clientAuth:
        asked === null || auth === null
          ? null
          : written(auth, at(place, asked, "clientAuthentication")),
      keyAlias: key === null || alias === "" ? null : written(alias, at(place, key, "privateKey")),
      protocols:
        versions === null
          ? null
          : written(protocolsOf(textsOf(versions)), at(place, versions, "versions")),
      cipherSuites:
        suites === null ? null : suitesOf(textsOf(suites), at(place, suites, "cipherSuites")),
      place: at(place, node, name),
    });
  }
}

function addCertificates(
  node: DataNode,
  place: Place,
  held: HeldCertificates,
  parts: GatewayParts,
): void {
  const name = textOf(member(node, "name")) ?? "";
  const whole = at(place, node, `externalCerts ${name}`);
  const kind = textOf(member(node, "type"))?.toLowerCase() === "configmap" ? "ConfigMap" : "Secret";
  const found = held.of(kind, name);
  if (found === null || found.length === 0) {
    parts.note(
      found === null
        ? `The ${kind === "Secret" ? "secret" : "config map"} "${name}" of externalCerts is not among these files; save it beside them`
        : `"${name}" of externalCerts holds no certificate in PEM`,
      whole,
    );
    return;
  }
  const uses = new Set(textsOf(member(node, "trustedFor")));
  const hostname = member(node, "verifyHostname");
  for (const { certificate } of found)
    parts.trusted.push({
      name: `${name}: ${certificate.subject.text}`,
      ids: [name],
      certificate,
      subject: null,
      flags: {
        trustAnchor: truthOf(member(node, "trustAnchor")) === true,
        ssl: uses.has("SSL"),
        signingServer: uses.has("SIGNING_SERVER_CERTS"),
        signingClient: uses.has("SIGNING_CLIENT_CERTS"),
        saml: uses.has("SAML_ISSUER") || uses.has("SAML_ATTESTING_ENTITY"),
        verifyHostname: truthOf(hostname) === true,
      },
      place: whole,
      hostnamePlace: hostname === null ? whole : at(place, hostname, "verifyHostname"),
    });
}

function addKey(node: DataNode, place: Place, held: HeldCertificates, parts: GatewayParts): void {
  const name = textOf(member(node, "name")) ?? "";
  const chain = (held.of("Secret", name) ?? []).map(({ certificate }) => certificate);
  const key = { chain, place: at(place, node, `externalKeys ${name}`) };
  const alias = textOf(member(node, "alias")) ?? name;
  parts.keys.push({ alias, ...key });
  // ports without a key of their own present the one that is marked for it
  const isDefault = textOf(member(node, "keyUsageType")) === "SSL";
  if (isDefault && alias.toLowerCase() !== DEFAULT_KEY)
    parts.keys.push({ alias: DEFAULT_KEY, ...key });
}
