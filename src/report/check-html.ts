import { dateText, printable } from "../diagnosis/words.ts";
import { CauseTally, type CountedCause } from "./check/cause-tally.ts";
import { sentenceList } from "./check/sentence-list.ts";
import { targetLine } from "./check/target-line.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { codeOfResult, codeOfTarget, resultsOf, type TargetResult } from "./check-result.ts";
import { escapeHtml } from "./html/escape-html.ts";
import { FOOT, head } from "./html/page.ts";
import { repairHtml, stateBadge, targetSection } from "./html/target-section.ts";
import { EMPTY_TALLY, tallied, tallyText } from "./tally.ts";

/** Targets that get a section of their own; of the others the overview says what is to be said. */
const MAX_SECTIONS = 50;

/** Causes that are explained. */
const MAX_CAUSES = 50;

/**
 * One file that needs nothing else: no script, no font, no request. One target: everything about it. Several: an
 * overview that is written as it grows, the causes, then the first fifty targets that are not fine at length; nothing
 * else is kept, so a list may have any length.
 */
export function htmlRenderer({ single, at, warning }: RenderOptions): CheckRenderer {
  let tally = EMPTY_TALLY;
  const sections: string[] = [];
  let omitted = 0;
  const causes = new CauseTally();
  let isOpen = false;
  // the title of a document about one target names it
  const opening = (title: string): string => {
    if (isOpen) return "";
    isOpen = true;
    return head(title);
  };
  return {
    begin: () =>
      single
        ? ""
        : `${opening(`TLS check as of ${dateText(at)}`)}<h1>TLS check</h1>\n<p class="soft">as of ${dateText(at)}</p>\n<div class="scroll"><table><thead><tr><th>result</th><th>target</th><th>what is to be said</th></tr></thead><tbody>\n`,
    target: (result) => {
      for (const each of resultsOf(result)) tally = tallied(tally, codeOfResult(each));
      if (single && result.kind === "assessed")
        return `${opening(`TLS check of ${printable(result.target)}`)}${targetSection(result, { at, warning, heading: "h1" })}\n`;
      causes.add(result);
      if (result.kind === "assessed" && codeOfTarget(result) !== 0) {
        if (sections.length < MAX_SECTIONS)
          sections.push(targetSection(result, { at, warning, heading: "h2" }));
        else omitted++;
      }
      return rowHtml(result);
    },
    end: () => {
      if (single) return `${opening("TLS check")}${FOOT}`;
      const found = causes.causes();
      return [
        `</tbody></table></div>\n<p>${tallyText(tally)}</p>`,
        found.length === 0 ? "" : "<h2>Causes</h2>",
        ...found.slice(0, MAX_CAUSES).map(causeHtml),
        found.length > MAX_CAUSES
          ? `<p class="soft">${found.length - MAX_CAUSES} further causes are left out.</p>`
          : "",
        ...sections,
        omitted === 0
          ? ""
          : `<p class="soft">${omitted} further targets are in the overview only.</p>`,
        FOOT,
      ]
        .filter((part) => part !== "")
        .join("\n");
    },
  };
}

function rowHtml(result: TargetResult): string {
  const { state, target, words } = targetLine(result);
  return `<tr><td class="nowrap">${stateBadge(state)}</td><td>${escapeHtml(target)}</td><td>${escapeHtml(words)}</td></tr>\n`;
}

function causeHtml({
  finding,
  remedy,
  count,
  targets,
  clients,
  isSameSummary,
}: CountedCause): string {
  const where = sentenceList(targets, count - targets.length);
  return [
    `<article class="finding is-${finding.severity}"><h4>${escapeHtml(`${isSameSummary ? "" : "For example: "}${finding.summary}`)}</h4>`,
    `<p class="soft"><span class="state ${finding.severity}">${count} target${count === 1 ? "" : "s"}</span> <code>${escapeHtml(finding.code)}</code></p>`,
    `<p>${escapeHtml(`At ${where}, as ${clients.map((name) => printable(name)).join(", ")}.`)}</p>`,
    repairHtml(remedy),
    "</article>",
  ].join("");
}
