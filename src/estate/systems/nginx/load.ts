import { dirname, isAbsolute, join } from "node:path";
import { globFiles } from "../glob-files.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { Place } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { type NginxDirective, parseNginx } from "./parse.ts";

/** A directive with the file that it stands in; includes are replaced by what they name. */
export interface PlacedDirective {
  readonly name: string;
  readonly words: readonly { readonly text: string; readonly place: Place }[];
  readonly block: readonly PlacedDirective[] | null;
  readonly place: Place;
}

/** Deepest nesting of includes; nginx itself has no bound but its memory. */
const MAX_DEPTH = 20;

/** Reads a configuration with everything that it includes; relative names are taken from the folder of the main file. */
export async function loadNginx(
  main: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<readonly PlacedDirective[] | null> {
  const prefix = dirname(main);
  const load = async (
    file: string,
    stack: readonly string[],
    from: Place | null,
  ): Promise<readonly PlacedDirective[] | null> => {
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
    const { directives, fault } = parseNginx(source.value.text);
    if (fault !== null)
      builder.issue({
        code: "estate.file-unreadable",
        severity: "warning",
        summary: `${file} is read up to a fault only: ${fault.message}`,
        place: { file, ...fault.position, at: "" },
        remedy: ["nginx -t"],
      });
    return expand(directives, file, [...stack, file], null);
  };

  const expand = async (
    directives: readonly NginxDirective[],
    file: string,
    stack: readonly string[],
    around: string | null,
  ): Promise<readonly PlacedDirective[]> => {
    const expanded: PlacedDirective[] = [];
    for (const { name, words, block, position } of directives) {
      const at = around === null ? name : `${around}/${name}`;
      const place: Place = { file, ...position, at };
      const [target] = words;
      // Debian's links to files of packages, which do nothing but load modules
      if (name === "include" && /(?:^|\/)modules-enabled\//u.test(target?.text ?? "")) continue;
      if (name === "include" && target !== undefined) {
        const path = isAbsolute(target.text) ? target.text : join(prefix, target.text);
        const files = await globFiles(path, reader);
        if (!files.ok) builder.unreadable(files.error, place);
        for (const each of files.ok ? files.value : [])
          expanded.push(...((await load(each, stack, place)) ?? []));
        continue;
      }
      expanded.push({
        name,
        words: words.map((word) => ({ text: word.text, place: { file, ...word.position, at } })),
        block: block === null ? null : await expand(block, file, stack, at),
        place,
      });
    }
    return expanded;
  };
  return load(main, [], null);
}
