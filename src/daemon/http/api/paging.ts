import * as z from "zod";
import { fail, ok, type Result } from "../../../x509/result.ts";
import { refusal, type Refusal } from "../problem.ts";

/** Most items of one page. */
export const MAX_LIMIT = 1000;

/** Parameters of every list. */
export const PAGING = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .describe("Items of a page; without it everything comes at once")
    .optional(),
  cursor: z.string().min(1).max(4096).describe("The field next of the page before").optional(),
} as const;

/** One page of a list, and the cursor of the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/**
 * The page after a cursor. A cursor names the last item of its page, so that what comes and goes elsewhere in the
 * list neither repeats nor hides anything.
 * @param keyOf a text that no other item has
 */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
  keyOf: (item: T) => string,
): Result<Page<T>, Refusal> {
  let start = 0;
  if (cursor !== undefined) {
    const key = Buffer.from(cursor, "base64url").toString();
    start = items.findIndex((item) => keyOf(item) === key) + 1;
    if (start === 0)
      return fail(
        refusal("cursor-gone", "The item that the cursor names is gone; begin with the first page"),
      );
  }
  const end = limit === undefined ? items.length : start + limit;
  const page = items.slice(start, end);
  const last = page.at(-1);
  const isLast = end >= items.length || last === undefined;
  return ok({ items: page, next: isLast ? null : Buffer.from(keyOf(last)).toString("base64url") });
}
