import { codesOfCase } from "../../diagnosis/catalogue.ts";
import { caseEntry } from "../../diagnosis/explain/cases.ts";
import { counted } from "../../diagnosis/words.ts";
import { codeSpan, escapeMarkdown } from "../markdown-text.ts";
import type { ExplainResult, ProblemResult } from "./explain-result.ts";
import { decisionText, factPairs, occurrenceText } from "./explain-words.ts";

/** An explanation for tickets. */
export function explainMarkdown({ explanation, problems, unchecked = 0 }: ExplainResult): string {
  if (problems.length === 0)
    return `No known error text in ${counted(explanation.lines, "line")}.\n`;
  const rest =
    unchecked > 0 ? [`${counted(unchecked, "further error")} with a target not checked`] : [];
  return `${[...problems.map(problemMarkdown), ...rest].join("\n\n")}\n`;
}

function problemMarkdown({ problem, link, checked }: ProblemResult): string {
  const { pattern, family, excerpt, cases, why, notes, facts, check } = problem;
  const where = occurrenceText(problem);
  const parts = [
    `## ${escapeMarkdown(pattern.says)}`,
    `${escapeMarkdown(family)}${where === "" ? "" : `: ${escapeMarkdown(where)}`}`,
    codeSpan(excerpt),
    factPairs(facts)
      .map(([label, value]) => `- ${label}: ${codeSpan(value)}`)
      .join("\n"),
    link === null
      ? ""
      : `Link: ${codeSpan(link.client ?? "any client")} to ${codeSpan(link.endpoint)}`,
    cases
      .map((id) => {
        const { title, remedy } = caseEntry(id);
        const codes = codesOfCase(id);
        const named = codes.length === 0 ? "" : ` (${codes.map(codeSpan).join(", ")})`;
        return `1. **${id}** ${escapeMarkdown(title)}${named}. ${escapeMarkdown(remedy)}.`;
      })
      .join("\n"),
    `${escapeMarkdown(why)}.`,
    ...notes.map((note) => `${escapeMarkdown(note)}.`),
    pattern.not
      .map(({ cases: ids, because }) => `- Not ${ids.join(", ")}: ${escapeMarkdown(because)}`)
      .join("\n"),
    checked === null
      ? `\`\`\`sh\n${check.command}\n\`\`\``
      : `**${escapeMarkdown(decisionText(checked))}.**`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
