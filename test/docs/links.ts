import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import t from "tap";
import { pages, readPage, repository } from "./markdown.ts";

/** The anchor that a heading gets on the usual hosts. */
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

for (const page of pages)
  t.test(`Links of ${page.path} lead somewhere`, async (t) => {
    const prose = page.prose.replaceAll(/`[^`\n]*`/g, "");
    for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page.path : join(dirname(page.path), path);
      if (!existsSync(join(repository, file))) {
        t.fail(`${target}: ${file} does not exist`);
        continue;
      }
      t.notOk(relative(".", file).startsWith(".."), `${target} stays in the repository`);
      if (anchor === undefined || statSync(join(repository, file)).isDirectory()) continue;
      const anchors = readPage(file).headings.map(({ title }) => slug(title));
      t.ok(anchors.includes(anchor), `${target}: heading ${anchor} is there`);
    }
  });

t.test("docs/README.md leads to every page of the guide", async (t) => {
  const { text } = readPage("docs/README.md");
  for (const { path } of pages) {
    const [, name] = /^docs\/([^/]+\.md)$/.exec(path) ?? [];
    if (name !== undefined && name !== "README.md") t.match(text, `](${name})`, name);
  }
});
