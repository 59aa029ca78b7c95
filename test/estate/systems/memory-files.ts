import { ok, fail } from "../../../src/x509/result.ts";
import type { SourceFiles } from "../../../src/estate/systems/source-reader.ts";

/** A file system that consists of these files, by absolute path; folders follow from them. */
export function memoryFiles(files: ReadonlyMap<string, Uint8Array>): SourceFiles {
  const below = (folder: string): string => (folder.endsWith("/") ? folder : `${folder}/`);
  const isFolder = (path: string): boolean =>
    [...files.keys()].some((file) => file.startsWith(below(path)));
  return {
    read: async (path, limit) => {
      const bytes = files.get(path);
      return bytes === undefined ? fail("ENOENT") : ok(bytes.subarray(0, limit + 1));
    },
    list: async (path) => {
      const names = [...files.keys()].flatMap((file) =>
        file.startsWith(below(path)) ? [file.slice(below(path).length).split("/")[0] ?? ""] : [],
      );
      return ok([...new Set(names)]);
    },
    look: async (path) =>
      files.has(path)
        ? { kind: "file", modified: 0 }
        : isFolder(path)
          ? { kind: "folder", modified: 0 }
          : null,
    real: async (path) => path,
  };
}
