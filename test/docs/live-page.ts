import { statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { VIEWS } from "../../dashboards/live/shell/views.ts";
import { readPage, repository } from "./markdown.ts";

const MOST_BYTES = 200_000;

t.test("docs/live-page.md names every view with its place and its key", async (t) => {
  const { text } = readPage("docs/live-page.md");
  for (const { path } of VIEWS) t.match(text, `\`#/${path}`, path);
  const keys = VIEWS.map(({ key }) => `\`${key}\``).join(", ");
  const names = VIEWS.map(({ name }) => name.toLowerCase()).join(", ");
  t.match(text, `| \`g\` and ${keys} | ${names} |`);
});

t.test("docs/live-page.md shows pictures that are small", async (t) => {
  const { text } = readPage("docs/live-page.md");
  const pictures = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/gu)].map(([, path = ""]) => path);
  t.ok(pictures.length >= 2);
  for (const path of pictures)
    t.ok(statSync(join(repository, "docs", path)).size < MOST_BYTES, path);
});
