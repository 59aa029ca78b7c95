/** A line that is being typed where nothing is shown. */
export type LineEntry =
  | { readonly state: "typing"; readonly text: string }
  | { readonly state: "entered"; readonly text: string }
  | { readonly state: "cancelled" };

const INTERRUPT = "\u0003";
const END_OF_INPUT = "\u0004";
const ERASE_LINE = "\u0015";
const ERASE: ReadonlySet<string> = new Set(["\u0008", "\u007f"]);
const ENTER: ReadonlySet<string> = new Set(["\r", "\n"]);

/** Applies what a terminal in raw mode sends: characters, erase, erase line, enter, interrupt. */
export function typeKeys(entry: LineEntry, keys: string): LineEntry {
  let current = entry;
  for (const key of keys) {
    if (current.state !== "typing") return current;
    const { text } = current;
    if (ENTER.has(key) || (key === END_OF_INPUT && text !== ""))
      current = { state: "entered", text };
    else if (key === INTERRUPT || key === END_OF_INPUT) current = { state: "cancelled" };
    else if (ERASE.has(key)) current = { state: "typing", text: text.replace(/.$/su, "") };
    else if (key === ERASE_LINE) current = { state: "typing", text: "" };
    else current = { state: "typing", text: text + key };
  }
  return current;
}
