import { isBuiltin } from "node:module";
import { importsOf, isRelative, targetOf } from "./imports.ts";
import { IMPURE_GLOBALS, PURE_FOLDERS, PURE_MODULES, PURE_PACKAGES } from "./layers.ts";
import {
  children,
  isNode,
  lineOf,
  type SourceFile,
  type SyntaxNode,
  type Violation,
} from "./source.ts";

const isPure = (path: string): boolean => PURE_FOLDERS.some((folder) => path.startsWith(folder));

/** Name of the package that a specifier loads from: `@scope/name/part` is `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

const isForbidden = (specifier: string): boolean =>
  isBuiltin(specifier) ? !PURE_MODULES.has(specifier) : !PURE_PACKAGES.has(packageOf(specifier));

/** Fields in which a name is a label, not a reference to a variable. */
const LABELS = new Set([
  "key",
  "property",
  "label",
  "id",
  "exported",
  "imported",
  "typeName",
  "parameterName",
]);

const isLabel = (parent: SyntaxNode, field: string): boolean =>
  LABELS.has(field) && parent["computed"] !== true;

const nameOf = (value: unknown): string | undefined => {
  if (!isNode(value) || value.type !== "Identifier") return undefined;
  return typeof value["name"] === "string" ? value["name"] : undefined;
};

/** What a node does that pure code must not do; undefined for everything else. */
const impurity = (node: SyntaxNode): string | undefined => {
  switch (node.type) {
    case "NewExpression":
    case "CallExpression": {
      const name = nameOf(node["callee"]);
      const { length } = node["arguments"] as readonly unknown[];
      return name === "Date" && (length === 0 || node.type === "CallExpression")
        ? "reads the clock with Date()"
        : undefined;
    }
    case "MemberExpression": {
      const [object, property] = [nameOf(node["object"]), nameOf(node["property"])];
      if (object === "Date" && property === "now") return "reads the clock with Date.now";
      if (object === "Math" && property === "random") return "draws Math.random";
      return object === "globalThis" && property !== undefined && IMPURE_GLOBALS.has(property)
        ? `uses ${property}`
        : undefined;
    }
    default:
      return undefined;
  }
};

const impureExpressions = (file: SourceFile): readonly Violation[] => {
  const found: Violation[] = [];
  const add = (node: SyntaxNode, what: string): void => {
    found.push({ path: file.path, line: lineOf(node), rule: `Pure code ${what}` });
  };
  const visit = (node: SyntaxNode): void => {
    const what = impurity(node);
    if (what !== undefined) add(node, what);
    for (const [field, child] of children(node)) {
      const name = nameOf(child);
      if (name !== undefined && IMPURE_GLOBALS.has(name) && !isLabel(node, field))
        add(child, `uses ${name}`);
      visit(child);
    }
  };
  file.statements.forEach(visit);
  return found;
};

/** Finds the first forbidden module that loading a file would load, directly or through others. */
const traceForbidden = (
  files: ReadonlyMap<string, SourceFile>,
): ((path: string) => string | undefined) => {
  const known = new Map<string, string | undefined>();
  const trace = (path: string): string | undefined => {
    const file = files.get(path);
    if (file === undefined || known.has(path)) return known.get(path);
    known.set(path, undefined);
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (typeOnly) continue;
      const deeper = isRelative(specifier) ? trace(targetOf(file, specifier)) : undefined;
      const found =
        deeper ?? (!isRelative(specifier) && isForbidden(specifier) ? specifier : undefined);
      known.set(path, found);
      if (found !== undefined) break;
    }
    return known.get(path);
  };
  return trace;
};

/** Pure code that does input or output, reads a clock, or loads other code that can. */
export const impurities = (files: readonly SourceFile[]): readonly Violation[] => {
  const trace = traceForbidden(new Map(files.map((file) => [file.path, file])));
  return files
    .filter(({ path }) => isPure(path))
    .flatMap((file) => [
      ...importsOf(file).flatMap(({ specifier, line, typeOnly }): readonly Violation[] => {
        const { path } = file;
        if (!isRelative(specifier))
          return isForbidden(specifier)
            ? [{ path, line, rule: `Pure code imports ${specifier}` }]
            : [];
        const target = targetOf(file, specifier);
        // A pure target answers for itself, so that one mistake is reported in one place.
        const reached = typeOnly || isPure(target) ? undefined : trace(target);
        return reached === undefined
          ? []
          : [{ path, line, rule: `Pure code loads ${target}, which loads ${reached}` }];
      }),
      ...impureExpressions(file),
    ]);
};
