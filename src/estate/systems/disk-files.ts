import { open, readdir, realpath, stat } from "node:fs/promises";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { SourceFiles, SourceLook } from "./source-reader.ts";

/** The file system of this machine. */
export const DISK_FILES: SourceFiles = { read, list, look, real };

async function read(path: string, limit: number): Promise<Result<Uint8Array, string>> {
  try {
    await using handle = await open(path);
    const parts: Buffer[] = [];
    for await (const part of handle.createReadStream({ autoClose: false, end: limit }))
      parts.push(Buffer.from(part));
    return ok(Buffer.concat(parts));
  } catch (error) {
    return fail(reason(error));
  }
}

async function list(path: string): Promise<Result<readonly string[], string>> {
  try {
    return ok(await readdir(path));
  } catch (error) {
    return fail(reason(error));
  }
}

async function look(path: string): Promise<SourceLook | null> {
  try {
    const found = await stat(path);
    const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
    return { kind, modified: found.mtimeMs };
  } catch {
    return null;
  }
}

async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

const reason = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
