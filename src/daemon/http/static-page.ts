import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json; charset=utf-8",
  woff2: "font/woff2",
};

const MAX_FILE_BYTES = 4 * 2 ** 20;
const MAX_FILES = 200;

/** One file of the page, kept in memory. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** Entity tag, quotes included. */
  readonly etag: string;
}

/**
 * Reads the files of the page from a folder, by the path under which each is served (`/` is index.html).
 * Only files of known types and plain names are taken, and nothing is read again later.
 */
export async function loadPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const name of await names(folder)) {
    const type = TYPES[/^[A-Za-z0-9_-][A-Za-z0-9._-]*\.([a-z0-9]+)$/.exec(name)?.[1] ?? ""];
    if (type === undefined || files.size >= MAX_FILES) continue;
    const path = join(folder, name);
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) continue;
    const body = await readFile(path);
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    files.set(name === "index.html" ? "/" : `/${name}`, { type, body, etag });
  }
  return files;
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
