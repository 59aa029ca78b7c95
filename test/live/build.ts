import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import t from "tap";
import { ensurePage, isPageCurrent, PAGE_FOLDER } from "../../scripts/page.mjs";
import { loadPage } from "../../src/daemon/http/static-page.ts";

const MOST_BYTES = 150_000;

t.test("ensurePage() builds a page that is small, whole and without anything inline", async (t) => {
  await ensurePage();
  t.ok(isPageCurrent());
  const page = await loadPage(PAGE_FOLDER);
  const sizes = [...page.values()].map(({ body }) => gzipSync(body).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  t.comment(`${total} bytes compressed in ${sizes.length} files`);
  t.ok(total < MOST_BYTES, `${total} bytes compressed are below ${MOST_BYTES}`);
  const index = page.get("/")?.body.toString() ?? "";
  t.notMatch(index, /<script(?![^>]*\bsrc=)/u, "no script stands in the page");
  t.notMatch(index, /<style|\sstyle=|\son[a-z]+=/u, "neither styles nor handlers do");
  t.notMatch(index, /(?:src|href)="(?:https?:)?\/\//u, "nothing comes from elsewhere");
  for (const [, file = ""] of index.matchAll(/(?:src|href)="\.\/([^"]+)"/gu))
    t.ok(page.has(`/${file}`), `${file} is served`);
  t.match(
    readFileSync(join(PAGE_FOLDER, "licences.md"), "utf8"),
    /preact[^]*uplot/iu,
    "the licences of what is built in come along",
  );
  t.same(
    readdirSync(PAGE_FOLDER).filter((name) => name.endsWith(".map") || name.endsWith(".ts")),
    [],
  );
});
