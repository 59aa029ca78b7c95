import { dirname, isAbsolute } from "node:path";
import type { ImportBuilder } from "../import-builder.ts";
import { placeOf, type Sourced } from "../origin.ts";

/** What stands for `${NAME}` in a cell's files. */
export type PathVariables = ReadonlyMap<string, string>;

/** Variables that follow from where a profile's configuration is. */
export function profileVariables(file: string): PathVariables {
  const [, profile] = /^(.*)[/\\]config[/\\]cells[/\\]/u.exec(file) ?? [];
  const [, client] = /^(.*)[/\\]properties[/\\]ssl\.client\.props$/u.exec(file) ?? [];
  const root = profile ?? client ?? dirname(file);
  return new Map([
    ["CONFIG_ROOT", `${root}/config`],
    ["USER_INSTALL_ROOT", root],
    ["user.root", root],
  ]);
}

/** A path with its variables put in; null, and an issue, when one is not known. */
export function resolvedPath(
  path: Sourced<string>,
  variables: PathVariables,
  builder: ImportBuilder,
): Sourced<string> | null {
  const missing = new Set<string>();
  const value = path.value.replace(
    /\$\{([^${}]{1,128})\}|\$\(([^()]{1,128})\)/gu,
    (whole, a?: string, b?: string) => {
      const name = a ?? b ?? "";
      const found = variables.get(name);
      if (found === undefined) missing.add(name);
      return found ?? whole;
    },
  );
  const [first] = missing;
  if (first !== undefined) {
    builder.issue({
      code: "estate.unresolved-variable",
      severity: "warning",
      summary: `Nothing here defines \${${first}}, which a path uses`,
      place: placeOf(path),
      remedy: ["Look it up in the cell's variables.xml, and name the store in the estate"],
    });
    return null;
  }
  if (isAbsolute(value)) return { ...path, value };
  builder.note("A path is not absolute, and is left out", placeOf(path));
  return null;
}
