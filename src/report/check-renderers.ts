import { sentenceList } from "./check/sentence-list.ts";
import { CauseTally, type CountedCause } from "./check/cause-tally.ts";
import { stateSign } from "./check/matrix-text.ts";
import { paragraph } from "./check/paragraph.ts";
import { repairText } from "./check/repair-text.ts";
import { type TargetLine, targetLine } from "./check/target-line.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { codeOfResult, recordOfResult, resultsOf, type TargetResult } from "./check-result.ts";
import { checkText } from "./check-text.ts";
import { columnsOf, cutTo } from "./columns.ts";
import { onScreen } from "./on-screen.ts";
import { EMPTY_TALLY, type Tally, tallied, tallyText } from "./tally.ts";

/** Widest column of targets in a list. */
const MAX_TARGET = 40;

/** Causes that are explained at the end. */
const MAX_CAUSES = 20;

/**
 * Text for people: one target at length, several in a line each and their causes at the end. Nothing but the causes is
 * kept, so a list may have any length.
 */
export function textRenderer(options: RenderOptions): CheckRenderer {
  const { single, paint, columns } = options;
  let tally = EMPTY_TALLY;
  let width = 20;
  let separator = "";
  const causes = new CauseTally();
  return {
    begin: () => "",
    target: (result) => {
      tally = withResults(tally, result);
      // standard error has said where the line stands and what is wrong with it
      if (result.kind === "invalid") return "";
      if (single) {
        const text = separator + checkText(result.target, result.assessments, options);
        separator = "\n";
        return text;
      }
      causes.add(result);
      const line = targetLine(result);
      width = Math.max(width, Math.min(MAX_TARGET, columns - 30, columnsOf(onScreen(line.target))));
      return `${lineText(line, width, options)}\n`;
    },
    end: () => (single ? "" : `${causesText(causes, options)}${paint("dim", tallyText(tally))}\n`),
  };
}

function withResults(tally: Tally, result: TargetResult): Tally {
  return resultsOf(result).map(codeOfResult).reduce(tallied, tally);
}

function lineText(
  { state, target, words }: TargetLine,
  width: number,
  { paint, columns }: RenderOptions,
): string {
  const [sign, style] = stateSign(state);
  const name = cutTo(onScreen(target), Math.max(width, 12));
  const gap = " ".repeat(Math.max(0, width - columnsOf(name)));
  const room = Math.max(12, columns - columnsOf(name) - gap.length - 4);
  return `${paint(style, sign)} ${paint("bold", name)}${gap}  ${cutTo(onScreen(words), room)}`;
}

function causesText(tally: CauseTally, options: RenderOptions): string {
  const { columns, paint } = options;
  const all = tally.causes();
  if (all.length === 0) return "";
  const blocks = all.slice(0, MAX_CAUSES).map((cause) => causeText(cause, options));
  const rest = all.slice(MAX_CAUSES).reduce((sum, { count }) => sum + count, 0) + tally.left;
  const title =
    all.length === 1 ? "the cause" : `${all.length} causes, the worst and most frequent first`;
  return [
    "",
    paint("bold", title),
    "",
    blocks.join("\n\n"),
    ...(rest === 0
      ? []
      : [
          "",
          ...paragraph(
            `${rest} further targets have other causes: check them one by one, or use --format ndjson`,
            "  ",
            columns,
          ),
        ]),
    "",
    "",
  ].join("\n");
}

function causeText(cause: CountedCause, options: RenderOptions): string {
  const { columns, paint } = options;
  const { finding, remedy, count, targets, clients, isSameSummary } = cause;
  const isBad = finding.severity === "critical";
  const sign = isBad ? "✗" : "!";
  const where = sentenceList(targets, count - targets.length);
  return [
    `  ${paint(isBad ? "red" : "yellow", `${sign} ${count} target${count === 1 ? "" : "s"}`)}  ${paint("dim", finding.code)}`,
    ...paragraph(
      onScreen(`${isSameSummary ? "" : "for example: "}${finding.summary}`),
      "  ",
      columns,
    ),
    ...paragraph(onScreen(`at ${where}, as ${clients.join(", ")}`), "    ", columns),
    ...repairText(remedy, options),
  ].join("\n");
}

/** One JSON record a line. */
export function ndjsonRenderer(): CheckRenderer {
  return {
    begin: () => "",
    target: (result) =>
      resultsOf(result)
        .map((each) => `${JSON.stringify(recordOfResult(each))}\n`)
        .join(""),
    end: () => "",
  };
}

/** One JSON document, a record a line within. */
export function jsonRenderer(): CheckRenderer {
  let separator = "\n";
  return {
    begin: () => '{"results":[',
    target: (result) =>
      resultsOf(result)
        .map((each) => {
          const text = separator + JSON.stringify(recordOfResult(each));
          separator = ",\n";
          return text;
        })
        .join(""),
    end: (exitCode) => `\n],"exitCode":${exitCode}}\n`,
  };
}
