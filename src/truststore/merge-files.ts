import { basename } from "node:path";
import type { DirectoryContent } from "./store-directory.ts";
import { NOTHING_SKIPPED, type SkippedCounts, type StoreFile } from "./truststore.ts";

/**
 * What a location holds as one store: a single file as it is; the files of a directory one behind the other, numbered
 * through. There the only certificate of a file is called by the name of the file, where `named` asks for it.
 */
export function mergeFiles(
  location: string,
  { files, passedOver }: DirectoryContent,
  named: boolean,
): StoreFile {
  const [first] = files;
  if (first !== undefined && files.length === 1 && passedOver.length === 0) return first;
  const entries = files.flatMap((file) => {
    const name =
      named && file.path !== null && file.entries.length === 1 ? basename(file.path) : null;
    return file.entries.map((entry) => ({ ...entry, alias: entry.alias ?? name }));
  });
  const count = files.length;
  const over = passedOver.length;
  return {
    path: location,
    format: first?.format ?? "pem",
    flavour: {
      summary: `directory of ${count} file${count === 1 ? "" : "s"}`,
      version: null,
      encryption: files.flatMap(({ flavour }) => flavour.encryption),
      mac: null,
    },
    integrity: files.some(({ integrity }) => integrity === "wrong") ? "wrong" : "unchecked",
    entries: entries.map((entry, index) => ({ ...entry, index })),
    skipped: files.map(({ skipped }) => skipped).reduce(added, NOTHING_SKIPPED),
    anomalies: files.flatMap(({ anomalies, path }) =>
      anomalies.map(({ code, message }) => ({
        code,
        message: path === null ? message : `${basename(path)}: ${message}`,
      })),
    ),
    java: first?.java ?? { opens: true },
    message: over === 0 ? null : `${over} other file${over === 1 ? " was" : "s were"} passed over`,
  };
}

function added(a: SkippedCounts, b: SkippedCounts): SkippedCounts {
  return {
    privateKeys: a.privateKeys + b.privateKeys,
    secretKeys: a.secretKeys + b.secretKeys,
    revocationLists: a.revocationLists + b.revocationLists,
    requests: a.requests + b.requests,
    other: a.other + b.other,
  };
}
