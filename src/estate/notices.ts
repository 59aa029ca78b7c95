import type { EstateDocument } from "./document.ts";
import type { Mistake } from "./explain-issue.ts";
import { listed } from "./references.ts";

/**
 * What an operator should know about an estate that can be used.
 * @param writtenLinks how many of its links stand in the file itself
 */
export function noticesOf(document: EstateDocument, writtenLinks: number): readonly Mistake[] {
  const notices: Mistake[] = [];
  const seen = new Set<string>();
  for (const [index, { from, to }] of (document.links ?? []).slice(0, writtenLinks).entries())
    for (const { text, path } of listed(to, ["links", index, "to"])) {
      const link = JSON.stringify([from, text]);
      if (seen.has(link))
        notices.push({
          path,
          at: "value",
          message: `Link from ${from} to ${text} is stated more than once`,
          hint: null,
        });
      seen.add(link);
    }
  return notices;
}
