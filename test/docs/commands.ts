import t from "tap";
import { pages, readPage, section } from "./markdown.ts";
import { helpOf } from "./program-help.ts";

const page = readPage("docs/commands.md");
const commandPages = pages.filter(({ path }) => /^docs\/commands(-\w+)?\.md$/.test(path));

/** What the documentation says about a command, on whichever page. */
function sectionOf(name: string): string {
  const home = commandPages.find(({ headings }) =>
    headings.some(({ level, title }) => level === 2 && title === name),
  );
  return home === undefined ? "" : section(home, name);
}

const commands = (): readonly (readonly string[])[] =>
  helpOf([])
    .subcommands.filter((name) => name !== "help")
    .flatMap((name) => {
      const { subcommands } = helpOf([name]);
      const below = subcommands.filter((each) => each !== "help");
      return below.length === 0 ? [[name]] : below.map((each) => [name, each]);
    });

t.test("docs/commands*.md have a section for every command of the program", async (t) => {
  for (const path of commands()) t.not(sectionOf(path.join(" ")), "", path.join(" "));
});

t.test("docs/commands*.md describe every option of every command", async (t) => {
  for (const path of commands()) {
    const text = sectionOf(path.join(" "));
    for (const option of helpOf(path).options.keys())
      if (option.startsWith("--") && option !== "--help")
        t.ok(
          text.includes(`\`${option} `) || text.includes(`\`${option}\``),
          `${path.join(" ")} ${option}`,
        );
  }
});

t.test("docs/commands.md lists the exit codes of the program", async (t) => {
  const codes = [...section(page, "Exit codes").matchAll(/^\| (\d+) +\|/gm)].map(
    ([, code]) => code,
  );
  t.same(codes, ["0", "1", "2", "3", "64"]);
});
