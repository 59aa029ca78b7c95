import type { ImportBuilder } from "./import-builder.ts";
import type { Place } from "./origin.ts";

/** Variables as shells, Java and Spring write them. */
const VARIABLE = /\$\{([^{}:]{1,100})|\$([A-Za-z_]\w{0,100})/u;

/** Names of variables that are still in a text; the values around them are not shown. */
export function unresolvedNames(text: string): readonly string[] {
  const found = [...text.matchAll(new RegExp(VARIABLE, "gu"))];
  return [...new Set(found.map(([, braced, plain]) => braced ?? plain ?? ""))];
}

/** Says that a value holds a variable that nothing sets, so that nothing is derived from it. */
export function unresolvedVariable(
  what: string,
  text: string,
  place: Place | null,
  builder: ImportBuilder,
): void {
  const names = unresolvedNames(text).slice(0, 5);
  builder.issue({
    code: "estate.unresolved-variable",
    severity: "warning",
    summary: `${what} holds ${names.length === 0 ? "a variable" : names.join(", ")}, which is not set, and is left out`,
    place,
    remedy: [
      "Import with the environment of the system, or name the file that sets the variable beside the configuration",
    ],
  });
}
