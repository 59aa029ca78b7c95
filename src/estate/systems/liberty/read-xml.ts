import { dirname, isAbsolute, join, resolve } from "node:path";
import { fail, ok, type Result } from "../../../x509/result.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { Place } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { ImportFailure } from "../system-importer.ts";
import type { XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { readXml } from "../xml/read-xml.ts";
import type { ConflictMode, LoadedElement } from "./merge.ts";
import type { Variables } from "./variables.ts";

/** Deepest nesting of includes. */
const MAX_DEPTH = 16;

/** What reading XML files needs. */
export interface XmlSurroundings {
  readonly reader: SourceReader;
  readonly builder: ImportBuilder;
  /** What is known before any XML is read; the location of an include may use it. */
  readonly variables: Variables;
}

interface Including {
  /** Files that are being read, the innermost last. */
  readonly chain: readonly string[];
  readonly conflict: LoadedElement["conflict"];
}

/** Reads server.xml with its drop-ins and includes; fails only when server.xml itself cannot be read. */
export async function readServerXml(
  config: string,
  serverXml: string,
  surroundings: XmlSurroundings,
): Promise<Result<readonly LoadedElement[], ImportFailure>> {
  const defaults = await readFolder(join(config, "configDropins", "defaults"), surroundings, TOP);
  const main = await readMain(serverXml, surroundings);
  if (!main.ok) return main;
  const overrides = await readFolder(join(config, "configDropins", "overrides"), surroundings, TOP);
  return ok([...defaults, ...main.value, ...overrides]);
}

const TOP: Including = { chain: [], conflict: null };

async function readMain(
  file: string,
  surroundings: XmlSurroundings,
): Promise<Result<readonly LoadedElement[], ImportFailure>> {
  const source = await surroundings.reader.read(file);
  if (!source.ok) return fail({ message: source.error.message, place: null });
  const root = parseXml(source.value);
  if (!root.ok) return fail(root.error);
  if (root.value.local !== "server" && root.value.local !== "client")
    return fail({
      message: `The element is <${root.value.name}>; <server> was expected`,
      place: root.value.place,
    });
  return ok(await elementsOf(root.value, surroundings, { ...TOP, chain: [file] }));
}

/** The XML files of a folder, sorted by name without regard to case. */
async function readFolder(
  folder: string,
  surroundings: XmlSurroundings,
  including: Including,
): Promise<readonly LoadedElement[]> {
  const names = await surroundings.reader.list(folder);
  if (!names.ok) {
    surroundings.builder.unreadable(names.error, null);
    return [];
  }
  const order = names.value
    .filter((name) => name.toLowerCase().endsWith(".xml"))
    .map((name) => [name.toLowerCase(), name] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const elements: LoadedElement[] = [];
  for (const [, name] of order)
    elements.push(...(await readPart(join(folder, name), null, surroundings, including)));
  return elements;
}

/** One file that the server goes on without; whatever is wrong with it is said. */
async function readPart(
  file: string,
  place: Place | null,
  surroundings: XmlSurroundings,
  { chain, conflict }: Including,
): Promise<readonly LoadedElement[]> {
  const { reader, builder } = surroundings;
  if (chain.includes(file)) {
    builder.note(`${file} includes itself; the include is passed over`, place);
    return [];
  }
  if (chain.length >= MAX_DEPTH) {
    builder.note(`Includes are nested deeper than ${MAX_DEPTH}; ${file} is passed over`, place);
    return [];
  }
  const root = await readXml(file, { reader, builder }, { severity: "critical", place });
  if (root === null) return [];
  return elementsOf(root, surroundings, { chain: [...chain, file], conflict });
}

async function elementsOf(
  root: XmlElement,
  surroundings: XmlSurroundings,
  including: Including,
): Promise<readonly LoadedElement[]> {
  const elements: LoadedElement[] = [];
  for (const element of root.children) {
    if (element.local === "include")
      elements.push(...(await includedBy(element, surroundings, including)));
    else elements.push({ element, conflict: including.conflict });
  }
  return elements;
}

async function includedBy(
  element: XmlElement,
  surroundings: XmlSurroundings,
  including: Including,
): Promise<readonly LoadedElement[]> {
  const { builder, reader, variables } = surroundings;
  const written = element.attributes.get("location");
  if (written === undefined) {
    builder.note("An include without a location is passed over", element.place);
    return [];
  }
  const { value, unresolved } = variables.expand(written.value.trim());
  const [missing] = unresolved;
  if (missing !== undefined) {
    builder.note(`The include is passed over: nothing defines \${${missing}}`, written.place);
    return [];
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    builder.note("The include is a URL, which is not fetched", written.place);
    return [];
  }
  const file = isAbsolute(value) ? value : resolve(dirname(element.place.file), value);
  const inner: Including = {
    chain: including.chain,
    conflict: conflictOf(element) ?? including.conflict,
  };
  const found = await reader.look(file);
  if (found?.kind === "folder" && (await reader.isInside(file)))
    return readFolder(file, surroundings, inner);
  const optional = element.attributes.get("optional")?.value.trim().toLowerCase() === "true";
  if (found === null && optional && (await reader.isInside(file))) return [];
  return readPart(file, written.place, surroundings, inner);
}

function conflictOf({ attributes, place }: XmlElement): LoadedElement["conflict"] {
  const written = attributes.get("onConflict")?.value.trim().toUpperCase();
  const mode: ConflictMode | null = written === "REPLACE" || written === "IGNORE" ? written : null;
  return mode === null ? null : { mode, includer: place.file };
}
