import t from "tap";
import { parseEstate } from "../../src/estate/load-estate.ts";
import { CHECK_FORMATS } from "../../src/cli/common-options.ts";
import { isProfileName } from "../../src/trust/profile-names.ts";
import { type Page, pages, readPage } from "./markdown.ts";
import { helpOf } from "./program-help.ts";
import { commandLines, shellWords } from "./shell-words.ts";

interface CommandLine {
  readonly place: string;
  readonly words: readonly string[];
}

/** Every `anchorwatch …` that a page shows in a block or as a whole code span. */
function shown(page: Page): readonly CommandLine[] {
  const blocks = page.fences
    .filter(({ language }) => language === "sh" || language === "text")
    .flatMap(({ text, line }) =>
      commandLines(text).map((command) => ({ command, place: `${page.path}:${line}` })),
    );
  const spans = [...page.prose.matchAll(/`(anchorwatch [^`\n]+)`/g)].map(([, command = ""]) => ({
    command,
    place: page.path,
  }));
  return [...blocks, ...spans]
    .filter(({ command }) => command.startsWith("anchorwatch "))
    .map(({ command, place }) => ({ place, words: shellWords(command).slice(1) }));
}

const PLACEHOLDERS: ReadonlySet<string> = new Set(["PROFILE", "FORMAT"]);

/** Formats that a command knows beside the usual ones. */
const OWN_FORMATS: ReadonlyMap<string, readonly string[]> = new Map([
  ["forecast", ["ics"]],
  ["estate show", ["dot", "mermaid"]],
]);

function checkValue(option: string, value: string, command: string): string | null {
  if (PLACEHOLDERS.has(value)) return null;
  if (option === "--format" && OWN_FORMATS.get(command)?.includes(value) === true) return null;
  switch (option) {
    case "--as":
      return isProfileName(value) ? null : `${value} is no profile`;
    case "--format":
      return CHECK_FORMATS.some((format) => format === value) ? null : `${value} is no format`;
    case "--name-check":
      return ["https", "ldaps", "none"].includes(value) ? null : `${value} is no rule`;
    case "--at":
      return Number.isNaN(Date.parse(value)) ? `${value} is no time` : null;
    case "--truststore-password":
    case "--password":
    case "--other-password":
    case "--out-password":
    case "--key-password":
      return /^(env:\w+|file:.+|stash:.+|prompt|SPEC)$/.test(value) ? null : `${value} is no SPEC`;
    default:
      return null;
  }
}

/** What is wrong with a command line; null when the program would take it. */
function mistake(words: readonly string[]): string | null {
  const path: string[] = [];
  let help = helpOf(path);
  let rest = words;
  for (let next = rest[0]; next !== undefined && help.subcommands.includes(next); next = rest[0]) {
    path.push(next);
    help = helpOf(path);
    rest = rest.slice(1);
  }
  if (path.length === 0 && !rest.some((word) => word.startsWith("--")))
    return `${rest[0] ?? ""} is no command`;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (!word.startsWith("-") || word === "-") {
      if (!help.takesArguments) return `${path.join(" ")} takes no argument ${word}`;
      continue;
    }
    const value = help.options.get(word);
    if (value === undefined) return `${path.join(" ")} has no option ${word}`;
    if (value === null) continue;
    const given = rest[++at];
    if (given === undefined) return `${word} lacks its value`;
    // to import, it is a name of the user's choice
    const isPrefix = word === "--as" && path[0] === "import";
    const wrong = isPrefix ? null : checkValue(word, given, path.join(" "));
    if (wrong !== null) return wrong;
  }
  return null;
}

t.test("Command lines in the documentation are taken by the program", async (t) => {
  let count = 0;
  for (const page of pages)
    for (const { place, words } of shown(page)) {
      count++;
      t.equal(mistake(words), null, `${place}: anchorwatch ${words.join(" ")}`);
    }
  t.ok(count > pages.length, `${count} command lines were found`);
});

t.test("Command lines that name a client of the estate use the documented estate", async (t) => {
  const example = readPage("docs/estate.md").fences.find(({ text }) => text.includes("version: 1"));
  const estate = parseEstate("anchorwatch.yaml", example?.text ?? "");
  const clients = estate.ok ? estate.value.clients.map(({ name }) => name) : [];
  for (const page of pages)
    for (const { place, words } of shown(page)) {
      const at = words.indexOf("--client");
      const name = words[at + 1] ?? "";
      if (at >= 0 && name !== "NAME") t.ok(clients.includes(name), `${place}: client ${name}`);
    }
});
