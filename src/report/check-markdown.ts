import type { Assessment } from "../diagnosis/assess.ts";
import type { Finding } from "../diagnosis/finding.ts";
import { dateText } from "../diagnosis/words.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { type CheckResult, codeOfResult } from "./check-result.ts";
import { isCommand } from "./commands.ts";
import type { ResultCode } from "./exit-code.ts";
import { codeSpan, escapeMarkdown } from "./markdown-text.ts";
import { EMPTY_TALLY, tallied, tallyText } from "./tally.ts";

/** How many results are explained below the table. */
const MAX_DETAILS = 100;

const STATES: Record<ResultCode, string> = {
  0: "✓ fine",
  1: "! warning",
  2: "✗ problem",
  3: "? not checked",
};

/** Markdown for tickets and wikis: a table of all results, then findings and repairs of those that are not fine. */
export function markdownRenderer({ at }: RenderOptions): CheckRenderer {
  let tally = EMPTY_TALLY;
  let details: readonly string[] = [];
  let omitted = 0;
  return {
    begin: () =>
      `# TLS check as of ${dateText(at)}\n\n| result | target | client | headline | works until |\n|---|---|---|---|---|\n`,
    result: (result) => {
      const code = codeOfResult(result);
      tally = tallied(tally, code);
      if (result.kind === "assessed" && code !== 0) {
        if (details.length < MAX_DETAILS)
          details = [...details, detailText(result.target, result.assessment)];
        else omitted++;
      }
      return rowText(result, code);
    },
    end: () => {
      const rest = omitted === 0 ? [] : [`${omitted} further results are in the table only.\n`];
      return `\n${["", ...details, ...rest].join("\n").trimStart()}${details.length === 0 ? "" : "\n"}${tallyText(tally)}\n`;
    },
  };
}

function rowText(result: CheckResult, code: ResultCode): string {
  const cells =
    result.kind === "invalid"
      ? [STATES[code], result.target, "", result.message, ""]
      : [
          STATES[code],
          placeText(result.target, result.assessment),
          result.assessment.client.name,
          result.assessment.findings[0]?.summary ?? "",
          result.assessment.breaksAt === null ? "" : dateText(result.assessment.breaksAt),
        ];
  return `| ${cells.map(escapeMarkdown).join(" | ")} |\n`;
}

function placeText(target: string, { handshake }: Assessment): string {
  return handshake.address === null || target.includes(handshake.address)
    ? target
    : `${target} (${handshake.address})`;
}

function detailText(target: string, assessment: Assessment): string {
  const title = `## ${escapeMarkdown(target)} as ${escapeMarkdown(assessment.client.name)}`;
  return [title, ...assessment.findings.map(findingText), ""].join("\n\n").trimEnd().concat("\n");
}

function findingText({ code, severity, summary, clientMessage, remedy }: Finding): string {
  const steps = remedy.map(
    (step, index) => `${index + 1}. ${isCommand(step) ? codeSpan(step) : escapeMarkdown(step)}`,
  );
  const parts = [
    `**${severity}** ${codeSpan(code)}: ${escapeMarkdown(summary)}`,
    clientMessage === null
      ? ""
      : `The client prints:\n\n${clientMessage.split("\n").map(codeSpan).join("\\\n")}`,
    steps.join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
