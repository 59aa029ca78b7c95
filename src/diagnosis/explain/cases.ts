import * as z from "zod";
import { CASE_IDS, type CaseId } from "../catalogue.ts";
import data from "./cases.json" with { type: "json" };

/** A case of the failure catalogue, in plain words. */
export interface CaseEntry {
  readonly id: CaseId;
  /** One line without a full stop. */
  readonly title: string;
  /** What to look at. */
  readonly look: string;
  readonly remedy: string;
}

const Entry = z.tuple([z.string(), z.string(), z.string()]);

let known: ReadonlyMap<CaseId, CaseEntry> | null = null;

/** Every case, A1 to F11. @throws {Error} when the data lacks one or has another */
export function allCases(): ReadonlyMap<CaseId, CaseEntry> {
  known ??= load();
  return known;
}

/** One case. */
export function caseEntry(id: CaseId): CaseEntry {
  const entry = allCases().get(id);
  if (entry === undefined) throw new Error(`Case ${id} is not in the data`);
  return entry;
}

function load(): ReadonlyMap<CaseId, CaseEntry> {
  const read = z.record(z.string(), Entry).parse(data);
  const entries = CASE_IDS.map((id): CaseEntry => {
    const [title, look, remedy] = read[id] ?? [];
    if (title === undefined || look === undefined || remedy === undefined)
      throw new Error(`Case ${id} is not in the data`);
    return { id, title, look, remedy };
  });
  if (Object.keys(read).length !== entries.length) throw new Error("The data has unknown cases");
  return new Map(entries.map((entry) => [entry.id, entry]));
}
