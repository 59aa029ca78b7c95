import * as z from "zod";
import type { DocumentPath } from "./position.ts";
import { quoted } from "./printable.ts";
import { SECRET_HINT } from "./schema-parts.ts";
import { suggest } from "./suggest.ts";

/** A mistake in a document, before it has a line and a column. */
export interface Mistake {
  readonly path: DocumentPath;
  /** Whether the key or the value at the path is wrong. */
  readonly at: "key" | "value";
  readonly message: string;
  readonly hint: string | null;
}

/** Words what the schema found, one mistake per wrong key or value. */
export function explainIssue(issue: z.core.$ZodIssue, schema: z.ZodType): readonly Mistake[] {
  const path = toPath(issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...path, key], knownKeys(schema, path)));
  if (issue.code === "invalid_key") {
    const message = issue.issues[0]?.message ?? issue.message;
    return [{ path, at: "key", message, hint: null }];
  }
  if (issue.code === "invalid_union") {
    const inner = closestBranch(issue.errors);
    if (inner !== null)
      return inner.flatMap((part) =>
        explainIssue({ ...part, path: [...issue.path, ...part.path] }, schema),
      );
  }
  if (issue.code === "invalid_value")
    return [{ path, at: "value", message: issue.message, hint: choiceHint(issue) }];
  const hint = path.at(-1) === "password" ? SECRET_HINT : null;
  return [{ path, at: "value", message: issue.message, hint }];
}

/** A key that must be there and is not. */
export function missingKey(path: DocumentPath): Mistake {
  return {
    path,
    at: "key",
    message: `Missing key ${quoted(String(path.at(-1)))}`,
    hint: null,
  };
}

const toPath = (path: readonly PropertyKey[]): DocumentPath =>
  path.map((segment) => (typeof segment === "number" ? segment : String(segment)));

function unknownKey(path: DocumentPath, known: readonly string[]): Mistake {
  const key = String(path.at(-1));
  const meant = suggest(key, known);
  return {
    path,
    at: "key",
    message: `Unknown key ${quoted(key)}`,
    hint: meant === null ? `Known keys: ${known.join(", ")}` : `Did you mean ${meant}?`,
  };
}

/** Among the branches of a union the one whose outer shape fits: its mistakes lie deeper. */
function closestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | null {
  return branches.find((issues) => issues.every(isInside)) ?? null;
}

const isInside = (issue: z.core.$ZodIssue): boolean =>
  issue.path.length > 0 || issue.code !== "invalid_type";

function choiceHint(issue: z.core.$ZodIssueInvalidValue): string | null {
  const values = issue.values.map(String);
  if (values.length < 2) return null;
  const input = /found "([^"]*)"$/.exec(issue.message)?.[1];
  const meant = input === undefined ? null : suggest(input, values);
  if (meant !== null) return `Did you mean ${meant}?`;
  return issue.message.includes(values.join(", ")) ? null : `Known: ${values.join(", ")}`;
}

/** Keys that the schema knows for the mapping at a path. */
function knownKeys(schema: z.core.$ZodType, path: DocumentPath): readonly string[] {
  const bare = unwrap(schema);
  const [head, ...rest] = path;
  if (bare instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = bare.shape;
    if (head === undefined) return Object.keys(shape);
    const next = Object.hasOwn(shape, head) ? shape[String(head)] : undefined;
    return next === undefined ? [] : knownKeys(next, rest);
  }
  if (bare instanceof z.ZodRecord) return knownKeys(bare.valueType, rest);
  if (bare instanceof z.ZodArray) return knownKeys(bare.element, rest);
  return [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
