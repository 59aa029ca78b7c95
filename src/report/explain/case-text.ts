import { type CaseId, codesOfCase, UNSEEN_CASES } from "../../diagnosis/catalogue.ts";
import { caseEntry } from "../../diagnosis/explain/cases.ts";
import { SCREEN_WIDTH } from "../columns.ts";
import type { Paint } from "../paint.ts";
import { wrap } from "../wrap.ts";

/** What a case of the failure catalogue is, what to look at and what repairs it. */
export function caseText(id: CaseId, paint: Paint): string {
  const { title, look, remedy } = caseEntry(id);
  const codes = codesOfCase(id);
  const unseen = UNSEEN_CASES[id];
  const wide = (text: string, lead: string): readonly string[] => wrap(text, lead, SCREEN_WIDTH);
  return `${[
    ...wide(title, `${id}  `).map((line) => paint("bold", line)),
    "",
    ...wide(look, "  look at  "),
    ...wide(remedy, "  repair   "),
    ...(codes.length > 0
      ? wide(codes.join(", "), "  findings ")
      : wide("none: this cannot be seen from outside", "  findings ")),
    ...(unseen === undefined ? [] : wide(unseen, "           ")),
  ].join("\n")}\n`;
}
