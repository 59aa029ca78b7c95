import { InvalidArgumentError } from "commander";
import { suggest } from "../../estate/suggest.ts";
import { FORMATS } from "../common-options.ts";

/** Formats of `explain`. */
export const EXPLAIN_FORMATS = [...FORMATS, "markdown"] as const;

/** An output format of `explain`. */
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

/** Options of `explain`. */
export interface ExplainOptions {
  readonly format: ExplainFormat;
  readonly list?: true;
  readonly estate?: string;
  readonly check?: true;
  /** Milliseconds for one handshake of --check. */
  readonly timeout: number;
}

/** Reads `--format` of `explain`. */
export function parseExplainFormat(value: string): ExplainFormat {
  const format = EXPLAIN_FORMATS.find((each) => each === value);
  if (format !== undefined) return format;
  const close = suggest(value, EXPLAIN_FORMATS);
  const hint = close === null ? "" : ` (did you mean ${close}?)`;
  throw new InvalidArgumentError(`This version knows ${EXPLAIN_FORMATS.join(", ")}${hint}`);
}
