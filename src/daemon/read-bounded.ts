import { readFile, stat } from "node:fs/promises";
import { fail, ok, type Result } from "../x509/result.ts";

const MAX_BYTES = 2 ** 20;

/** The text of a small file; the error is one sentence that names it. */
export async function readBounded(path: string): Promise<Result<string, string>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return fail(`${path} is larger than 1 MiB`);
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return fail(code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})`);
  }
}
