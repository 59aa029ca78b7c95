import { CauseTally } from "./check/cause-tally.ts";
import { answersOf } from "./check/answers.ts";
import { type TargetLine, targetLine } from "./check/target-line.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { codeOfResult, codeOfTarget, resultsOf, type TargetResult } from "./check-result.ts";
import { type ResultCode, worse } from "./exit-code.ts";
import { onScreen } from "./on-screen.ts";
import { EMPTY_TALLY, tallied, tallyText, totalOf } from "./tally.ts";

const STATES: Record<ResultCode, string> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};

/** Longest status line, in characters: Nagios cuts output at 8 KiB, pagers and text messages sooner. */
const MAX_STATUS = 400;

/** Causes in the long text. */
const MAX_CAUSES = 10;

/**
 * One status line with performance data, and the causes with their repairs as long text, as Nagios and its kin read it
 * (Nagios plug-in guidelines). The exit codes of the program are theirs already. Of several targets the first of the
 * worst kind is named.
 */
export function nagiosRenderer({ at }: RenderOptions): CheckRenderer {
  let tally = EMPTY_TALLY;
  let targets = 0;
  let named: { readonly code: ResultCode; readonly words: string } | null = null;
  let breaksAt: number | null = null;
  let time: number | null = null;
  const causes = new CauseTally();
  const describe = (): string => {
    if (named === null) return "no target";
    return targets === 1 ? named.words : `${tallyText(tally)}; first: ${named.words}`;
  };
  return {
    begin: () => "",
    target: (result) => {
      targets++;
      for (const each of resultsOf(result)) tally = tallied(tally, codeOfResult(each));
      causes.add(result);
      const code = codeOfTarget(result);
      if (named === null || (named.code !== code && worse(named.code, code) === code))
        named = { code, words: statusWords(result, targetLine(result)) };
      if (result.kind === "assessed")
        for (const each of result.assessments) {
          breaksAt = earlier(breaksAt, each.breaksAt);
          time = each.handshake.phases.complete;
        }
      return "";
    },
    end: (exitCode) => {
      const data = [
        `ok=${tally[0]}`,
        `warning=${tally[1]}`,
        `critical=${tally[2]}`,
        `unknown=${tally[3]}`,
        ...(totalOf(tally) === 1 && time !== null ? [`handshake=${time.toFixed(1)}ms`] : []),
        ...(breaksAt === null ? [] : [`breaks_in=${Math.floor((breaksAt - at) / 1000)}s`]),
      ];
      const status = plain(`TLS ${STATES[exitCode]} - ${describe()}`);
      const short = status.length > MAX_STATUS ? `${status.slice(0, MAX_STATUS - 1)}…` : status;
      return `${short} | ${data.join(" ")}\n${longText(causes)}`;
    },
  };
}

/** The bar separates the words from the data, and starts more data in the long text. */
function plain(text: string): string {
  return onScreen(text).toWellFormed().replaceAll("|", "/");
}

function statusWords(result: TargetResult, { target, words }: TargetLine): string {
  if (result.kind === "invalid") return `${target}: ${words}`;
  const clients = [...new Set(result.assessments.map(({ client }) => client.name))];
  const answers = answersOf(result.assessments);
  const [address] = answers.length === 1 ? (answers[0]?.addresses ?? []) : [];
  const place = address === undefined || result.target.includes(address) ? "" : ` (${address})`;
  return `${target.includes(" addresses)") ? target : `${target}${place}`} as ${clients.join(", ")}: ${words}`;
}

function longText(causes: CauseTally): string {
  const all = causes.causes();
  const lines = all
    .slice(0, MAX_CAUSES)
    .flatMap(({ finding, remedy, count, targets }) => [
      `${finding.code} at ${count === 1 ? (targets[0] ?? "") : `${count} targets: ${targets.join(", ")}${count > targets.length ? ", ..." : ""}`}`,
      `  ${finding.summary}`,
      ...remedy.map((step, index) => `  ${index + 1}. ${step}`),
    ]);
  const rest = all.length - MAX_CAUSES;
  if (rest > 0) lines.push(`and ${rest} further causes`);
  return lines
    .map((line) => `${line.startsWith("  ") ? "  " : ""}${plain(line.trim())}\n`)
    .join("");
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
