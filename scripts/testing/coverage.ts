interface Counted {
  readonly total: number;
  readonly covered: number;
}

/** Coverage of one folder; shares are between 0 and 1, or null where there is nothing to cover. */
export interface FolderCoverage {
  readonly folder: string;
  readonly files: number;
  readonly lines: number | null;
  readonly branches: number | null;
}

const share = (parts: readonly Counted[]): number | null => {
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  return total === 0 ? null : parts.reduce((sum, part) => sum + part.covered, 0) / total;
};

/**
 * Adds an istanbul `json-summary` up by top-level folder of `src`.
 *
 * @param summary - Parsed `coverage-summary.json`: counts by absolute path.
 * @param root - Absolute path of the repository.
 */
export const coverageByFolder = (
  summary: Readonly<Record<string, { readonly lines: Counted; readonly branches: Counted }>>,
  root: string,
): readonly FolderCoverage[] => {
  const folders = new Map<string, { lines: Counted; branches: Counted }[]>();
  for (const [path, counts] of Object.entries(summary)) {
    const inside = path.replaceAll("\\", "/").slice(root.length).replace(/^\//u, "");
    const folder = /^(src\/[^/]+)\/./u.exec(inside)?.[1];
    if (!path.startsWith(root) || folder === undefined) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), counts]);
  }
  return [...folders.keys()].toSorted().map((folder) => {
    const files = folders.get(folder) ?? [];
    return {
      folder,
      files: files.length,
      lines: share(files.map(({ lines }) => lines)),
      branches: share(files.map(({ branches }) => branches)),
    };
  });
};

/** The table that the test run prints. */
export const coverageTable = (folders: readonly FolderCoverage[]): string => {
  const percent = (value: number | null): string =>
    (value === null ? "-" : `${(value * 100).toFixed(1)} %`).padStart(9);
  const width = Math.max(6, ...folders.map(({ folder }) => folder.length));
  return [
    `${"folder".padEnd(width)}  files      lines   branches`,
    ...folders.map(
      ({ folder, files, lines, branches }) =>
        `${folder.padEnd(width)}  ${String(files).padStart(5)}  ${percent(lines)}  ${percent(branches)}`,
    ),
  ].join("\n");
};
