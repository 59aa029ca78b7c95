import { dirname, isAbsolute, join } from "node:path";
import type { ImportBuilder } from "../import-builder.ts";
import { type Place, placeOf, type Sourced, type VariableUse } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { attributeOf, descendants } from "../xml/element.ts";
import { readXml } from "../xml/read-xml.ts";

/** What stands for `${NAME}` in a cell's files. Values may hold other variables. */
export type PathVariables = ReadonlyMap<string, PathVariable>;

/** A variable of a cell. */
export interface PathVariable {
  readonly value: string;
  /** Where it is set; null for what follows from the place of the files. */
  readonly place: Place | null;
}

/** Variables that follow from where a profile's configuration is. */
export function profileVariables(file: string): PathVariables {
  const [, profile] = /^(.*)[/\\]config[/\\]cells[/\\]/u.exec(file) ?? [];
  const [, client] = /^(.*)[/\\]properties[/\\]ssl\.client\.props$/u.exec(file) ?? [];
  const root = profile ?? client ?? dirname(file);
  const own = (value: string): PathVariable => ({ value, place: null });
  return new Map([
    ["CONFIG_ROOT", own(`${root}/config`)],
    ["USER_INSTALL_ROOT", own(root)],
    ["user.root", own(root)],
  ]);
}

/**
 * Variables of a cell: `variables.xml` of the cell, and above it that of its only node. What follows from the place of the
 * files counts above both. Of several nodes none counts, as they may differ.
 * @param cell folder of the cell
 */
export async function cellVariables(
  cell: string,
  known: PathVariables,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<PathVariables> {
  const nodes = await reader.list(join(cell, "nodes"));
  const [node, second] = nodes.ok ? nodes.value : [];
  const files = [
    join(cell, "variables.xml"),
    ...(node === undefined || second !== undefined
      ? []
      : [join(cell, "nodes", node, "variables.xml")]),
  ];
  const found = new Map<string, PathVariable>();
  for (const file of files) {
    if ((await reader.look(file)) === null) continue;
    const root = await readXml(file, { reader, builder });
    if (root === null) continue;
    for (const entry of descendants(root)) {
      if (entry.local !== "entries") continue;
      const name = attributeOf(entry, "symbolicName");
      const value = attributeOf(entry, "value");
      if (name !== null && value !== null)
        found.set(name.value, { value: value.value, place: placeOf(value) });
    }
  }
  return new Map([...found, ...known]);
}

/** A path with its variables put in; null, and an issue, when one is not known. */
export function resolvedPath(
  path: Sourced<string>,
  variables: PathVariables,
  builder: ImportBuilder,
): Sourced<string> | null {
  const missing = new Set<string>();
  const uses: VariableUse[] = [];
  let replacements = 0;
  const fill = (text: string, open: readonly string[]): string =>
    text.replace(
      /\$\{([^${}]{1,128})\}|\$\(([^()]{1,128})\)/gu,
      (whole, a?: string, b?: string) => {
        const name = a ?? b ?? "";
        const found = variables.get(name);
        replacements += 1;
        if (found === undefined || open.includes(name) || open.length > 10 || replacements > 100) {
          missing.add(name);
          return whole;
        }
        uses.push({
          name,
          source: found.place === null ? "its place" : "variables.xml",
          place: found.place,
        });
        return fill(found.value, [...open, name]);
      },
    );
  const value = fill(path.value, []);
  const origin =
    path.origin.kind === "written"
      ? { ...path.origin, variables: [...path.origin.variables, ...uses] }
      : path.origin;
  const [first] = missing;
  if (first !== undefined) {
    builder.issue({
      code: "estate.unresolved-variable",
      severity: "warning",
      summary: `Nothing here defines \${${first}}, which a path uses`,
      place: placeOf(path),
      remedy: ["Import the cell's folder with its variables.xml, or name the store in the estate"],
    });
    return null;
  }
  if (isAbsolute(value) || /^[A-Za-z]:[\\/]/u.test(value)) return { value, origin };
  builder.note("A path is not absolute, and is left out", placeOf(path));
  return null;
}
