import { basename, dirname, join } from "node:path";
import type { Certificate } from "../../../x509/certificate.ts";
import { certificateFromText, certificatesFromPem } from "../certificate-text.ts";
import { type DataNode, itemsOf, member, numberOf, textOf, truthOf } from "../data/data-node.ts";
import { parseYaml } from "../data/parse-yaml.ts";
import { type Place, type Sourced, written } from "../origin.ts";
import type { SourceReader, SourceText } from "../source-reader.ts";
import { clientAuthOf, type GatewayParts, protocolsOf, suitesOf } from "./gateway.ts";

/** Files of the gateway's build plugin below `config`, by what they hold. */
const FILES = ["trusted-certs", "listen-ports", "private-keys", "identity-providers"] as const;

type PluginFile = (typeof FILES)[number];

/** What a file of the gateway's build plugin holds, by its name; null for another file. */
export function pluginFileOf(file: string): PluginFile | null {
  const stem = basename(file).replace(/\.ya?ml$/iu, "");
  return /\.ya?ml$/iu.test(file) ? (FILES.find((name) => name === stem) ?? null) : null;
}

/** Reads a file of the gateway's build plugin into `parts`: entities by their names. */
export async function readPlugin(
  kind: PluginFile,
  source: SourceText,
  reader: SourceReader,
  parts: GatewayParts,
): Promise<void> {
  const { file, text } = source;
  const { documents, faults } = parseYaml(text);
  for (const { position, message } of faults.slice(0, 1))
    parts.note(`${basename(file)} is not read in whole: ${message}`, { file, ...position, at: "" });
  for (const document of documents) {
    if (document.kind !== "map") continue;
    for (const [name, { value, keyPosition }] of document.entries) {
      const entity: Entity = { name, node: value, place: { file, ...keyPosition, at: name } };
      switch (kind) {
        case "trusted-certs":
          await trustedCertificate(entity, reader, parts);
          break;
        case "listen-ports":
          listenPort(entity, parts);
          break;
        case "private-keys":
          parts.keys.push({ alias: name, chain: [], place: entity.place });
          break;
        case "identity-providers":
          identityProvider(entity, parts);
          break;
      }
    }
  }
}

interface Entity {
  readonly name: string;
  readonly node: DataNode;
  readonly place: Place;
}

async function trustedCertificate(
  { name, node, place }: Entity,
  reader: SourceReader,
  parts: GatewayParts,
): Promise<void> {
  const flag = (key: string): boolean => truthOf(member(node, key)) === true;
  const certificate = await certificateBeside(name, place.file, reader);
  if (certificate === null)
    parts.note(
      /^https:\/\//iu.test(name)
        ? `The certificate of ${name} is fetched when the gateway's bundle is built, and is not known here`
        : `No file in certificates/ holds the trusted certificate "${name}"`,
      place,
    );
  const hostname = member(node, "verifyHostname");
  parts.trusted.push({
    name,
    ids: [],
    certificate,
    subject: null,
    flags: {
      trustAnchor: flag("trustAnchor"),
      ssl: flag("trustedForSsl"),
      signingServer: flag("trustedForSigningServerCerts"),
      signingClient: flag("trustedForSigningClientCerts"),
      saml: flag("trustedAsSamlIssuer") || flag("trustedAsSamlAttestingEntity"),
      verifyHostname: truthOf(hostname) === true,
    },
    place,
    hostnamePlace:
      hostname === null ? place : { ...place, ...hostname.position, at: "verifyHostname" },
  });
}

/** The certificate of an entry: `certificates/NAME.pem` and its like, beside the file that names it. */
async function certificateBeside(
  name: string,
  file: string,
  reader: SourceReader,
): Promise<Certificate | null> {
  if (/[\\/]|^\.+$/u.test(name)) return null;
  for (const ending of ["pem", "crt", "cer", "der"]) {
    const path = join(dirname(file), "certificates", `${name}.${ending}`);
    if ((await reader.look(path))?.kind !== "file") continue;
    const bytes = await reader.readBytes(path);
    if (!bytes.ok) continue;
    const content = Buffer.from(bytes.value);
    return (
      certificatesFromPem(content.toString("latin1"))[0] ??
      certificateFromText(content.toString("base64"))
    );
  }
  return null;
}

const textsOf = (node: DataNode | null): readonly string[] =>
  itemsOf(node).flatMap((item) => textOf(item) ?? []);

function listenPort({ name, node, place }: Entity, parts: GatewayParts): void {
  const at = (value: DataNode, key: string): Place => ({ ...place, ...value.position, at: key });
  const portNode = member(node, "port");
  const port = numberOf(portNode);
  if (portNode === null || port === null || port < 1 || port > 65_535) {
    parts.note(`Listen port "${name}" has no port number`, place);
    return;
  }
  const tls = member(node, "tlsSettings");
  const asked = member(tls, "clientAuthentication");
  const auth = clientAuthOf(textOf(asked) ?? "");
  const alias = member(tls, "privateKey");
  const aliasText = textOf(alias);
  const versions = member(tls, "enabledVersions");
  const suites = member(tls, "enabledCipherSuites");
  parts.ports.push({
    name,
    enabled: truthOf(member(node, "enabled")) !== false,
    protocol: textOf(member(node, "protocol")) ?? "",
    port: written(port, at(portNode, "port")),
    clientAuth:
      asked === null || auth === null ? null : written(auth, at(asked, "clientAuthentication")),
    keyAlias:
      alias === null || aliasText === null ? null : written(aliasText, at(alias, "privateKey")),
    protocols:
      versions === null
        ? null
        : written(protocolsOf(textsOf(versions)), at(versions, "enabledVersions")),
    cipherSuites:
      suites === null ? null : suitesOf(textsOf(suites), at(suites, "enabledCipherSuites")),
    place,
  });
}

function identityProvider({ name, node, place }: Entity, parts: GatewayParts): void {
  const detail = member(node, "identityProviderDetail");
  if (textOf(member(node, "type")) === "FEDERATED")
    parts.providers.push({
      name,
      ids: [],
      issuers: textsOf(member(detail, "certificateReferences")),
      place,
    });
  for (const item of itemsOf(member(detail, "serverUrls"))) {
    const text = textOf(item);
    if (text === null) continue;
    const url: Sourced<string> = written(text, { ...place, ...item.position, at: "serverUrls" });
    parts.routes.push({
      owner: name,
      url,
      keyAlias: null,
      trustedOnly: [],
      protocols: null,
      cipherSuites: null,
      verifyServer: null,
      verifyHostname: null,
    });
  }
}
