import { InvalidArgumentError } from "commander";

/** Formats of reports about a whole estate. */
export const REPORT_FORMATS = ["text", "json", "ndjson", "markdown", "html", "junit"] as const;

/** A format of a report about a whole estate. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Reads `--format` as one of a few words. */
export function oneOf<const T extends string>(known: readonly T[]): (value: string) => T {
  return (value) => {
    const format = known.find((each) => each === value);
    if (format === undefined)
      throw new InvalidArgumentError(`This version knows ${known.join(", ")}`);
    return format;
  };
}

/** Reads `--format` of a report about a whole estate. */
export const parseReportFormat: (value: string) => ReportFormat = oneOf(REPORT_FORMATS);
