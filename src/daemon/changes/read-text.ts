import { readFile, stat } from "node:fs/promises";
import { fail, ok, type Result } from "../../x509/result.ts";

/** Largest text that is read, in bytes. */
const MAX_BYTES = 4 * 2 ** 20;

/** A text file that a plan names; the error is one sentence. */
export async function readText(
  path: string,
  encoding: "utf8" | "latin1" = "utf8",
): Promise<Result<string, string>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return fail(`${path} is larger than 4 MiB`);
    return ok(await readFile(path, encoding));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return fail(code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})`);
  }
}
