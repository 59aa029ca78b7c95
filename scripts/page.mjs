// Builds the live page from dashboards/live/ to dist/page/, where the daemon and the package take it from. Run as a
// program (npm does so after installing), or imported by what needs the page: it is built only where it is missing or
// older than what it is made of.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = join(root, "dashboards", "live");

/** Folder of the built page. */
export const PAGE_FOLDER = join(root, "dist", "page");

const newest = (path) => {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce(
    (time, name) => Math.max(time, newest(join(path, name))),
    mtimeMs,
  );
};

/** Whether the built page is there and no older than its sources. */
export const isPageCurrent = () => {
  const built = join(PAGE_FOLDER, "index.html");
  if (!existsSync(built)) return false;
  const { mtimeMs } = statSync(built);
  return [sources, fileURLToPath(import.meta.url)].every((path) => newest(path) <= mtimeMs);
};

/** Builds the page. Whoever reads the old one meanwhile finds it whole. */
export const buildPage = async () => {
  const { build } = await import("vite");
  const fresh = `${PAGE_FOLDER}-${process.pid}`;
  await build({
    root: sources,
    configFile: false,
    logLevel: "warn",
    // wherever a proxy puts the daemon
    base: "./",
    publicDir: false,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: fresh,
      emptyOutDir: true,
      // the daemon serves one folder
      assetsDir: "",
      // the content policy allows files of the page's own origin only
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: "es2024",
      reportCompressedSize: false,
      license: { fileName: "licences.md" },
    },
  });
  const old = `${PAGE_FOLDER}-old-${process.pid}`;
  mkdirSync(join(root, "dist"), { recursive: true });
  if (existsSync(PAGE_FOLDER)) renameSync(PAGE_FOLDER, old);
  renameSync(fresh, PAGE_FOLDER);
  rmSync(old, { recursive: true, force: true });
};

/** Builds the page where it is missing or stale. */
export const ensurePage = async () => {
  if (existsSync(sources) && !isPageCurrent()) await buildPage();
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensurePage();
