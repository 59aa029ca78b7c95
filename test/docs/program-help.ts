import { join } from "node:path";
import { run } from "../set-up/run.ts";
import { repository } from "./markdown.ts";

/** What `--help` says about one command. */
export interface CommandHelp {
  /** Long options, e.g. `--as`, with the name of their value; null for switches. */
  readonly options: ReadonlyMap<string, string | null>;
  readonly subcommands: readonly string[];
  readonly takesArguments: boolean;
}

const known = new Map<string, CommandHelp>();

/** Asks the program itself for the help of a command; `path` is empty for the program as a whole. */
export function helpOf(path: readonly string[]): CommandHelp {
  const key = path.join(" ");
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const { code, stdout, stderr } = run(process.execPath, [
    join(repository, "bin/anchorwatch.mjs"),
    ...path,
    "--help",
  ]);
  if (code !== 0) throw new Error(`anchorwatch ${key} --help failed: ${stderr}`);
  const help = parseHelp(stdout);
  known.set(key, help);
  return help;
}

function parseHelp(text: string): CommandHelp {
  const options = new Map<string, string | null>();
  for (const [, flags = "", value] of text.matchAll(
    /^ {2}((?:-[\w-]+, )*--[\w-]+)(?: <([\w.-]+)>)?/gm,
  ))
    for (const flag of flags.split(", ")) options.set(flag, value ?? null);
  const commands = /^Commands:\n((?: {2}.*\n?)+)/m.exec(text)?.[1] ?? "";
  return {
    options,
    subcommands: [...commands.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name),
    takesArguments: /^Usage: .*[<[](?!options\])[\w.]+[>\]]/m.test(text),
  };
}
