import { basename, dirname, join } from "node:path";
import { type DataNode, textOf } from "../data/data-node.ts";
import { parseYaml } from "../data/parse-yaml.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { type Sourced, written } from "../origin.ts";
import { parseProperties } from "../properties/parse-properties.ts";
import type { SourceReader, SourceText } from "../source-reader.ts";

/** A property of the application. */
export interface SpringProperty extends Sourced<string> {
  /** As it is written. */
  readonly key: string;
  readonly file: string;
  /** Place for a reference to it as a secret, e.g. `path:server.ssl.key-store-password`. */
  readonly locator: string;
}

/** Properties by their relaxed names: lower case, without dashes and underscores (relaxed binding). */
export type SpringProperties = ReadonlyMap<string, SpringProperty>;

/** The form in which names are compared: `server.ssl.key-store`, `server.ssl.keyStore` and `…KEYSTORE` are one. */
export const relaxed = (key: string): string => key.replaceAll(/[-_]/gu, "").toLowerCase();

/** Most properties of one application. */
const MAX_PROPERTIES = 100_000;

interface SpringSource {
  readonly properties: readonly SpringProperty[];
  /** Profiles for which it counts; empty for always. */
  readonly profiles: readonly string[];
}

/**
 * Reads application.properties and application.yml of a folder, or one file, with the variants of the active profiles
 * above them, and variables of the environment above all. Null when there is no such file.
 */
export async function readSpring(
  path: string,
  active: string | undefined,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<SpringProperties | null> {
  const isFolder = (await reader.look(path))?.kind === "folder";
  const folder = isFolder ? path : dirname(path);
  const stem = isFolder ? "application" : basename(path).replace(/(?:-[^.]*)?\.[^.]*$/u, "");
  const properties = new Map<string, SpringProperty>();
  const take = (sources: readonly SpringSource[], profiles: readonly string[]): void => {
    for (const source of sources) {
      if (source.profiles.length > 0 && !source.profiles.some((each) => profiles.includes(each)))
        continue;
      for (const property of source.properties)
        if (properties.size < MAX_PROPERTIES) properties.set(relaxed(property.key), property);
    }
  };
  const folders = isFolder ? [folder, join(folder, "config")] : [folder];
  let found = false;
  const readAll = async (name: string): Promise<readonly SpringSource[]> => {
    const sources: SpringSource[] = [];
    for (const each of folders)
      // of the same place the properties file counts more than YAML
      for (const extension of ["yaml", "yml", "properties"]) {
        const file = join(each, `${name}.${extension}`);
        if ((await reader.look(file))?.kind !== "file") continue;
        const source = await reader.read(file, extension === "properties" ? "latin-1" : "detect");
        if (!source.ok) builder.unreadable(source.error, null);
        else sources.push(...sourcesOf(source.value, builder));
        found = true;
      }
    return sources;
  };
  const base = isFolder || basename(path).startsWith(`${stem}.`) ? await readAll(stem) : [];
  take(base, []);
  const written = properties.get("spring.profiles.active")?.value;
  const profiles = (active ?? written ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  take(
    base.filter((source) => source.profiles.length > 0),
    profiles,
  );
  for (const profile of profiles.slice(0, 20)) take(await readAll(`${stem}-${profile}`), profiles);
  if (!isFolder && !found) take(await readAll(basename(path).replace(/\.[^.]*$/u, "")), profiles);
  return found ? properties : null;
}

function sourcesOf(source: SourceText, builder: ImportBuilder): readonly SpringSource[] {
  const { file, text } = source;
  if (file.endsWith(".properties")) {
    const properties = parseProperties(source).map(({ key, value, place }) => ({
      ...written(value, place),
      key,
      file,
      locator: `properties:${key}`,
    }));
    return [{ properties, profiles: profilesOf(properties) }];
  }
  const { documents, faults } = parseYaml(text);
  for (const { position, message } of faults)
    builder.issue({
      code: "estate.file-unreadable",
      severity: "warning",
      summary: `${file} is not read in whole: ${message}`,
      place: { file, ...position, at: "" },
      remedy: ["Correct the file; Spring Boot does not start with it either"],
    });
  return documents.map((document) => {
    const properties: SpringProperty[] = [];
    flatten(document, "", file, properties);
    return { properties, profiles: profilesOf(properties) };
  });
}

/** Names of values in YAML: keys with dots between, positions in lists in brackets. */
function flatten(node: DataNode, key: string, file: string, into: SpringProperty[]): void {
  if (node.kind === "list") {
    for (const [index, item] of node.items.entries()) flatten(item, `${key}[${index}]`, file, into);
    return;
  }
  if (node.kind === "map") {
    for (const [name, entry] of node.entries)
      flatten(entry.value, key === "" ? name : `${key}.${name}`, file, into);
    return;
  }
  const text = textOf(node) ?? "";
  const place = { file, ...node.position, at: key };
  into.push({ ...written(text, place), key, file, locator: `path:${key}` });
}

function profilesOf(properties: readonly SpringProperty[]): readonly string[] {
  const names = new Set(["spring.config.activate.onprofile", "spring.profiles"]);
  return properties
    .filter(({ key }) => names.has(relaxed(key).replace(/\[\d+\]$/u, "")))
    .flatMap(({ value }) => value.split(/[,|&]/u).map((each) => each.trim()));
}
