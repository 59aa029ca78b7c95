import { documentHtml } from "../document/document-html.ts";
import { whatIfDocument } from "./what-if-document.ts";
import type { WhatIfReport } from "./what-if-report.ts";

/** A judged plan as one HTML file. */
export function whatIfHtml(report: WhatIfReport): string {
  return documentHtml(`Change plan ${report.file}`, whatIfDocument(report));
}
