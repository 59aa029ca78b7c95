import { documentText, type TextOptions } from "../document/document-text.ts";
import { whatIfDocument } from "./what-if-document.ts";
import type { WhatIfReport } from "./what-if-report.ts";

/** A judged plan for a terminal. */
export function whatIfText(report: WhatIfReport, options: TextOptions): string {
  return documentText(whatIfDocument(report), options);
}
