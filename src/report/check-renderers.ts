import { checkLine, checkText } from "./check-text.ts";
import type { CheckRenderer, RenderOptions } from "./check-renderer.ts";
import { codeOfResult, recordOfResult } from "./check-result.ts";
import { EMPTY_TALLY, tallied, tallyText } from "./tally.ts";

/** Text for people: a block for each result of one target, a line for each result of several. */
export function textRenderer({ single, paint }: RenderOptions): CheckRenderer {
  let tally = EMPTY_TALLY;
  let separator = "";
  return {
    begin: () => "",
    result: (result) => {
      tally = tallied(tally, codeOfResult(result));
      // standard error has said where the line stands and what is wrong with it
      if (result.kind === "invalid") return "";
      if (!single) return `${checkLine(result.target, result.assessment, paint)}\n`;
      const text = separator + checkText(result.target, result.assessment, paint);
      separator = "\n";
      return text;
    },
    end: () => (single ? "" : `${paint("dim", tallyText(tally))}\n`),
  };
}

/** One JSON record a line. */
export function ndjsonRenderer(): CheckRenderer {
  return {
    begin: () => "",
    result: (result) => `${JSON.stringify(recordOfResult(result))}\n`,
    end: () => "",
  };
}

/** One JSON document, a record a line within. */
export function jsonRenderer(): CheckRenderer {
  let separator = "\n";
  return {
    begin: () => '{"results":[',
    result: (result) => {
      const text = separator + JSON.stringify(recordOfResult(result));
      separator = ",\n";
      return text;
    },
    end: (exitCode) => `\n],"exitCode":${exitCode}}\n`,
  };
}
