import { certificateFromText } from "../certificate-text.ts";
import { LineIndex } from "../line-index.ts";
import { type Sourced, written } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";
import { childOf, childrenOf, descendants, textOf, type XmlElement } from "../xml/element.ts";
import { clientAuthOf, type GatewayParts, protocolsOf, suitesOf } from "./gateway.ts";
import { readPolicyXml } from "./read-policy.ts";

/** Reads every entity of a RESTMAN or GMU bundle, or of one entity of its own, into `parts`. */
export function readRestman(root: XmlElement, source: SourceText, parts: GatewayParts): void {
  const file = { source, lines: new LineIndex(source.text) };
  const walk = (element: XmlElement, owner: string): void => {
    const { local, attributes } = element;
    const read = READERS.get(local);
    if (read !== undefined) {
      read(element, parts);
      return;
    }
    if (local === "Resource" && attributes.get("type")?.value === "policy") {
      readPolicyXml(element, owner, file, parts);
      return;
    }
    const isOwner = local === "Service" || local === "Policy";
    const inside = isOwner ? nameOf(childOf(element, `${local}Detail`) ?? element) : owner;
    for (const child of element.children) walk(child, inside);
  };
  walk(root, "policy");
}

const READERS: ReadonlyMap<string, (element: XmlElement, parts: GatewayParts) => void> = new Map([
  ["TrustedCertificate", trustedCertificate],
  ["ListenPort", listenPort],
  ["PrivateKey", privateKey],
  ["IdentityProvider", identityProvider],
  ["User", user],
  ["HttpConfiguration", httpConfiguration],
  ["JMSDestination", jmsDestination],
  ["ClusterProperty", clusterProperty],
]);

/** The text of an element below another, by the names that lead to it; null when it is not there or empty. */
function textIn(element: XmlElement, ...names: readonly string[]): string | null {
  return sourcedIn(element, ...names)?.value ?? null;
}

function sourcedIn(element: XmlElement, ...names: readonly string[]): Sourced<string> | null {
  const found = names.reduce<XmlElement | null>(
    (current, name) => (current === null ? null : childOf(current, name)),
    element,
  );
  return found === null ? null : textOf(found);
}

const nameOf = (element: XmlElement): string =>
  textIn(element, "Name") ?? element.attributes.get("id")?.value ?? "unnamed";

const idOf = (element: XmlElement): readonly string[] => {
  const id = element.attributes.get("id")?.value;
  return id === undefined ? [] : [id];
};

/** A value of `Properties`, by its key. */
function property(element: XmlElement, key: string): XmlElement | null {
  const properties = childOf(element, "Properties");
  const found =
    properties === null
      ? undefined
      : childrenOf(properties, "Property").find(
          ({ attributes }) => attributes.get("key")?.value === key,
        );
  return found?.children[0] ?? null;
}

function trustedCertificate(element: XmlElement, parts: GatewayParts): void {
  const name = nameOf(element);
  const encoded = sourcedIn(element, "CertificateData", "Encoded");
  const certificate = encoded === null ? null : certificateFromText(encoded.value);
  if (certificate === null)
    parts.note(
      `Trusted certificate "${name}" holds no certificate that can be read`,
      element.place,
    );
  const flag = (key: string): boolean => property(element, key)?.text.toLowerCase() === "true";
  parts.trusted.push({
    name,
    ids: idOf(element),
    certificate,
    subject: textIn(element, "CertificateData", "SubjectName"),
    flags: {
      trustAnchor: flag("trustAnchor"),
      ssl: flag("trustedForSsl"),
      signingServer: flag("trustedForSigningServerCerts"),
      signingClient: flag("trustedForSigningClientCerts"),
      saml: flag("trustedAsSamlIssuer") || flag("trustedAsSamlAttestingEntity"),
      verifyHostname: flag("verifyHostname"),
    },
    place: element.place,
    hostnamePlace: property(element, "verifyHostname")?.place ?? element.place,
  });
}

function listenPort(element: XmlElement, parts: GatewayParts): void {
  const name = nameOf(element);
  const port = sourcedIn(element, "Port");
  const number = Number(port?.value);
  if (port === null || !Number.isInteger(number) || number < 1 || number > 65_535) {
    parts.note(`Listen port "${name}" has no port number`, element.place);
    return;
  }
  const tls = childOf(element, "TlsSettings");
  const asked = tls === null ? null : sourcedIn(tls, "ClientAuthentication");
  const clientAuth = asked === null ? null : clientAuthOf(asked.value);
  if (asked !== null && clientAuth === null)
    parts.note(
      `Listen port "${name}" has a client authentication that is not known`,
      placeIn(asked),
    );
  const reference = (tls === null ? null : childOf(tls, "PrivateKeyReference"))?.attributes.get(
    "id",
  );
  const versions = tls === null ? null : childOf(tls, "EnabledVersions");
  const suites = tls === null ? null : childOf(tls, "EnabledCipherSuites");
  parts.ports.push({
    name,
    enabled: textIn(element, "Enabled")?.toLowerCase() !== "false",
    protocol: textIn(element, "Protocol") ?? "",
    port: { ...port, value: number },
    clientAuth: asked === null || clientAuth === null ? null : { ...asked, value: clientAuth },
    keyAlias:
      reference === undefined
        ? null
        : written(reference.value.slice(reference.value.indexOf(":") + 1), reference.place),
    protocols:
      versions === null
        ? null
        : written(protocolsOf(versions.children.map(({ text }) => text)), versions.place),
    cipherSuites:
      suites === null
        ? null
        : suitesOf(
            suites.children.map(({ text }) => text),
            suites.place,
          ),
    place: element.place,
  });
}

