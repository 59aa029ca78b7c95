import { parse } from "@babel/parser";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A node of the syntax tree, seen only as far as the house rules need it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** One source file with its tree. `path` is relative to the checked root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly statements: readonly SyntaxNode[];
}

/** A broken rule; printed as `path:line: rule`. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
}

/** Whether a value found in a tree is a node, rather than text, a number or a location. */
export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string";

/** Every direct child of a node with the name of the field that holds it. */
export function* children(
  node: SyntaxNode,
): Generator<readonly [field: string, child: SyntaxNode]> {
  for (const [field, value] of Object.entries(node)) {
    if (field === "loc" || field.endsWith("Comments")) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield [field, child];
    }
  }
}

/** Line on which a node begins, counted from 1. */
export const lineOf = (node: SyntaxNode): number => {
  const { loc } = node;
  if (typeof loc !== "object" || loc === null) return 0;
  const start: unknown = Reflect.get(loc, "start");
  if (typeof start !== "object" || start === null) return 0;
  return Number(Reflect.get(start, "line"));
};

/** Reads and parses every TypeScript file under `src` of the given root, in order of path. */
export const readSources = (root: string): readonly SourceFile[] =>
  globSync("src/**/*.ts", { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map((path) => {
      const { program } = parse(readFileSync(join(root, path), "utf8"), {
        sourceType: "module",
        plugins: ["typescript", "explicitResourceManagement"],
        sourceFilename: path,
      });
      return { path, statements: (program.body as readonly unknown[]).filter(isNode) };
    });

/** Prints violations in order of place and sets the exit code; says so when there is none. */
export const report = (violations: readonly Violation[], clean: string): void => {
  for (const { path, line, rule } of violations) console.log(`${path}:${line}: ${rule}`);
  if (violations.length === 0) console.log(clean);
  else process.exitCode = 1;
};
