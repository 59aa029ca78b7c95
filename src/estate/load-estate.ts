import { resolve } from "node:path";
import type { Endpoint } from "../probe/handshake.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { endpointTargets } from "./endpoint-targets.ts";
import type { Estate, EstateProblem } from "./estate.ts";
import { bounded, inOrder, located, shapeMistakes } from "./mistakes.ts";
import { noticesOf } from "./notices.ts";
import { parseText, type ReadDocument, readText } from "./read-document.ts";
import { danglingReferences } from "./references.ts";
import { resolveEstate } from "./resolve.ts";
import { ESTATE_SCHEMA } from "./schema.ts";
import type { EstateSources } from "./entry-source.ts";
import { sourcesOf } from "./sources.ts";
import { DISK_FILES } from "./systems/disk-files.ts";
import { type WithImports, withImports } from "./systems/estate-imports.ts";

/**
 * Reads and checks an estate file. Every mistake is told at once, in the order of the file: syntax,
 * repeated and unknown keys, types, ranges, addresses, and names that nothing defines.
 * @param path as given by the user; relative to the working directory
 */
export async function loadEstate(path: string): Promise<Result<Estate, readonly EstateProblem[]>> {
  const loaded = await readAndCheck(path);
  return loaded.ok ? ok(loaded.value.estate) : loaded;
}

/** An estate, and where its entries stand. */
export interface SourcedEstate {
  readonly estate: Estate;
  readonly sources: EstateSources;
}

/** As loadEstate, with the source of everything. */
export async function loadSourcedEstate(
  path: string,
): Promise<Result<SourcedEstate, readonly EstateProblem[]>> {
  const loaded = await readAndCheck(path);
  if (!loaded.ok) return loaded;
  const { estate, parsed } = loaded.value;
  return ok({ estate, sources: sourcesOf(path, parsed, estate) });
}

async function readAndCheck(
  path: string,
): Promise<
  Result<{ readonly estate: Estate; readonly parsed: ReadDocument }, readonly EstateProblem[]>
> {
  const text = await readText(path);
  if (!text.ok) return fail([text.error]);
  const parsed = parseText(path, text.value);
  if (!parsed.ok) return parsed;
  const surroundings = { files: DISK_FILES, environment: process.env };
  const imported = await withImports(path, parsed.value.data, surroundings);
  const estate = checked(path, parsed.value, imported);
  return estate.ok ? ok({ estate: estate.value, parsed: parsed.value }) : estate;
}

/** Checks the text of an estate file, as loadEstate does; its imports are not carried out. */
export function parseEstate(path: string, text: string): Result<Estate, readonly EstateProblem[]> {
  const parsed = parseText(path, text);
  if (!parsed.ok) return parsed;
  return checked(path, parsed.value, { data: parsed.value.data, imports: [], mistakes: [] });
}

function checked(
  path: string,
  parsed: ReadDocument,
  { data, imports, mistakes: failedImports }: WithImports,
): Result<Estate, readonly EstateProblem[]> {
  const shape = ESTATE_SCHEMA.safeParse(data ?? {});
  const targets = endpointTargets(data);
  const mistakes = [
    ...(shape.success ? [] : shapeMistakes(shape.error.issues, ESTATE_SCHEMA, data)),
    ...targets.mistakes,
    ...danglingReferences(data),
    ...failedImports,
  ];
  const problems = [...parsed.duplicates, ...located(path, parsed, mistakes)];
  if (!shape.success || problems.length > 0) return fail(bounded(inOrder(problems)));
  const byName: ReadonlyMap<string, Endpoint> = targets.targets;
  return ok({
    ...resolveEstate(resolve(path), shape.data, byName),
    imports,
    notices: inOrder(located(path, parsed, noticesOf(shape.data, writtenLinks(parsed.data)))),
  });
}

/** How many entries of `links` stand in the file itself; imports add theirs behind. */
function writtenLinks(data: unknown): number {
  const links: unknown =
    typeof data === "object" && data !== null && "links" in data ? data.links : null;
  return Array.isArray(links) ? links.length : 0;
}
