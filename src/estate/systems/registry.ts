import { resolve } from "node:path";
import type { SourceReader } from "./source-reader.ts";
import type { SystemImporter } from "./system-importer.ts";

/** Every system whose configuration can be read, by name. */
export const IMPORTERS: readonly SystemImporter[] = [];

/** The importer of a system; null for an unknown name. */
export const importerOf = (system: string): SystemImporter | null =>
  IMPORTERS.find((importer) => importer.system === system) ?? null;

/** The importer that a path looks made for; null when none is, or two are equally likely. */
export async function detectImporter(
  path: string,
  reader: SourceReader,
): Promise<SystemImporter | null> {
  const scores: { importer: SystemImporter; score: number }[] = [];
  for (const importer of IMPORTERS) {
    const score = await importer.detect(resolve(path), reader);
    if (score > 0) scores.push({ importer, score });
  }
  const [best, next] = scores.toSorted((a, b) => b.score - a.score);
  return best === undefined || best.score === next?.score ? null : best.importer;
}
