import { open } from "node:fs/promises";
import {
  type Document,
  isAlias,
  LineCounter,
  parseDocument,
  visit,
  type YAMLParseError,
} from "yaml";
import { fail, ok, type Result } from "../x509/result.ts";
import type { EstateProblem } from "./estate.ts";
import { printable, quoted } from "./printable.ts";
import { duplicateKeys, pathText } from "./position.ts";

/** Largest estate file that is read, in bytes. */
const MAX_BYTES = 16 * 2 ** 20;

/** Most values that aliases may add, as `yaml` counts them: a few thousand bytes must not become gigabytes. */
const MAX_ALIASES = 1000;

/** Most mistakes of syntax that are told: after the first, most follow from it. */
const MAX_FAULTS = 20;

/** A YAML document with its values and a way to tell positions. */
export interface ReadDocument {
  readonly document: Document;
  readonly data: unknown;
  /** Line and column, from 1, of an offset. */
  readonly positionOf: (offset: number) => { readonly line: number; readonly column: number };
  /** Keys that are written twice; the values of the last one count. */
  readonly duplicates: readonly EstateProblem[];
}

/**
 * Reads the text of an estate file: bounded, UTF-8. The problem is about the file as a whole.
 * @param what how the messages call it
 */
export async function readText(
  file: string,
  what = "Estate",
): Promise<Result<string, EstateProblem>> {
  const problem = (message: string, hint: string | null = null): Result<string, EstateProblem> =>
    fail({ file, line: null, column: null, path: "", message, hint });
  const parts: Buffer[] = [];
  try {
    await using handle = await open(file);
    if ((await handle.stat()).isDirectory())
      return problem(`${what} is a folder, not a file`, "Name the file inside it");
    let length = 0;
    for await (const part of handle.createReadStream({ autoClose: false, end: MAX_BYTES })) {
      const chunk = Buffer.from(part);
      parts.push(chunk);
      length += chunk.length;
    }
    if (length > MAX_BYTES)
      return problem(`${what} file is larger than ${MAX_BYTES / 2 ** 20} MiB`, "Split it");
  } catch (error) {
    return problem(...systemFailure(error, what));
  }
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)));
  } catch {
    return problem(`${what} file is not UTF-8 text`, "Save it as UTF-8");
  }
}

function systemFailure(error: unknown, what: string): [message: string, hint: string | null] {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return [
        `${what} file does not exist`,
        what === "Estate" ? "Name it with --estate FILE" : null,
      ];
    case "EACCES":
    case "EPERM":
      return [`${what} file may not be read`, "Give this user the right to read it"];
    case "EISDIR":
      return [`${what} is a folder, not a file`, "Name the file inside it"];
    default:
      return [`${what} file cannot be read: ${code === "" ? String(error) : code}`, null];
  }
}

/** Parses YAML into values and positions; mistakes of syntax end here, repeated keys are told beside the values. */
export function parseText(
  file: string,
  text: string,
  what = "Estate",
): Result<ReadDocument, readonly EstateProblem[]> {
  const lines = new LineCounter();
  const positionOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const at = (offset: number, message: string, hint: string | null, path = ""): EstateProblem => ({
    file,
    ...positionOf(offset),
    path,
    message,
    hint,
  });
  // `yaml` compares every key with every other; duplicateKeys does the same in linear time
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false } as const;
  const document = parseDocument(text, options);
  const faults = [...document.errors, ...document.warnings];
  if (faults.some(({ message }) => STACK_EXHAUSTED.test(message)))
    return fail([at(0, `${what} is nested too deeply`, null)]);
  if (faults.length > 0)
    return fail(
      faults
        .slice(0, MAX_FAULTS)
        .map((fault) => at(fault.pos[0], syntaxMessage(fault, what), null)),
    );
  const orphans = orphanAliases(document).slice(0, MAX_FAULTS);
  if (orphans.length > 0)
    return fail(
      orphans.map(({ name, offset }) =>
        at(offset, `Alias ${quoted(name)} has no anchor`, "Name the value it stands for with &"),
      ),
    );
  const data = valuesOf(document);
  if (!data.ok) return fail([at(0, data.error, "Write the values out instead of using aliases")]);
  return ok({
    document,
    data: data.value,
    positionOf,
    duplicates: duplicateKeys(document).map(({ path, offset, first }) =>
      at(
        offset,
        `Key ${quoted(String(path.at(-1)))} is written twice`,
        `First written in line ${positionOf(first).line}`,
        pathText(path),
      ),
    ),
  });
}

// `yaml` turns an exhausted stack into an error of the document
const STACK_EXHAUSTED = /call stack/;

function orphanAliases(
  document: Document,
): readonly { readonly name: string; readonly offset: number }[] {
  const orphans: { name: string; offset: number }[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        if (!anchors.has(node.source))
          orphans.push({ name: node.source, offset: node.range?.[0] ?? 0 });
      } else if ("anchor" in node && typeof node.anchor === "string") anchors.add(node.anchor);
    },
  });
  return orphans;
}

function valuesOf(document: Document): Result<unknown, string> {
  try {
    return ok(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    if (error instanceof ReferenceError) return fail("Aliases make the estate too large");
    throw error;
  }
}

function syntaxMessage(
  { code, message }: Pick<YAMLParseError, "code" | "message">,
  what: string,
): string {
  if (code === "MULTIPLE_DOCS")
    return `${what === "Estate" ? "An estate" : `A ${what.toLowerCase()}`} is one YAML document, and a second one begins here`;
  return `Not YAML: ${printable(message)}`;
}
