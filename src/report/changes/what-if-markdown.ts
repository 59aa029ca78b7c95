import { documentMarkdown } from "../document/document-markdown.ts";
import { whatIfDocument } from "./what-if-document.ts";
import type { WhatIfReport } from "./what-if-report.ts";

/** A judged plan for a change ticket: the answer first, the evidence behind. */
export function whatIfMarkdown(report: WhatIfReport): string {
  return documentMarkdown(whatIfDocument(report));
}
