import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { SourceError, SourceReader } from "./source-reader.ts";

/** Most folders that one pattern may lead into. */
const MAX_FOLDERS = 200;

/**
 * Files that a pattern of an include names, sorted: `*`, `?` and `[...]` in any part of an absolute path, as fnmatch takes
 * them, a leading dot only where it is written. Without any of these signs it is the path itself, whether there or not.
 */
export async function globFiles(
  pattern: string,
  reader: SourceReader,
): Promise<Result<readonly string[], SourceError>> {
  if (!/[*?[]/u.test(pattern)) return ok([pattern]);
  const folder = dirname(pattern);
  const folders = await globFiles(folder, reader);
  if (!folders.ok) return folders;
  const matches = matcher(basename(pattern));
  const found: string[] = [];
  for (const each of folders.value.slice(0, MAX_FOLDERS)) {
    if ((await reader.look(each))?.kind !== "folder") continue;
    const names = await reader.list(each);
    if (!names.ok) return fail(names.error);
    found.push(...names.value.filter(matches).map((name) => join(each, name)));
  }
  return ok(found);
}

/** Matches names against one part of a pattern in time that grows with their product (no backtracking expression). */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.match(/\*|\?|\[[^\]]+\]|[^]/gu) ?? [];
  return (name) => {
    if (name.startsWith(".") && !pattern.startsWith(".")) return false;
    let states = new Set([0]);
    const widen = (from: ReadonlySet<number>): Set<number> => {
      const wide = new Set<number>();
      for (const state of from)
        for (let index = state; ; index += 1) {
          wide.add(index);
          if (parts[index] !== "*") break;
        }
      return wide;
    };
    for (const character of name) {
      const next = new Set<number>();
      for (const state of widen(states)) {
        const part = parts[state];
        if (part === "*") next.add(state);
        else if (part !== undefined && fits(part, character)) next.add(state + 1);
      }
      states = next;
    }
    return widen(states).has(parts.length);
  };
}

function fits(part: string, character: string): boolean {
  if (part === "?") return true;
  if (part.length < 3) return part === character;
  const negated = /^\[[!^]/u.test(part);
  const inside = part.slice(negated ? 2 : 1, -1);
  let found = false;
  for (let index = 0; index < inside.length; index += 1) {
    const low = inside.charAt(index);
    const high = inside.charAt(index + 1) === "-" ? inside.charAt(index + 2) : "";
    if (high === "") found ||= low === character;
    else {
      found ||= low <= character && character <= high;
      index += 2;
    }
  }
  return found !== negated;
}
