import { posix } from "node:path";
import { children, lineOf, type SourceFile, type SyntaxNode } from "./source.ts";

/** One import of a file. */
export interface Import {
  /** As written, such as `node:fs` or `../x509/der.ts`. */
  readonly specifier: string;
  readonly line: number;
  /** Whether it vanishes when types are stripped, so that nothing is loaded at run time. */
  readonly typeOnly: boolean;
}

const literal = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Reflect.get(value, "value");
  return typeof text === "string" ? text : undefined;
};

const importOf = (node: SyntaxNode): Import | undefined => {
  const line = lineOf(node);
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration": {
      const specifier = literal(node["source"]);
      const typeOnly = node["importKind"] === "type" || node["exportKind"] === "type";
      return specifier === undefined ? undefined : { specifier, line, typeOnly };
    }
    case "TSImportType": {
      const specifier = literal(node["argument"]);
      return specifier === undefined ? undefined : { specifier, line, typeOnly: true };
    }
    case "CallExpression": {
      const callee = node["callee"] as SyntaxNode;
      const loads = callee.type === "Import" || callee["name"] === "require";
      const specifier = loads ? literal((node["arguments"] as readonly unknown[])[0]) : undefined;
      return specifier === undefined ? undefined : { specifier, line, typeOnly: false };
    }
    default:
      return undefined;
  }
};

/** Every import of a file, dynamic ones and types included, in order. */
export const importsOf = (file: SourceFile): readonly Import[] => {
  const found: Import[] = [];
  const visit = (node: SyntaxNode): void => {
    const one = importOf(node);
    if (one !== undefined) found.push(one);
    for (const [, child] of children(node)) visit(child);
  };
  file.statements.forEach(visit);
  return found;
};

/** Whether a specifier names a file rather than a package or a module of the runtime. */
export const isRelative = (specifier: string): boolean => /^\.\.?\//u.test(specifier);

/** The path under the root that a relative import of a file leads to. */
export const targetOf = (file: SourceFile, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(file.path), specifier));
