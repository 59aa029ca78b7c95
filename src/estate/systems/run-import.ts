import { dirname } from "node:path";
import { fail, ok, type Result } from "../../x509/result.ts";
import { suggest } from "../suggest.ts";
import { crossCheck } from "./cross-check.ts";
import { type EstateFragment, toFragment } from "./fragment.ts";
import type { SystemImport } from "./model.ts";
import { importerOf, IMPORTERS } from "./registry.ts";
import { type SourceFiles, SourceReader } from "./source-reader.ts";
import { soundFragment } from "./sound-fragment.ts";
import type { ImportFailure } from "./system-importer.ts";

/** What is to be imported. */
export interface ImportRequest {
  readonly system: string;
  /** Absolute; at least one. */
  readonly paths: readonly string[];
  /** What stands in front of every name; null for what the system calls itself. */
  readonly as: string | null;
  /** The system's version; null when it is to be found. */
  readonly version: string | null;
  /** The name by which other machines reach the system's listeners; null when it is not known. */
  readonly host: string | null;
  /** Further folders, absolute, from which included files may be read. */
  readonly roots: readonly string[];
}

/** What an import reaches beyond its arguments. */
export interface ImportSurroundings {
  readonly files: SourceFiles;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A finished import. */
export interface CompletedImport {
  readonly system: string;
  readonly fragment: EstateFragment;
  /** What the fragment was made from, to be compared with other imports. */
  readonly found: SystemImport;
  /** Every path that the outcome depends on, absolute: a change of any of them asks for a new import. */
  readonly watched: readonly string[];
}

/** Derives estate entries from a system's own configuration. */
export async function runImport(
  { system, paths, as, version, host, roots }: ImportRequest,
  { files, environment }: ImportSurroundings,
): Promise<Result<CompletedImport, ImportFailure>> {
  const importer = importerOf(system);
  if (importer === null) return fail({ message: unknownSystem(system), place: null });
  const reader = new SourceReader(files);
  for (const path of paths) {
    const found = await files.look(path);
    if (found === null) return fail({ message: `${path} does not exist`, place: null });
    reader.allow(found.kind === "folder" ? path : dirname(path));
  }
  for (const root of roots) reader.allow(root);
  const found = await importer.read({ paths, reader, environment, version, host });
  if (!found.ok) return found;
  const fragment = toFragment(system, found.value, as ?? found.value.name);
  const between = crossCheck([found.value]).get(found.value) ?? [];
  const spoilt = reader.marked.map((file) => ({
    message:
      "The file begins with a byte order mark, which Java takes for a part of its first key: that setting has no effect. Save the file without it",
    place: { file, line: 1, column: 1, at: "" },
  }));
  return ok({
    system,
    fragment: soundFragment({
      ...fragment,
      issues: [...fragment.issues, ...between],
      notes: [...fragment.notes, ...spoilt],
    }),
    found: found.value,
    watched: reader.watched,
  });
}

/** Says which systems there are. */
export function unknownSystem(system: string): string {
  const known = IMPORTERS.map((importer) => importer.system);
  const meant = suggest(system, known);
  return `Unknown system ${JSON.stringify(system)}${meant === null ? `; known are ${known.join(", ")}` : `; did you mean ${meant}?`}`;
}
