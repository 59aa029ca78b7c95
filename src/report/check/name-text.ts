import { printable } from "../../diagnosis/words.ts";
import type { Name } from "../../x509/name.ts";

/** A distinguished name on one line, bounded; `(empty name)` where there is none. */
export function nameText({ text }: Name): string {
  return text === "" ? "(empty name)" : printable(text);
}