const placeIn = ({ origin }: Sourced<unknown>): XmlElement["place"] | null =>
  origin.kind === "written" ? origin.place : null;

function privateKey(element: XmlElement, parts: GatewayParts): void {
  const chain = childOf(element, "CertificateChain");
  const [, aliasInId] = /^[^:]*:(.+)$/u.exec(element.attributes.get("id")?.value ?? "") ?? [];
  parts.keys.push({
    alias: element.attributes.get("alias")?.value ?? aliasInId ?? nameOf(element),
    chain: (chain?.children ?? []).flatMap(
      (data) => certificateFromText(textIn(data, "Encoded") ?? "") ?? [],
    ),
    place: element.place,
  });
}

function identityProvider(element: XmlElement, parts: GatewayParts): void {
  const name = nameOf(element);
  const extension = childOf(element, "Extension");
  if (extension === null) return;
  const federated = childOf(extension, "FederatedIdentityProviderDetail");
  if (federated !== null || textIn(element, "IdentityProviderType") === "FEDERATED") {
    const references = federated === null ? null : childOf(federated, "CertificateReferences");
    parts.providers.push({
      name,
      ids: idOf(element),
      issuers: (references?.children ?? []).flatMap(idOf),
      place: element.place,
    });
  }
  const ldap = childOf(extension, "LdapIdentityProviderDetail");
  for (const url of ldap === null ? [] : (childOf(ldap, "ServerUrls")?.children ?? []))
    if (url.text !== "") parts.routes.push(route(name, written(url.text, url.place)));
}

const route = (owner: string, url: Sourced<string>): GatewayParts["routes"][number] => ({
  owner,
  url,
  keyAlias: null,
  trustedOnly: [],
  protocols: null,
  cipherSuites: null,
  verifyServer: null,
  verifyHostname: null,
});

function user(element: XmlElement, parts: GatewayParts): void {
  const subject = sourcedIn(element, "SubjectDn");
  const encoded = textIn(element, "CertificateData", "Encoded");
  if (subject === null && encoded === null) return;
  parts.users.push({
    name: textIn(element, "Name") ?? textIn(element, "Login") ?? nameOf(element),
    provider: element.attributes.get("providerId")?.value ?? "",
    subject,
    certificate: encoded === null ? null : certificateFromText(encoded),
    place: element.place,
  });
}

function httpConfiguration(element: XmlElement, parts: GatewayParts): void {
  const host = sourcedIn(element, "Host");
  if (host === null || textIn(element, "Protocol")?.toUpperCase() !== "HTTPS") return;
  const port = textIn(element, "Port");
  const authority = host.value.includes(":") ? `[${host.value}]` : host.value;
  const reference = childOf(element, "TlsKeyReference")?.attributes.get("id");
  const version = sourcedIn(element, "TlsVersion");
  const ciphers = sourcedIn(element, "TlsCipherSuites");
  parts.routes.push({
    ...route(`HTTP options for ${host.value}`, {
      ...host,
      value: `https://${authority}${port === null || port === "0" ? "" : `:${port}`}`,
    }),
    keyAlias:
      reference === undefined
        ? null
        : written(reference.value.slice(reference.value.indexOf(":") + 1), reference.place),
    protocols: version === null ? null : { ...version, value: protocolsOf([version.value]) },
    cipherSuites: ciphers === null ? null : suitesOf([ciphers.value], placeIn(ciphers)),
  });
}

function jmsDestination(element: XmlElement, parts: GatewayParts): void {
  const name = textIn(element, "JMSDestinationDetail", "Name") ?? nameOf(element);
  for (const each of descendants(element)) {
    if (each.local !== "Property") continue;
    const value = each.children[0];
    if (each.attributes.get("key")?.value === "java.naming.provider.url" && value !== undefined)
      parts.routes.push(route(name, written(value.text, value.place)));
  }
}

function clusterProperty(element: XmlElement, parts: GatewayParts): void {
  const value = sourcedIn(element, "Value");
  if (value !== null) parts.properties.set(nameOf(element), value);
}
