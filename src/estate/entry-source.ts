import type { EstateLink } from "./estate.ts";
import type { Place } from "./systems/origin.ts";

/** A section whose entries have names. */
export type EntrySection = "truststores" | "clients" | "endpoints";

/** Where one value of an entry comes from. */
export interface ValueSource {
  /** Within the entry, e.g. `path` or `identity.keystore`; empty for a link. */
  readonly key: string;
  /** File, line, column, variables, or the rule of a default; shows no values. */
  readonly text: string;
  readonly place: Place | null;
}

/** Where an entry comes from. */
export interface EntrySource {
  /** In the estate file itself, as given; null when it is not written there. */
  readonly written: Place | null;
  /** The import that brings it; null when none does. */
  readonly imported: { readonly system: string; readonly prefix: string } | null;
  /** The values that the import brings and the estate file does not overrule. */
  readonly values: readonly ValueSource[];
}

/** Where the entries of an estate come from. */
export interface EstateSources {
  readonly entry: (section: EntrySection, name: string) => EntrySource;
  readonly link: (link: EstateLink) => EntrySource;
  /** The line of the estate file at which an import is asked for, by its index. */
  readonly import: (index: number) => Place;
}

/** The place that an operator would look at for an entry: the estate file before what is imported. */
export const entryPlace = ({ written, values }: EntrySource): Place | null =>
  written ?? values.find(({ place }) => place !== null)?.place ?? null;
