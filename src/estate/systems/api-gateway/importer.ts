import { basename, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { certificateFromText, certificatesFromPem } from "../certificate-text.ts";
import { parseJson } from "../data/parse-json.ts";
import { ImportBuilder } from "../import-builder.ts";
import {
  HeldCertificates,
  type Manifest,
  mentions,
  readManifests,
} from "../kubernetes/manifests.ts";
import type { Place } from "../origin.ts";
import type { SourceReader, SourceText } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { checkClientIssuers, checkFlags } from "./check-flags.ts";
import { checkRoutes } from "./check-routes.ts";
import { checkUsers, type PresentedCertificate } from "./check-users.ts";
import { addListenPorts, addRoutes } from "./derive.ts";
import type { GatewayParts } from "./gateway.ts";
import { isGraphman, readGraphman } from "./read-graphman.ts";
import { isOperatorGateway, OPERATOR_GROUP, readOperatorGateway } from "./read-operator.ts";
import { pluginFileOf, readPlugin } from "./read-plugin.ts";
import { readRestman } from "./read-restman.ts";

/** Namespace of RESTMAN (API Gateway 8.3 and later). */
const NAMESPACE = "http://ns.l7tech.com/2010/04/gateway-management";

/**
 * CA and Layer7 API Gateway: RESTMAN and GMU bundles, Graphman bundles of either schema, YAML of the build plugin and of
 * the operator.
 */
export const API_GATEWAY: SystemImporter = {
  system: "api-gateway",
  title: "CA / Layer7 API Gateway",
  expects:
    "RESTMAN or GMU bundles, Graphman bundles, Gateway resources of the Layer7 operator, or a folder of them; client certificates beside them are compared with federated users",
  detect: async (path, reader) => {
    if (await mentions(path, OPERATOR_GROUP, reader)) return 9;
    const found = await bundleFiles(path, reader);
    for (const file of found) {
      if (pluginFileOf(file) !== null) return 9;
      const text = await reader.read(file);
      if (text.ok && kindOf(text.value) !== null) return 9;
    }
    return 0;
  },
  read: async ({ paths, reader, host }) => {
    const builder = new ImportBuilder();
    const parts: GatewayParts = {
      trusted: [],
      ports: [],
      keys: [],
      routes: [],
      providers: [],
      users: [],
      properties: new Map(),
      note: (message, place) => builder.note(message, place),
    };
    const presented: PresentedCertificate[] = [];
    let bundles = await readOperator(paths, reader, parts, builder);
    for (const path of paths)
      for (const file of await bundleFiles(path, reader)) {
        const certificates = await certificatesIn(file, reader);
        if (certificates.length > 0) {
          for (const certificate of certificates) presented.push({ certificate, source: file });
          continue;
        }
        const kind = pluginFileOf(file);
        // resources of the operator, and secrets beside them
        if (kind === null && /\.ya?ml$/iu.test(file)) continue;
        const source = await reader.read(file);
        if (source.ok && kind !== null) {
          await readPlugin(kind, source.value, reader, parts);
          bundles += 1;
          continue;
        }
        if (!source.ok) builder.unreadable(source.error, null);
        else if (readBundle(source.value, parts, builder)) bundles += 1;
      }
    if (bundles === 0)
      return fail(
        builder.failure(
          `${paths.join(", ")} holds no bundle of an API Gateway; RESTMAN or GMU XML, Graphman JSON or a Gateway of the Layer7 operator was expected`,
        ),
      );
    addListenPorts(parts, host, builder);
    addRoutes(parts, builder);
    checkFlags(parts, builder);
    checkClientIssuers(parts, builder);
    checkRoutes(parts, builder);
    checkUsers(parts, presented, builder);
    return ok(builder.build("gateway"));
  },
};

/** Reads the gateways that the Layer7 operator keeps; gives their number. */
async function readOperator(
  paths: readonly string[],
  reader: SourceReader,
  parts: GatewayParts,
  builder: ImportBuilder,
): Promise<number> {
  let isThere = false;
  for (const path of paths) isThere ||= await mentions(path, OPERATOR_GROUP, reader);
  if (!isThere) return 0;
  const manifests: Manifest[] = [];
  for (const path of paths) manifests.push(...(await readManifests(path, reader, builder)));
  const gateways = manifests.filter(isOperatorGateway);
  const held = new HeldCertificates(manifests);
  for (const gateway of gateways) readOperatorGateway(gateway, held, parts);
  return gateways.length;
}

/** Files that may be bundles or certificates: the path itself, or those of a folder. */
async function bundleFiles(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return [path];
  const found: string[] = [];
  // the build plugin keeps its files in config, or in src/main/gateway/config
  for (const folder of [
    path,
    join(path, "config"),
    join(path, "src", "main", "gateway", "config"),
  ]) {
    const names = await reader.list(folder);
    for (const name of names.ok ? names.value : [])
      if (/\.(?:bundle|xml|json|pem|cer|crt|der)$/iu.test(name) || pluginFileOf(name) !== null)
        found.push(join(folder, name));
  }
  return found;
}

async function certificatesIn(
  file: string,
  reader: SourceReader,
): Promise<readonly PresentedCertificate["certificate"][]> {
  if (!/\.(?:pem|cer|crt|der)$/iu.test(file)) return [];
  const bytes = await reader.readBytes(file);
  if (!bytes.ok) return [];
  const text = Buffer.from(bytes.value).toString("latin1");
  // the first one is the client's own
  const pem = certificatesFromPem(text).slice(0, 1);
  if (pem.length > 0) return pem;
  const single = certificateFromText(Buffer.from(bytes.value).toString("base64"));
  return single === null ? [] : [single];
}

function kindOf({ text }: SourceText): "restman" | "graphman" | null {
  if (text.includes(NAMESPACE)) return "restman";
  if (!/^\s*\{/u.test(text)) return null;
  const document = parseJson(text);
  return document.ok && isGraphman(document.value) ? "graphman" : null;
}

/** Whether a file is a bundle; one that cannot be read in whole says why. */
function readBundle(source: SourceText, parts: GatewayParts, builder: ImportBuilder): boolean {
  const { file, text } = source;
  const unreadable = (message: string, place: Place): void =>
    builder.issue({
      code: "estate.file-unreadable",
      severity: "warning",
      summary: `${basename(file)} is not read: ${message}${text.includes("{{") ? "; it holds templates ({{ }}), which have to be rendered first" : ""}`,
      place,
      remedy: text.includes("{{")
        ? ["Render the bundle, for example with helm template, and import the result"]
        : ["Export the bundle again"],
    });
  if (/^\s*[{[]/u.test(text)) {
    const document = parseJson(text);
    if (!document.ok) {
      unreadable(document.error.message, { file, ...document.error.position, at: "" });
      return false;
    }
    if (!isGraphman(document.value)) return false;
    readGraphman(document.value, source, parts);
    return true;
  }
  const root = parseXml(source);
  if (!root.ok) {
    unreadable(root.error.message, root.error.place);
    return false;
  }
  if (!text.includes(NAMESPACE)) return false;
  readRestman(root.value, source, parts);
  return true;
}
