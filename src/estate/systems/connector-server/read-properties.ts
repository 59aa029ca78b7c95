import { join } from "node:path";
import type { ImportBuilder } from "../import-builder.ts";
import { type Sourced, written } from "../origin.ts";
import { parseProperties } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import { childOf, childrenOf, descendants, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";

/** Files of `conf` that hold beans, in the order in which their values count less. */
const BEAN_FILES = ["server_osgi_jcs.xml", "server_osgi_ccs.xml", "server_jcs.xml"] as const;

/** A property's value, and where a reference to it as a secret would lead. */
export interface BeanProperty extends Sourced<string> {
  /** Place for a secret reference, e.g. `xml:beans/bean/property[2]/@value`. */
  readonly locator: string;
  readonly file: string;
}

/** Properties of the Connector Server by name, those of `override/*.properties` above those of the beans. */
export type BeanProperties = ReadonlyMap<string, BeanProperty>;

/** Reads the properties of a `conf` folder, or of one file. Null when it holds nothing of a Connector Server. */
export async function readBeanProperties(
  path: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<BeanProperties | null> {
  const isFolder = (await reader.look(path))?.kind === "folder";
  const properties = new Map<string, BeanProperty>();
  let found = false;
  for (const file of isFolder ? BEAN_FILES.map((name) => join(path, name)) : [path]) {
    if (isFolder && (await reader.look(file)) === null) continue;
    const source = await reader.read(file);
    if (!source.ok) {
      builder.unreadable(source.error, null);
      continue;
    }
    const root = parseXml(source.value);
    if (!root.ok) {
      builder.issue({
        code: "estate.file-unreadable",
        severity: "warning",
        summary: `${file} is not read: ${root.error.message}`,
        place: root.error.place,
        remedy: ["Correct the file; the Connector Server does not start with it either"],
      });
      found = true;
      continue;
    }
    found = true;
    for (const element of descendants(root.value)) {
      const property = element.local === "property" ? beanProperty(element) : null;
      if (property === null) continue;
      const [name, value] = property;
      if (!properties.has(name)) properties.set(name, value);
    }
  }
  if (isFolder) await readOverrides(join(path, "override"), reader, builder, properties);
  return found ? properties : null;
}

function beanProperty(element: XmlElement): readonly [name: string, value: BeanProperty] | null {
  const name = element.attributes.get("name")?.value;
  if (name === undefined) return null;
  const attribute = element.attributes.get("value");
  const child = childOf(element, "value");
  const [value, place] =
    attribute === undefined ? [child?.text, child?.place] : [attribute.value, attribute.place];
  if (value === undefined || place === undefined || childrenOf(element, "ref").length > 0)
    return null;
  return [name, { ...written(value, place), locator: `xml:${place.at}`, file: place.file }];
}

/** What the files of `override` say counts more than the beans; of several files the last by name. */
async function readOverrides(
  folder: string,
  reader: SourceReader,
  builder: ImportBuilder,
  properties: Map<string, BeanProperty>,
): Promise<void> {
  const names = await reader.list(folder);
  if (!names.ok) {
    builder.unreadable(names.error, null);
    return;
  }
  for (const name of names.value.filter((each) => each.endsWith(".properties"))) {
    const source = await reader.read(join(folder, name), "latin-1");
    if (!source.ok) {
      builder.unreadable(source.error, null);
      continue;
    }
    for (const { key, value, place } of parseProperties(source.value)) {
      const short = key.slice(key.lastIndexOf(".") + 1);
      const entry = { ...written(value, place), locator: `properties:${key}`, file: place.file };
      properties.set(short, entry);
    }
  }
}
