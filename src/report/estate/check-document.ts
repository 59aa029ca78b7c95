import type { Severity } from "../../diagnosis/finding.ts";
import { counted } from "../../diagnosis/words.ts";
import { formatProblem } from "../../estate/estate.ts";
import { placeText } from "../../estate/systems/origin.ts";
import type { EstateFinding } from "../../links/estate-check/check-estate.ts";
import type { Block, Tone } from "../document/block.ts";
import type { EstateCheckReport } from "./check-report.ts";

const TONES: Readonly<Record<Severity, Tone>> = {
  critical: "bad",
  warning: "warning",
  info: "soft",
};

/** Most findings and notes that are told at length; the other formats have all. */
const MAX_TOLD = 200;

/** A checked estate for people: the answer, then each finding with its place and repair. */
export function estateCheckDocument(report: EstateCheckReport): readonly Block[] {
  const { file, problems, check, parts } = report;
  const { findings, notes } = check;
  if (problems.length > 0)
    return [
      heading(1, `Estate ${file}`),
      {
        kind: "paragraph",
        tone: "bad",
        text: `It cannot be used: ${counted(problems.length, "mistake")}.`,
      },
      { kind: "list", ordered: false, items: problems.map(formatProblem) },
    ];
  return [
    heading(1, `Estate ${file}`),
    headline(findings),
    { kind: "paragraph", tone: "soft", text: `${looked(parts)}; no connection was made.` },
    ...findings.slice(0, MAX_TOLD).flatMap(findingBlocks),
    ...left(findings.length, "finding"),
    ...(notes.length === 0
      ? []
      : [
          heading(2, "Notes"),
          {
            kind: "list",
            ordered: false,
            items: notes
              .slice(0, MAX_TOLD)
              .map(({ message, place, part }) =>
                place === null ? `${part.name}: ${message}` : `${message} (${placeText(place)})`,
              ),
          } as const,
          ...left(notes.length, "note"),
        ]),
  ];
}

const heading = (level: 1 | 2, text: string): Block => ({ kind: "heading", level, text });

const left = (count: number, noun: string): readonly Block[] =>
  count <= MAX_TOLD
    ? []
    : [
        {
          kind: "paragraph",
          tone: "soft",
          text: `${counted(count - MAX_TOLD, `further ${noun}`)} are in the format json.`,
        },
      ];

function headline(findings: readonly EstateFinding[]): Block {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [critical, warning, info] = [count("critical"), count("warning"), count("info")];
  const words = [
    ...(critical === 0 ? [] : [counted(critical, "problem")]),
    ...(warning === 0 ? [] : [counted(warning, "warning")]),
    ...(info === 0 ? [] : [counted(info, "remark")]),
  ].join(", ");
  return critical > 0
    ? { kind: "paragraph", tone: "bad", text: `Not in order: ${words}.` }
    : warning > 0
      ? { kind: "paragraph", tone: "warning", text: `It can be used, with ${words}.` }
      : {
          kind: "paragraph",
          tone: "good",
          text: `In order${words === "" ? "" : `, with ${words}`}.`,
        };
}

function looked(parts: EstateCheckReport["parts"]): string {
  const kinds = (["truststore", "client", "endpoint", "link", "import"] as const).flatMap(
    (kind) => {
      const count = parts.filter((part) => part.kind === kind).length;
      return count === 0 ? [] : [counted(count, kind)];
    },
  );
  return `Looked at ${kinds.length === 0 ? "nothing: the estate is empty" : kinds.join(", ")}`;
}

function findingBlocks(finding: EstateFinding): readonly Block[] {
  const { code, severity, summary, part, place, remedy } = finding;
  const where =
    place === null ? "" : ` ${placeText(place)}${place.at === "" ? "" : ` ${place.at}`}`;
  return [
    heading(2, `${severity} ${code}: ${part.kind} ${part.name}`),
    { kind: "paragraph", text: `${summary}.`, tone: TONES[severity] },
    ...(where === "" ? [] : [{ kind: "code", lines: [where.trim()] } as const]),
    ...(remedy.length === 0 ? [] : [{ kind: "list", ordered: true, items: remedy } as const]),
  ];
}
