import t from "tap";
import { readPage, section } from "./markdown.ts";
import { helpOf } from "./program-help.ts";

const page = readPage("docs/commands.md");

const commands = (): readonly (readonly string[])[] =>
  helpOf([])
    .subcommands.filter((name) => name !== "help")
    .flatMap((name) => {
      const { subcommands } = helpOf([name]);
      const below = subcommands.filter((each) => each !== "help");
      return below.length === 0 ? [[name]] : below.map((each) => [name, each]);
    });

t.test("docs/commands.md has a section for every command of the program", async (t) => {
  const titles = page.headings.filter(({ level }) => level === 2).map(({ title }) => title);
  for (const path of commands()) t.ok(titles.includes(path.join(" ")), path.join(" "));
});

t.test("docs/commands.md describes every option of every command", async (t) => {
  for (const path of commands()) {
    const text = section(page, path.join(" "));
    for (const option of helpOf(path).options.keys())
      if (option.startsWith("--") && option !== "--help")
        t.ok(
          text.includes(`\`${option} `) || text.includes(`\`${option}\``),
          `${path.join(" ")} ${option}`,
        );
  }
});

t.test("docs/commands.md lists the exit codes of the program", async (t) => {
  const codes = [...section(page, "Exit codes").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
  t.same(codes, ["0", "1", "2", "3", "64"]);
});
