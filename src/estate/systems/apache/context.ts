import type { ImportBuilder } from "../import-builder.ts";

/** What the parts of an import share. */
export interface ApacheContext {
  readonly builder: ImportBuilder;
  readonly host: string | null;
  /** Folder from which relative paths are taken. */
  readonly serverRoot: string;
}
