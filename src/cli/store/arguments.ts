import { UsageError } from "../usage-error.ts";

/** Refuses empty names: they come from variables that are not set. @throws {UsageError} */
export function refuseEmpty(names: readonly string[]): void {
  if (names.includes("")) throw new UsageError("Name a file; an empty name was given");
}
