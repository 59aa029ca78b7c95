import { isAbsolute, join } from "node:path";
import { globFiles } from "../glob-files.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { Place, VariableUse } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { type HttpdDirective, parseHttpd } from "./parse.ts";

/** A word with its variables put in. */
export interface PlacedWord {
  readonly text: string;
  readonly place: Place;
  readonly variables: readonly VariableUse[];
}

/** A directive with the file that it stands in: includes, conditions and variables are resolved. */
export interface PlacedHttpdDirective {
  /** In lower case. */
  readonly name: string;
  readonly words: readonly PlacedWord[];
  readonly section: readonly PlacedHttpdDirective[] | null;
  readonly place: Place;
}

/** What httpd is started with. */
export interface HttpdStart {
  /** Folder from which relative names are taken until ServerRoot says another. */
  readonly serverRoot: string;
  /** Variables that its environment defines, e.g. by Debian's envvars. */
  readonly variables: ReadonlyMap<string, { readonly value: string; readonly source: string }>;
}

/** Deepest nesting of includes (AP_MAX_INCLUDE_DEPTH is 20). */
const MAX_DEPTH = 20;

/** Most directives after includes: files may be included many times. */
const MAX_DIRECTIVES = 500_000;

/** Longest value after variables were put in. */
const MAX_VALUE = 8192;

/** Modules that are compiled in or loaded are not known from the files alone: `<IfModule>` counts as fulfilled. */
const TAKEN_SECTIONS: ReadonlySet<string> = new Set([
  "ifmodule",
  "ifversion",
  "ifdirective",
  "ifsection",
]);

interface Variable {
  readonly value: string;
  readonly source: string;
  readonly place: Place | null;
}

/** Reads a configuration with everything that it includes. Null when the main file cannot be read. */
export async function loadHttpd(
  main: string,
  start: HttpdStart,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<readonly PlacedHttpdDirective[] | null> {
  const variables = new Map<string, Variable>(
    [...start.variables].map(([name, { value, source }]) => [name, { value, source, place: null }]),
  );
  let { serverRoot } = start;
  let left = MAX_DIRECTIVES;

  const load = async (
    file: string,
    stack: readonly string[],
    from: Place | null,
  ): Promise<readonly PlacedHttpdDirective[] | null> => {
    if (stack.includes(file) || stack.length >= MAX_DEPTH) {
      builder.note(
        stack.includes(file)
          ? `${file} includes itself; the inner include is left out`
          : `Includes are nested deeper than ${MAX_DEPTH} files; ${file} is left out`,
        from,
      );
      return [];
    }
    const source = await reader.read(file);
    if (!source.ok) {
      builder.unreadable(source.error, from);
      return null;
    }
    const { directives, faults } = parseHttpd(source.value.text);
    for (const { position, message } of faults)
      builder.issue({
        code: "estate.file-unreadable",
        severity: "warning",
        summary: `${file} has a fault: ${message}`,
        place: { file, ...position, at: "" },
        remedy: ["apachectl configtest"],
      });
    return expand(directives, file, [...stack, file]);
  };

  const expand = async (
    directives: readonly HttpdDirective[],
    file: string,
    stack: readonly string[],
  ): Promise<readonly PlacedHttpdDirective[]> => {
    const expanded: PlacedHttpdDirective[] = [];
    for (const directive of directives) {
      left -= 1;
      if (left < 0) break;
      const name = directive.name.toLowerCase();
      const place: Place = { file, ...directive.position, at: directive.name };
      const words = directive.words.map((word) =>
        substitute(word.text, { file, ...word.position, at: directive.name }, variables),
      );
      const [first, second] = words;
      if (name === "define" && first !== undefined)
        variables.set(first.text, {
          value: second?.text ?? "",
          source: "Define",
          place: first.place,
        });
      else if (name === "undefine" && first !== undefined) variables.delete(first.text);
      else if (name === "serverroot" && first !== undefined) serverRoot = first.text;
      else if ((name === "include" || name === "includeoptional") && first !== undefined) {
        const path = isAbsolute(first.text) ? first.text : join(serverRoot, first.text);
        const files = await included(path, reader);
        if (!files.ok) builder.unreadable(files.error, place);
        for (const each of files.ok ? files.value : []) {
          const missing = name === "includeoptional" && (await reader.look(each)) === null;
          if (!missing) expanded.push(...((await load(each, stack, place)) ?? []));
        }
        continue;
      }
      const isConditional = directive.section !== null && name.startsWith("if");
      if (!isConditional || directive.section === null) {
        const section =
          directive.section === null ? null : await expand(directive.section, file, stack);
        expanded.push({ name, words, section, place });
      } else if (isTaken(name, words, variables))
        expanded.push(...(await expand(directive.section, file, stack)));
    }
    return expanded;
  };

  const loaded = await load(main, [], null);
  if (left < 0) builder.note(`More than ${MAX_DIRECTIVES} directives; the rest is not read`, null);
  return loaded;
}

/** Files of an include: of a folder everything in it, folders in it too (ap_process_resource_config). */
async function included(path: string, reader: SourceReader): ReturnType<typeof globFiles> {
  if (!/[*?[]/u.test(path) && (await reader.look(path))?.kind === "folder")
    return globFiles(join(path, "*"), reader);
  return globFiles(path, reader);
}

function isTaken(
  name: string,
  words: readonly PlacedWord[],
  variables: ReadonlyMap<string, Variable>,
): boolean {
  const condition = words[0]?.text ?? "";
  const negated = condition.startsWith("!");
  const subject = negated ? condition.slice(1) : condition;
  if (name === "ifdefine") return variables.has(subject) !== negated;
  // what a module would add counts; what stands for its absence does not
  if (TAKEN_SECTIONS.has(name)) return !negated;
  return !negated;
}

/** Puts `${NAME}` in; what is not defined stays as it is written. */
function substitute(
  text: string,
  place: Place,
  variables: ReadonlyMap<string, Variable>,
): PlacedWord {
  const uses: VariableUse[] = [];
  const replaced = text.replace(/\$\{([^{}]+)\}/gu, (whole: string, name: string) => {
    const variable = variables.get(name);
    if (variable === undefined) return whole;
    uses.push({ name, source: variable.source, place: variable.place });
    return variable.value;
  });
  return { text: replaced.slice(0, MAX_VALUE), place, variables: uses };
}
