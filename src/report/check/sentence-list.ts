import { printable } from "../../diagnosis/words.ts";

/** `a, b, c and 37 more`. */
export function sentenceList(items: readonly string[], more: number): string {
  const shown = items.map((item) => printable(item));
  const last = shown.at(-1);
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  if (last === undefined || shown.length === 1) return last ?? "";
  return `${shown.slice(0, -1).join(", ")} and ${last}`;
}
