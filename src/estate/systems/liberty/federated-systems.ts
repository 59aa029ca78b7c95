import { fail, ok, type Result } from "../../../x509/result.ts";
import { inlineLocation } from "../certificate-text.ts";
import { type DataNode, itemsOf, member, memberAt, textOf } from "../data/data-node.ts";
import { dialledUrl, endpointName } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import {
  type HeldCertificate,
  HeldCertificates,
  type Manifest,
  mentions,
  readManifests,
} from "../kubernetes/manifests.ts";
import type { SystemImport } from "../model.ts";
import { byDefault, derived, type Place, written } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { ImportContext, ImportFailure } from "../system-importer.ts";

/** The kind of resource from which the operator of Process Federation Server federates a system. */
const KIND = "FederatedSystem";

/** Databases whose indexer names a secret with a certificate of its own. */
const INDEXER = /^[a-z0-9]+Indexer$/iu;

/** Most secrets of one system that are looked at. */
const MAX_SECRETS = 1000;

/** Whether a path holds resources of the operator of Process Federation Server. */
export const hasFederatedSystems = (path: string, reader: SourceReader): Promise<boolean> =>
  mentions(path, `kind: ${KIND}`, reader);

/**
 * Process Federation Server in containers: resources `FederatedSystem` with the Secrets beside them. The operator puts
 * the certificates of those Secrets into the server's one truststore and lets the server dial each `spec.url`.
 */
export async function readFederatedSystems({
  paths,
  reader,
}: ImportContext): Promise<Result<SystemImport, ImportFailure>> {
  const builder = new ImportBuilder();
  const manifests: Manifest[] = [];
  for (const path of paths) manifests.push(...(await readManifests(path, reader, builder)));
  const systems = manifests.filter(({ kind }) => kind === KIND);
  const [first] = systems;
  if (first === undefined)
    return fail(builder.failure(`${paths.join(", ")} holds no resource of the kind ${KIND}`));
  const secrets = new HeldCertificates(manifests);
  const held = systems.flatMap((system) => trustedBy(system, secrets, builder));
  const distinct = [
    ...new Map(held.map((each) => [each.certificate.sha256, each] as const)).values(),
  ];
  const client = distinct.length === 0 ? null : addClient(distinct, first.place, builder);
  if (client === null)
    builder.note(
      "None of the secrets with certificates is among these files, so what the server dials is not judged; save them beside the resources",
      first.place,
    );
  for (const system of systems) addSystem(system, client, builder);
  return ok(builder.build("pfs"));
}

function addClient(held: readonly HeldCertificate[], place: Place, builder: ImportBuilder): string {
  const store = builder.truststore({
    name: "trust",
    paths: held.map(({ certificate, place: at }) => written(inlineLocation(certificate), at)),
    password: null,
  });
  builder.note(
    "The operator adds the CAs of its own deployment to the truststore of these secrets; they are not in the resources",
    place,
  );
  return builder.client({
    name: "",
    profile: byDefault("openjdk-17", "the Java of the container is not named", place),
    trust: [
      derived(
        store,
        "certificates.secrets of every federated system",
        held.map((each) => each.place).slice(0, 1),
      ),
    ],
    nameCheck: byDefault("https", "verifyHostname is true from Liberty 24.0.0.9 on", place),
    identity: null,
  });
}

/** The certificates of the secrets that a federated system names, and of those that its indexers name. */
function trustedBy(
  { node, place }: Manifest,
  secrets: HeldCertificates,
  builder: ImportBuilder,
): readonly HeldCertificate[] {
  const spec = member(node, "spec");
  const indexers =
    spec?.kind === "map" ? [...spec.entries.values()].filter(({ key }) => INDEXER.test(key)) : [];
  const named: readonly DataNode[] = [
    ...itemsOf(memberAt(spec, "certificates", "secrets")),
    ...indexers.flatMap(({ value }) => member(value, "sslCertSecret") ?? []),
  ];
  return named.slice(0, MAX_SECRETS).flatMap((name) => {
    const text = textOf(name);
    if (text === null) return [];
    const found = secrets.of("Secret", text);
    if (found !== null && found.length > 0) return found;
    builder.note(
      found === null
        ? `The secret "${text}" is not among these files; save it beside them, so that its certificates count`
        : `The secret "${text}" holds no certificate in PEM`,
      { file: place.file, ...name.position, at: `${place.at} ${text}` },
    );
    return [];
  });
}

function addSystem(
  { node, name, place }: Manifest,
  client: string | null,
  builder: ImportBuilder,
): void {
  const spec = member(node, "spec");
  const advanced = member(spec, "advancedConfig");
  if (advanced !== null)
    builder.note(
      `Federated system "${name}" has Liberty configuration in the secret "${textOf(advanced) ?? ""}"; what it dials beside spec.url is not read`,
      { file: place.file, ...advanced.position, at: `${place.at} spec.advancedConfig` },
    );
  const url = member(spec, "url");
  const text = textOf(url);
  if (url === null || text === null) return;
  const at: Place = { file: place.file, ...url.position, at: `${place.at} spec.url` };
  const target = dialledUrl(text);
  if (target.kind !== "tls") {
    builder.note(
      target.kind === "plain"
        ? `Federated system "${name}" is dialled without TLS: ${target.scheme}://${target.host}`
        : `The URL of federated system "${name}" is none that can be followed`,
      at,
    );
    return;
  }
  const endpoint = builder.endpoint({
    name: endpointName(target.host, target.port),
    direction: "dials",
    url: written(target.url, at),
    serverName: null,
    clientAuth: null,
    labels: { role: "federatedSystem", federated_system: name.slice(0, 256) },
  });
  if (client !== null)
    builder.link(client, endpoint, { kind: "written", place: at, variables: [] });
}
