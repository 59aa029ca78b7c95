import { checkLine } from "./check-text.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { type CheckResult, codeOfResult } from "./check-result.ts";
import type { ResultCode } from "./exit-code.ts";
import { worse } from "./exit-code.ts";
import { onScreen } from "./on-screen.ts";
import { plainPaint } from "./paint.ts";
import { EMPTY_TALLY, tallied, tallyText, totalOf } from "./tally.ts";

const STATES: Record<ResultCode, string> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};

/**
 * One status line with performance data, as Nagios and its kin read it (Nagios plug-in guidelines). The exit codes of
 * the program are theirs already. Of several results the first of the worst kind is named.
 */
export function nagiosRenderer({ at }: RenderOptions): CheckRenderer {
  let tally = EMPTY_TALLY;
  let named: { readonly code: ResultCode; readonly words: string } | null = null;
  let breaksAt: number | null = null;
  let time: number | null = null;
  const describe = (): string => {
    if (named === null) return "no target";
    return totalOf(tally) === 1 ? named.words : `${tallyText(tally)}; first: ${named.words}`;
  };
  return {
    begin: () => "",
    result: (result) => {
      const code = codeOfResult(result);
      tally = tallied(tally, code);
      if (named === null || (named.code !== code && worse(named.code, code) === code))
        named = { code, words: words(result) };
      if (result.kind === "assessed") {
        breaksAt = earlier(breaksAt, result.assessment.breaksAt);
        time = result.assessment.handshake.phases.complete;
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
      // the bar separates the words from the data
      const status = `TLS ${STATES[exitCode]} - ${describe().replaceAll("|", "/")}`;
      return `${onScreen(status)} | ${data.join(" ")}\n`;
    },
  };
}

function words(result: CheckResult): string {
  if (result.kind === "invalid") return `${result.target}: ${result.message}`;
  return checkLine(result.target, result.assessment, plainPaint).replace(/^\S+ /, "");
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
