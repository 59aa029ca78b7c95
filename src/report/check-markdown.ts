import type { Assessment } from "../diagnosis/assessment.ts";
import { dateText } from "../diagnosis/words.ts";
import { answersOf } from "./check/answers.ts";
import { CauseTally, type CountedCause } from "./check/cause-tally.ts";
import { clientRow } from "./check/client-row.ts";
import { type LinkState, linkState } from "./check/lead.ts";
import { causeMarkdown, repairMarkdown, targetMarkdown } from "./check/target-markdown.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { codeOfResult, codeOfTarget, resultsOf, type TargetResult } from "./check-result.ts";
import { placeText } from "./check-text.ts";
import { escapeMarkdown, tableRow } from "./markdown-text.ts";
import { EMPTY_TALLY, tallied, tallyText } from "./tally.ts";

/** How many targets are explained below the table. */
const MAX_DETAILS = 100;

/** How many causes are explained. */
const MAX_CAUSES = 50;

const STATES: Readonly<Record<LinkState, string>> = {
  works: "✓ works",
  "works-until": "! works, with a warning",
  broken: "✗ broken",
  unchecked: "? not checked",
};

/**
 * Markdown for tickets and wikis. One target: summary, cause and repair, then the evidence. Several: a table of all,
 * written as it grows, then the causes, then evidence for the first hundred targets that are not fine.
 */
export function markdownRenderer(options: RenderOptions): CheckRenderer {
  const { at, single } = options;
  let tally = EMPTY_TALLY;
  const details: string[] = [];
  let omitted = 0;
  const causes = new CauseTally();
  return {
    begin: () =>
      single
        ? ""
        : `# TLS check as of ${dateText(at)}\n\n| result | target | client | headline | works until |\n|---|---|---|---|---|\n`,
    target: (result) => {
      for (const each of resultsOf(result)) tally = tallied(tally, codeOfResult(each));
      if (single && result.kind === "assessed") return targetMarkdown(result, { at, level: 1 });
      causes.add(result);
      if (result.kind === "assessed" && codeOfTarget(result) !== 0) {
        if (details.length < MAX_DETAILS) details.push(targetMarkdown(result, { at, level: 2 }));
        else omitted++;
      }
      return rowsText(result);
    },
    end: () => {
      if (single) return "";
      const found = causes.causes();
      const parts = [
        ...(found.length > 0 ? ["## Causes", ...found.slice(0, MAX_CAUSES).map(causeText)] : []),
        ...(found.length > MAX_CAUSES
          ? [`${found.length - MAX_CAUSES} further causes are left out.`]
          : []),
        ...details,
        ...(omitted === 0 ? [] : [`${omitted} further targets are in the table only.`]),
        `${tallyText(tally)}\n`,
      ];
      return `\n${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
    },
  };
}

function rowsText(result: TargetResult): string {
  if (result.kind === "invalid")
    return `${tableRow([STATES.unchecked, result.target, "", result.message, ""])}\n`;
  return answersOf(result.assessments)
    .flatMap(({ addresses, assessments }) =>
      assessments.map(
        (assessment) => `${tableRow(cellsOf(result.target, addresses, assessment))}\n`,
      ),
    )
    .join("");
}

function cellsOf(
  target: string,
  addresses: readonly string[],
  assessment: Assessment,
): readonly string[] {
  const place = placeText(target, addresses);
  const { client, until } = clientRow(assessment);
  return [
    STATES[linkState(assessment)],
    place === "" ? target : `${target} (${place})`,
    client,
    assessment.findings[0]?.summary ?? "",
    until,
  ];
}

function causeText({
  finding,
  count,
  targets,
  clients,
  remedy,
  isSameSummary,
}: CountedCause): string {
  const more = count - targets.length;
  const where = `${targets.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return [
    `### ${count} target${count === 1 ? "" : "s"}: ${escapeMarkdown(finding.code)}`,
    causeMarkdown(finding, isSameSummary ? "" : "for example: "),
    `At ${escapeMarkdown(where)}, as ${escapeMarkdown(clients.join(", "))}.`,
    repairMarkdown(remedy),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
