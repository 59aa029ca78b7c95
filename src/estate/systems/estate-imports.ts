import { dirname, resolve } from "node:path";
import type { Mistake } from "../explain-issue.ts";
import { listed } from "../references.ts";
import { ImportDocument } from "../schema-imports.ts";
import { placeText } from "./origin.ts";
import type { EstateFragment } from "./fragment.ts";
import { crossCheck } from "./cross-check.ts";
import type { ImportIssue, ImportNote, SystemImport } from "./model.ts";
import { type CompletedImport, type ImportSurroundings, runImport } from "./run-import.ts";

/** One import of an estate, done. */
export interface EstateImport {
  readonly system: string;
  /** What stands in front of the names of what it brought. */
  readonly prefix: string;
  /** Index in the estate's `imports`. */
  readonly index: number;
  /** Every path that the outcome depends on, absolute. */
  readonly watched: readonly string[];
  readonly notes: readonly ImportNote[];
  readonly issues: readonly ImportIssue[];
  /** The entries that it brings, before the estate's own are laid over them, with the source of every value. */
  readonly fragment: Pick<EstateFragment, "document" | "origins">;
}

/** An estate's data with everything that its imports bring. */
export interface WithImports {
  readonly data: unknown;
  readonly imports: readonly EstateImport[];
  readonly mistakes: readonly Mistake[];
}

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Carries out the imports of an estate and merges what they bring below what is written: an entry of the
 * same name is completed key by key, links are added. An import that fails is a mistake of the estate.
 */
export async function withImports(
  file: string,
  data: unknown,
  surroundings: ImportSurroundings,
): Promise<WithImports> {
  if (!isMapping(data) || !Array.isArray(data["imports"]))
    return { data, imports: [], mistakes: [] };
  const at = (path: string): string => resolve(dirname(resolve(file)), path);
  const imports: EstateImport[] = [];
  const found: SystemImport[] = [];
  const mistakes: Mistake[] = [];
  let merged: Mapping = data;
  const taken = new Map<string, number>();
  for (const [index, written] of data["imports"].entries()) {
    // its shape is the schema's business
    const request = ImportDocument.safeParse(written);
    if (!request.success) continue;
    const { system, path, as, version, host, roots } = request.data;
    const done = await runImport(
      {
        system,
        paths: listed(path, []).map(({ text }) => at(text)),
        as: as ?? null,
        version: version ?? null,
        host: host ?? null,
        roots: listed(roots, []).map(({ text }) => at(text)),
      },
      surroundings,
    );
    if (!done.ok) {
      const { message, place } = done.error;
      const where = place === null ? "" : `${placeText(place)}: `;
      mistakes.push({
        path: ["imports", index],
        at: "value",
        message: `The import of ${system} fails: ${where}${message}`,
        hint: null,
      });
      continue;
    }
    const { fragment, watched } = done.value;
    const earlier = taken.get(fragment.prefix);
    if (earlier !== undefined) {
      mistakes.push({
        path: ["imports", index],
        at: "value",
        message: `Two imports are named ${JSON.stringify(fragment.prefix)}`,
        hint: "Give one of them another name with as:",
      });
      continue;
    }
    taken.set(fragment.prefix, index);
    merged = below(merged, done.value);
    const { prefix, notes, issues, document, origins } = fragment;
    imports.push({
      system,
      prefix,
      index,
      watched,
      notes,
      issues,
      fragment: { document, origins },
    });
    found.push(done.value.found);
  }
  const between = crossCheck(found);
  return {
    data: merged,
    // what one import says about itself is among its issues already
    imports: imports.map((each, position) => {
      const own = found[position];
      const known = new Set(each.issues.map((issue) => JSON.stringify(issue)));
      const more = own === undefined ? [] : (between.get(own) ?? []);
      const added = more.filter((issue) => !known.has(JSON.stringify(issue)));
      return { ...each, issues: [...each.issues, ...added] };
    }),
    mistakes,
  };
}

function below(data: Mapping, { fragment }: CompletedImport): Mapping {
  const { truststores, clients, endpoints, links } = fragment.document;
  const written = data["links"] ?? [];
  return {
    ...data,
    truststores: completed(truststores, data["truststores"]),
    clients: completed(clients, data["clients"]),
    endpoints: completed(endpoints, data["endpoints"]),
    links: Array.isArray(written) ? [...(written as readonly unknown[]), ...links] : written,
  };
}

function completed(imported: Mapping, written: unknown): unknown {
  if (written !== undefined && written !== null && !isMapping(written)) return written;
  const own: Mapping = written ?? {};
  const entries = new Map<string, unknown>(Object.entries(imported));
  for (const [name, entry] of Object.entries(own)) {
    const base = entries.get(name);
    entries.set(name, isMapping(base) && isMapping(entry) ? { ...base, ...entry } : entry);
  }
  return Object.fromEntries(entries);
}
