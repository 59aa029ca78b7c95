import { dirname } from "node:path";
import { configuredPath } from "../configured-path.ts";
import { type Sourced, written } from "../origin.ts";
import type { ResolvedLine, ResolvedWord } from "./configuration.ts";

/** A file name, taken from `ca-base` or `crt-base` where one is set, which itself is relative to the file. */
export function inBase(file: ResolvedWord, base: readonly ResolvedLine[]): Sourced<string> {
  const own = dirname(file.place.file);
  const named = base.at(-1)?.words[0]?.text;
  const folder = named === undefined ? own : configuredPath(named, own);
  return written(configuredPath(file.text, folder), file.place, file.variables);
}
