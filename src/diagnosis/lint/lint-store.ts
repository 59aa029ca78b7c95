import type { Finding, Severity } from "../finding.ts";
import type { LintContext } from "./context.ts";
import { entryFindings } from "./entries.ts";
import { expiryFindings } from "./expiry.ts";
import { fileFindings } from "./file.ts";
import { knownFindings } from "./known.ts";
import { roleFindings } from "./role.ts";
import { strengthFindings } from "./strength.ts";

export type { LintContext } from "./context.ts";

const ORDER: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Everything that a careful administrator would say about a store on its own, the gravest first. */
export function lintStore(context: LintContext): readonly Finding[] {
  return [
    ...fileFindings(context),
    ...entryFindings(context),
    ...expiryFindings(context),
    ...roleFindings(context),
    ...strengthFindings(context),
    ...knownFindings(context),
  ].toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}
