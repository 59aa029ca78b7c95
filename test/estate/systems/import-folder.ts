import { resolve } from "node:path";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import type { SystemImporter } from "../../../src/estate/systems/system-importer.ts";
import { type ImportedFolder, type ImportOptions, linesOf } from "./import-files.ts";

/** Imports a folder of `fixtures`; lines show paths below `root` of the fixture. */
export async function importFolder(
  importer: SystemImporter,
  root: string,
  options: ImportOptions = {},
): Promise<ImportedFolder> {
  const folder = resolve(import.meta.dirname, "fixtures", root);
  const paths = (options.paths ?? [""]).map((path) => resolve(folder, path));
  const reader = new SourceReader(DISK_FILES);
  for (const path of paths) reader.allow(path);
  const result = await importer.read({
    paths,
    reader,
    environment: options.environment ?? {},
    version: options.version ?? null,
    host: options.host ?? null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return { folder, found: result.value, lines: linesOf(result.value, folder) };
}
