import { readFile } from "node:fs/promises";
import type { FindingCode } from "../diagnosis/finding-codes.ts";

/** The page about a code from docs/findings, Markdown; null where the package came without its pages. */
export async function findingPage(code: FindingCode): Promise<string | null> {
  // the bundle lies as deep below the package as this file
  const file = new URL(`../../docs/findings/${code}.md`, import.meta.url);
  try {
    return await readFile(file, "utf8");
  } catch {
    return null;
  }
}
