import type * as z from "zod";
import { formatProblem } from "../../estate/estate.ts";
import type { Place } from "../../estate/systems/origin.ts";
import { placeText } from "../../estate/systems/origin.ts";
import type { EstateFinding } from "../../links/estate-check/check-estate.ts";
import { worse } from "../exit-code.ts";
import type { StoreResult } from "../store/result.ts";
import { type EstateCheckReport, exitCodeOfEstateCheck } from "./check-report.ts";
import type { ESTATE_CHECK_SCHEMA, ESTATE_FINDING_SCHEMA } from "./check-schema.ts";

const placeRecord = (place: Place | null): Place | null =>
  place === null
    ? null
    : { file: place.file, line: place.line, column: place.column, at: place.at };

/** A finding as the formats for programs have it. */
export function estateFindingRecord(finding: EstateFinding): z.infer<typeof ESTATE_FINDING_SCHEMA> {
  const { code, severity, summary, part, place, remedy } = finding;
  return {
    code,
    severity,
    summary,
    part: { ...part },
    place: placeRecord(place),
    remedy: [...remedy],
  };
}

/** The document of `estate check --format json`. */
export function estateCheckRecord(report: EstateCheckReport): z.infer<typeof ESTATE_CHECK_SCHEMA> {
  const { file, problems, check, parts } = report;
  return {
    estate: file,
    valid: problems.length === 0,
    exitCode: exitCodeOfEstateCheck(report),
    problems: problems.map((problem) => ({ ...problem })),
    findings: check.findings.map(estateFindingRecord),
    notes: check.notes.map(({ part, message, place }) => ({
      part: { ...part },
      message,
      place: placeRecord(place),
    })),
    parts: parts.map((part) => ({ ...part })),
  };
}

/** A result for each part of the estate, as the formats for other programs count them. */
export function estateResults({
  file,
  problems,
  check,
  parts,
}: EstateCheckReport): readonly StoreResult[] {
  if (problems.length > 0)
    return [
      {
        title: `estate ${file}`,
        code: 2,
        items: problems.map((problem) => ({
          code: "estate-file",
          severity: "critical",
          summary: formatProblem(problem),
          remedy: [],
        })),
      },
    ];
  const byPart = Map.groupBy(check.findings, ({ part }) => titleOf(part));
  const titles = new Set([...parts.map(titleOf), ...byPart.keys()]);
  return [...titles].map((title) => {
    const items = (byPart.get(title) ?? []).map(({ code, severity, summary, place, remedy }) => ({
      code,
      severity,
      summary: place === null ? summary : `${placeText(place)}: ${summary}`,
      remedy,
    }));
    const code = items.reduce<StoreResult["code"]>(
      (worst, { severity }) =>
        worse(worst, severity === "critical" ? 2 : severity === "warning" ? 1 : 0),
      0,
    );
    return { title, code, items };
  });
}

const titleOf = ({ kind, name }: EstateFinding["part"]): string => `${kind} ${name}`;
