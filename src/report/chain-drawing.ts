import type { Assessment } from "../diagnosis/assessment.ts";
import { counted, dateText, printable, shortName } from "../diagnosis/words.ts";
import type { Certificate } from "../x509/certificate.ts";
import { columnsOf, cutTo } from "./columns.ts";
import { type DrawnPath, drawnPaths, type PathPlace, type PathStep } from "./check/drawn-path.ts";
import { nameText } from "./check/name-text.ts";
import { paragraph } from "./check/paragraph.ts";
import { sentChain, type SentRole } from "./check/sent-chain.ts";
import { storeHoldings } from "./check/store-holdings.ts";
import { onScreen } from "./on-screen.ts";
import type { Paint } from "./paint.ts";

/** How the chain is drawn. */
export interface DrawingOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** The moment for which was judged, ms since 1970. */
  readonly at: number;
}

/** Most certificates of a chain or a store that are listed. */
const MAX_LISTED = 24;

/** Columns before what a line is about: the position, `store`, or a mark. */
const GUTTER = 9;

/** What was sent, in order, with what is odd about it; empty when nothing was. */
export function sentText(handshake: Assessment["handshake"], options: DrawingOptions): string {
  const { paint, columns } = options;
  if (handshake.certificates.length === 0) return "";
  const sent = sentChain(handshake.certificates);
  const lines = sent.slice(0, MAX_LISTED).flatMap((each) => {
    const gutter = `${String(each.position).padStart(GUTTER - 2)}  `;
    if (each.certificate === null)
      return paragraph(remark(each.role) ?? "", `${gutter}✗ `, columns).map((line) =>
        paint("red", line),
      );
    const note = remark(each.role);
    return [
      ...entryLines(nameText(each.certificate.subject), each.certificate, gutter, options),
      ...(note === null
        ? []
        : paragraph(note, `${" ".repeat(GUTTER)}! `, columns).map((line) => paint("yellow", line))),
    ];
  });
  const rest = sent.length - MAX_LISTED;
  return [
    `  ${paint("dim", "sent by the server, in this order")}`,
    ...lines,
    ...(rest > 0 ? [`${" ".repeat(GUTTER)}and ${rest} more`] : []),
  ].join("\n");
}

/** Most lines that a name takes. */
const MAX_NAME_LINES = 3;

/** A name, and its end of validity at the right edge; a name that is too long goes on below. */
function entryLines(
  name: string,
  { notBefore, notAfter }: Certificate,
  gutter: string,
  { paint, columns, at }: DrawingOptions,
): readonly string[] {
  const [words, isBad] =
    at > notAfter
      ? [`✗ expired ${dayText(notAfter)}`, true]
      : at < notBefore
        ? [`✗ only from ${dayText(notBefore)}`, true]
        : [`until ${dayText(notAfter)}`, false];
  const room = Math.max(12, columns - GUTTER - columnsOf(words) - 2);
  const [first = "", ...further] = paragraph(onScreen(name), "", room);
  const below = further.slice(0, MAX_NAME_LINES - 1);
  const cut = further.length > below.length ? "…" : "";
  const gap = " ".repeat(Math.max(2, columns - GUTTER - columnsOf(first) - columnsOf(words)));
  return [
    `${gutter}${first}${gap}${paint(isBad ? "red" : "dim", words)}`,
    ...below.map(
      (line, index) => `${" ".repeat(GUTTER)}${line}${index === below.length - 1 ? cut : ""}`,
    ),
  ];
}

function dayText(time: number): string {
  return dateText(time).slice(0, 10);
}

/** What is to be said about a certificate's place; null where all is well. */
function remark(role: SentRole): string | null {
  switch (role.kind) {
    case "leaf":
      return null;
    case "issuer":
      return role.inOrder ? null : `out of order: it is the issuer of ${role.of}`;
    case "repeated":
      return `sent before, as ${role.as}`;
    case "stray":
      return "stray: it has no part in this chain";
    case "unreadable":
      return `cannot be read: ${onScreen(role.message)}`;
  }
}

