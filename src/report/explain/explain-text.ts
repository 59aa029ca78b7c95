import { codesOfCase } from "../../diagnosis/catalogue.ts";
import { caseEntry } from "../../diagnosis/explain/cases.ts";
import { counted, printable } from "../../diagnosis/words.ts";
import { SCREEN_WIDTH } from "../columns.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint } from "../paint.ts";
import { stepsText } from "../step-text.ts";
import { wrap } from "../wrap.ts";
import type { ExplainResult, ProblemResult } from "./explain-result.ts";
import { decisionText, factPairs, occurrenceText } from "./explain-words.ts";

/** Causes that are told at length; the others are only named. */
const SHOWN_CAUSES = 5;

/** Everything about a text for people, at most 80 columns wide, commands aside. */
export function explainText(result: ExplainResult, paint: Paint): string {
  const { explanation, problems, unchecked = 0 } = result;
  const blocks = problems.map((problem) => problemLines(problem, paint).join("\n"));
  const rest = [
    ...(problems.length === 0 ? [nothingFound(explanation.lines)] : []),
    ...(explanation.unlisted > 0
      ? [`${counted(explanation.unlisted, "further error")} of other kinds are not listed`]
      : []),
    ...(unchecked > 0
      ? [
          `${counted(unchecked, "further error")} with a target ${unchecked === 1 ? "was" : "were"} not checked: one run makes 16 checks; explain them apart, or check their targets`,
        ]
      : []),
    ...(explanation.cutLines > 0
      ? [
          `${counted(explanation.cutLines, "line")} longer than 65,536 characters: the rest was left out`,
        ]
      : []),
  ];
  return `${[...blocks, ...rest.map((text) => wrap(text, "", SCREEN_WIDTH).join("\n"))].join("\n\n")}\n`;
}

function nothingFound(lines: number): string {
  return `No known error text in ${counted(lines, "line")}`;
}

const TRUSTSTORE_HINT =
  "with --truststore FILE where the client trusts by a file of its own, not by this machine's";

/** Whether it is about trust, and the text does not say which file the client trusts by. */
function lacksTruststore({
  cases: [first],
  check,
}: Pick<ProblemResult["problem"], "cases" | "check">): boolean {
  return check.truststore === null && /^[AB]/.test(first ?? "");
}

function problemLines({ problem, link, checked }: ProblemResult, paint: Paint): readonly string[] {
  const { pattern, family, side, excerpt, cases, why, notes, facts, check } = problem;
  const who = side === null ? family : `${family}, log of a ${side}`;
  const where = occurrenceText(problem);
  const shown = cases.slice(0, SHOWN_CAUSES);
  const others = cases.slice(SHOWN_CAUSES);
  const wide = (text: string, lead: string): readonly string[] => wrap(text, lead, SCREEN_WIDTH);
  return [
    ...wide(pattern.says, "").map((line) => paint("bold", line)),
    ...wide(where === "" ? who : `${who}: ${where}`, "  "),
    ...wide(excerpt, "  > ").map((line) => paint("dim", line)),
    ...factPairs(facts).flatMap(([label, value]) => wide(value, `  ${label}: `)),
    ...(link === null
      ? []
      : wide(
          `link: ${link.client === null ? "any client" : printable(link.client)} to ${printable(link.endpoint)}`,
          "  ",
        )),
    ...(shown.length === 0 ? [] : ["", `  ${paint("dim", "it can mean, most likely first")}`]),
    ...shown.flatMap((id) => {
      const { title, remedy } = caseEntry(id);
      const codes = codesOfCase(id);
      return [
        ...wide(title, `  ${id.padStart(4)}  `),
        ...wide(remedy, "          "),
        ...(codes.length === 0
          ? []
          : wide(codes.join(", "), "          ").map((line) => paint("dim", line))),
      ];
    }),
    ...(others.length === 0 ? [] : wide(`less likely: ${others.join(" ")}`, "        ")),
    "",
    ...wide(why, "  why: "),
    ...notes.flatMap((note) => wide(note, "  note: ")),
    ...pattern.not.flatMap(({ cases: ruledOut, because }) =>
      wide(`${ruledOut.join(", ")}: ${because}`, "  not "),
    ),
    "",
    ...(checked === null
      ? [
          `  ${paint("dim", "this decides")}`,
          `    ${paint("cyan", onScreen(check.command))}`,
          ...(lacksTruststore(problem) ? wide(TRUSTSTORE_HINT, "    ") : []),
        ]
      : [
          ...wide(decisionText(checked), "  ").map((line) => paint("bold", line)),
          ...checked.findings
            .slice(0, 1)
            .flatMap((finding) => [
              ...wide(onScreen(finding.summary), "  "),
              ...stepsText(finding.remedy, paint),
            ]),
        ]),
  ];
}
