import type { Assessment } from "../diagnosis/assessment.ts";
import type { Severity } from "../diagnosis/finding.ts";
import { dateText, printable } from "../diagnosis/words.ts";
import { profileOf } from "../trust/profiles.ts";
import { type DrawingOptions, pathText, sentText, storeText } from "./chain-drawing.ts";
import { type Answer, answersOf } from "./check/answers.ts";
import { type Cause, causesOf, concernedText } from "./check/causes.ts";
import { factsOf } from "./check/facts.ts";
import { leadSentences, linkState, worstState } from "./check/lead.ts";
import { matrixText, stateSign } from "./check/matrix-text.ts";
import { notWrong } from "./check/not-wrong.ts";
import { paragraph } from "./check/paragraph.ts";
import { repairText } from "./check/repair-text.ts";
import { onScreen } from "./on-screen.ts";
import type { Style } from "./paint.ts";

const SIGNS: Record<Severity, readonly [sign: string, style: Style]> = {
  critical: ["✗", "red"],
  warning: ["!", "yellow"],
  info: ["·", "dim"],
};

/**
 * The whole answer for one target: what happens, in words for everybody; the verdicts side by side where several
 * clients are asked; the headline with its repair; the drawn chain; what is not wrong; other findings; facts.
 * Addresses that answer the same share one answer, clients that share a cause one explanation.
 */
export function checkText(
  target: string,
  assessments: readonly Assessment[],
  options: DrawingOptions,
): string {
  const answers = answersOf(assessments);
  const several = answers.length > 1;
  const blocks = answers.map((answer) => answerText(target, answer, { ...options, several }));
  return `${[...(several ? [overview(target, answers, options)] : []), ...blocks].join("\n\n")}\n`;
}

function overview(target: string, answers: readonly Answer[], options: DrawingOptions): string {
  const total = answers.reduce((sum, { addresses }) => sum + addresses.length, 0);
  const text = `The ${total} addresses of ${printable(target)} do not answer alike: there are ${answers.length} different answers.`;
  return paragraph(onScreen(text), "", options.columns).join("\n");
}

interface AnswerOptions extends DrawingOptions {
  /** Whether other addresses answer otherwise. */
  readonly several: boolean;
}

function answerText(
  target: string,
  { addresses, assessments }: Answer,
  options: AnswerOptions,
): string {
  const { paint, columns, at } = options;
  const [shown] = assessments.filter(({ ok }) => !ok).concat(assessments);
  if (shown === undefined) return "";
  const [headline, ...others] = causesOf(assessments);
  const isShared = assessments.length > 1;
  const good = notWrong(shown, at);
  const facts = factsOf(shown).filter(({ label }) => !isShared || label !== "works until");
  const parts = [
    [titleText(target, addresses, assessments, options), ...leadText(assessments, options)].join(
      "\n",
    ),
    judgedText(assessments, options).join("\n"),
    isShared ? matrixText(assessments, options) : "",
    headline === undefined ? "" : causeText(headline, isShared, options),
    ...drawings(assessments, shown, options),
    good.length === 0
      ? ""
      : [
          `  ${paint("dim", "not the problem")}`,
          ...good.flatMap((text) => paragraph(onScreen(text), "  ✓ ", columns)),
        ].join("\n"),
    ...others.map((cause) => causeText(cause, isShared, options)),
    facts
      .flatMap(({ label, text }) => paragraph(onScreen(text), `  ${label}  `, columns))
      .join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function titleText(
  target: string,
  addresses: readonly string[],
  assessments: readonly Assessment[],
  { paint, columns }: AnswerOptions,
): string {
  const [sign, style] = stateSign(worstState(assessments.map(linkState)));
  const place = placeText(target, addresses);
  const name = paint("bold", onScreen(printable(target)));
  const line = `${sign} ${printable(target)}${place === "" ? "" : `  ${place}`}`;
  if (line.length <= columns)
    return `${paint(style, sign)} ${name}${place === "" ? "" : `  ${paint("dim", place)}`}`;
  return [
    ...paragraph(onScreen(printable(target)), `${sign} `, columns),
    ...(place === "" ? [] : paragraph(place, "  ", columns)),
  ].join("\n");
}

/** The addresses, where the target does not say them already. */
export function placeText(target: string, addresses: readonly string[]): string {
  const [first] = addresses;
  if (first === undefined) return "";
  if (addresses.length === 1) return target.includes(first) ? "" : first;
  const shown = addresses.slice(0, 4).join(", ");
  return `at ${addresses.length} addresses: ${shown}${addresses.length > 4 ? ", …" : ""}`;
}

function leadText(
  assessments: readonly Assessment[],
  { columns }: AnswerOptions,
): readonly string[] {
  return leadSentences(assessments).flatMap((text) => paragraph(onScreen(text), "  ", columns));
}

/** As whom was judged, and with what; several clients name themselves in the matrix. */
function judgedText(
  assessments: readonly Assessment[],
  { columns, at }: AnswerOptions,
): readonly string[] {
  const [first] = assessments;
  if (first === undefined) return [];
  const { client } = first;
  const stores = client.truststores.map(({ name }) => printable(name)).join(", ");
  const same = assessments.every(
    (each) => each.client.truststores.map(({ name }) => printable(name)).join(", ") === stores,
  );
  const profile = `${profileOf(client.profile).title} (${client.profile})`;
  const who =
    assessments.length > 1
      ? `${assessments.length} clients`
      : client.name === client.profile
        ? profile
        : `${printable(client.name)}, ${profile},`;
  const what = same ? (stores === "" ? "no truststore" : stores) : "the truststore of each";
  return [
    ...paragraph(onScreen(`judged as ${who} with ${what}`), "  ", columns),
    `  as of ${dateText(at)}`,
  ];
}

function causeText(cause: Cause, isShared: boolean, options: AnswerOptions): string {
  const { paint, columns } = options;
  const { finding, printed, remedy } = cause;
  const [sign, style] = SIGNS[finding.severity];
  return [
    `  ${paint(style, `${sign} ${finding.severity}`)}  ${paint("dim", finding.code)}`,
    ...(isShared ? paragraph(onScreen(`for ${concernedText(cause)}`), "    ", columns) : []),
    ...paragraph(onScreen(finding.summary), "  ", columns),
    ...printed.flatMap((each) => [
      ...paragraph(
        isShared
          ? onScreen(`${each.clients.join(", ")} print${each.clients.length === 1 ? "s" : ""}`)
          : "the client prints",
        "  ",
        columns,
      ).map((line) => paint("dim", line)),
      ...each.text.split("\n").flatMap((line) => paragraph(onScreen(line), "    ", columns)),
    ]),
    ...repairText(remedy, options),
  ].join("\n");
}

/** The chain once for each different view of it: mostly all clients of an address see the same. */
function drawings(
  assessments: readonly Assessment[],
  shown: Assessment,
  options: AnswerOptions,
): readonly string[] {
  const paths = new Map<string, string[]>();
  for (const assessment of assessments) {
    const text = pathText(assessment, options);
    if (text === "") continue;
    const known = paths.get(text);
    if (known === undefined) paths.set(text, [assessment.client.name]);
    else known.push(assessment.client.name);
  }
  const drawn = [...paths].map(([text, clients]) => {
    if (paths.size === 1) return text;
    const [title = "", ...lines] = text.split("\n");
    return [
      ...paragraph(
        onScreen(`${title.trim()} for ${clients.map((name) => printable(name)).join(", ")}`),
        "  ",
        options.columns,
      ),
      ...lines,
    ].join("\n");
  });
  return [sentText(shown.handshake, options), storeText(shown, options), ...drawn];
}
