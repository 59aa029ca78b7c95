// Every exported declaration says what it is: a reader of one file must not have to read its callers.
import {
  isNode,
  lineOf,
  readSources,
  report,
  type SourceFile,
  type SyntaxNode,
  type Violation,
} from "./house/source.ts";

/** Whether a docstring with words in it stands before a statement. */
const isDocumented = (statement: SyntaxNode): boolean => {
  const comments = statement["leadingComments"];
  if (!Array.isArray(comments)) return false;
  // A remark for maintainers may stand between docstring and declaration.
  const last = comments.filter(isNode).findLast(({ type }) => type === "CommentBlock");
  return last !== undefined && /^\*[\s*]*[^\s*]/u.test(String(last["value"]));
};

const namesIn = (declaration: SyntaxNode): readonly string[] => {
  const { declarations } = declaration;
  const named = Array.isArray(declarations) ? declarations.filter(isNode) : [declaration];
  return named.flatMap(({ id }) =>
    isNode(id) && typeof id["name"] === "string" ? [id["name"]] : [],
  );
};

const undocumented = (file: SourceFile): readonly Violation[] => {
  const byName = new Map<string, SyntaxNode>();
  const open: Violation[] = [];
  const seen = new Set<string>();
  const judge = (statement: SyntaxNode, names: readonly string[]): void => {
    // The implementation of an overloaded function is described by its first signature.
    const fresh = names.filter((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    if (fresh.length === 0 || isDocumented(statement)) return;
    open.push({
      path: file.path,
      line: lineOf(statement),
      rule: `Exported ${fresh.join(", ")} has no docstring`,
    });
  };
  for (const statement of file.statements)
    for (const name of namesIn(statement)) byName.set(name, byName.get(name) ?? statement);
  for (const statement of file.statements) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    const { declaration, source, specifiers } = statement;
    if (isNode(declaration)) judge(statement, namesIn(declaration));
    else if (!isNode(source) && Array.isArray(specifiers)) {
      for (const { local } of specifiers.filter(isNode)) {
        const name = isNode(local) ? String(local["name"]) : "";
        const own = byName.get(name);
        if (own !== undefined) judge(own, [name]);
      }
    }
  }
  return open;
};

const files = readSources(process.argv[2] ?? ".");
report(files.flatMap(undocumented), `Docstrings complete: ${files.length} files`);