/** What the truststores hold that matters here; empty where they could not be read. */
export function storeText(assessment: Assessment, options: DrawingOptions): string {
  const holdings = storeHoldings(assessment);
  if (holdings === null) return "";
  const { paint, columns } = options;
  const { stores, total, relevant } = holdings;
  const names =
    stores.length === 0 ? "no truststore" : stores.map((name) => printable(name)).join(", ");
  const title = paragraph(
    `of use among ${counted(total, "CA")} in ${onScreen(names)}`,
    "  ",
    columns,
  );
  const lines = relevant.slice(0, MAX_LISTED).flatMap(({ certificate, alias }) => {
    const place = alias === null ? "" : ` (alias ${printable(alias)})`;
    return entryLines(
      `${nameText(certificate.subject)}${place}`,
      certificate,
      gutterOf({ sent: null, inStore: true }),
      options,
    );
  });
  return [
    ...title.map((line) => paint("dim", line)),
    ...(lines.length === 0
      ? [`${" ".repeat(GUTTER)}none: no CA in it has issued any of these`]
      : lines),
  ].join("\n");
}

/** The path that was found or came nearest, with where it breaks; further ones in a line each. */
export function pathText(assessment: Assessment, options: DrawingOptions): string {
  const { paint, columns } = options;
  const { paths, total } = drawnPaths(assessment);
  const [first, ...others] = paths;
  if (first === undefined) return "";
  const title = first.isAccepted ? "the way that is trusted" : "how far the trust goes";
  const lines = [`  ${paint("dim", title)}`, ...drawPath(first, options)];
  if (!first.isAccepted && others.length > 0) {
    lines.push(
      `  ${paint("dim", total === 2 ? "another way was tried" : `${total - 1} other ways were tried`)}`,
    );
    for (const path of others.slice(0, MAX_OTHERS))
      lines.push(...paragraph(onScreen(pathLine(path)), " ".repeat(GUTTER), columns));
    if (total - 1 > MAX_OTHERS)
      lines.push(`${" ".repeat(GUTTER)}and ${total - 1 - MAX_OTHERS} more`);
  }
  return lines.join("\n");
}

/** Most further paths that get a line. */
const MAX_OTHERS = 3;

function drawPath(
  { steps, end, isAccepted }: DrawnPath,
  { paint, columns }: DrawingOptions,
): readonly string[] {
  const fault = (text: string): readonly string[] =>
    isAccepted
      ? paragraph(`${onScreen(text)}, which this client accepts`, `${mark("│")}· `, columns)
      : paragraph(onScreen(text), mark("✗"), columns).map((line) => paint("red", line));
  return [
    ...steps.flatMap(({ certificate, place, faults, edgeFaults }, index) => [
      ...(index > 0 && (isAccepted || (steps[index - 1]?.edgeFaults.length ?? 0) === 0)
        ? [mark("│").trimEnd()]
        : []),
      `${gutterOf(place)}${cutTo(onScreen(shortName(certificate.subject)), columns - GUTTER - 20)}${placeNote(place)}`,
      ...faults.flatMap(fault),
      ...edgeFaults.flatMap(fault),
    ]),
    ...(end === null
      ? []
      : paragraph(onScreen(end), mark("✗"), columns).map((line) => paint("red", line))),
  ];
}

function mark(sign: string): string {
  return `${sign.padStart(GUTTER - 2)}  `;
}

function gutterOf({ sent }: PathPlace): string {
  return `${(sent === null ? "store" : String(sent)).padStart(GUTTER - 2)}  `;
}

function placeNote({ sent, inStore }: PathPlace): string {
  return sent !== null && inStore ? "  (in the store, too)" : "";
}

/** A path in one line: its places, names, and what spoils it. */
function pathLine({ steps, end }: DrawnPath): string {
  const way = steps.map(({ certificate, place }) => stepText(certificate, place)).join(" → ");
  const faults = [
    ...steps.flatMap(({ certificate, faults, edgeFaults }: PathStep) =>
      [...faults, ...edgeFaults].map((text) => `${shortName(certificate.subject)}: ${text}`),
    ),
    ...(end === null ? [] : [end]),
  ];
  return faults.length === 0 ? way : `${way} ✗ ${faults.join("; ")}`;
}

function stepText(certificate: Certificate, { sent }: PathPlace): string {
  return `${sent === null ? "store" : sent} ${shortName(certificate.subject)}`;
}
