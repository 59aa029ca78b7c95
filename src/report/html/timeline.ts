import type { Assessment } from "../../diagnosis/assessment.ts";
import { dateText, shortName } from "../../diagnosis/words.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { sentChain } from "../check/sent-chain.ts";
import { storeHoldings } from "../check/store-holdings.ts";
import { svgText } from "./svg-text.ts";

/** Pixels of the drawing. */
const SIZE = { label: 250, width: 560, row: 30, top: 42, bottom: 26 } as const;

/** Most certificates that get a bar. */
const MAX_BARS = 24;

const DAY = 86_400_000;

/** Years before and after the moment of judgement that the axis shows at most: roots live for decades. */
const SPAN = { before: 2 * 365 * DAY, after: 5 * 365 * DAY } as const;

/**
 * When each certificate of the chain and of the store is valid, as SVG: a bar each, a line for now, and the time
 * before it in which an end would be reported. The axis is bounded; bars that go on beyond it end with an arrow.
 * @param warning ms before an end from which it is reported
 */
export function timeline(assessment: Assessment, at: number, warning: number): string {
  const rows = rowsOf(assessment).slice(0, MAX_BARS);
  if (rows.length === 0) return "";
  const from = Math.max(
    at - SPAN.before,
    Math.min(at - 30 * DAY, ...rows.map(({ certificate }) => certificate.notBefore)),
  );
  const to = Math.min(
    at + SPAN.after,
    Math.max(
      at + 2 * warning,
      at + 90 * DAY,
      ...rows.map(({ certificate }) => certificate.notAfter),
    ),
  );
  const x = (time: number): number =>
    Math.round(
      SIZE.label + (SIZE.width * (Math.min(to, Math.max(from, time)) - from)) / (to - from),
    );
  const height = SIZE.top + rows.length * SIZE.row + SIZE.bottom;
  const width = SIZE.label + SIZE.width + 110;
  const bottom = height - SIZE.bottom;
  const zone = `<rect class="zone" x="${x(at)}" y="${SIZE.top - 8}" width="${Math.max(1, x(at + warning) - x(at))}" height="${bottom - SIZE.top + 12}"/>`;
  const grid = yearsIn(from, to).map(
    (time) =>
      `<line class="grid" x1="${x(time)}" x2="${x(time)}" y1="${SIZE.top - 8}" y2="${bottom + 4}"/>${svgText(dateText(time).slice(0, 7), { x: x(time), y: height - 6, width: 60, style: "soft", anchor: "middle" })}`,
  );
  const bars = rows.map(({ label, certificate }, index) => {
    const y = SIZE.top + index * SIZE.row;
    const { notBefore, notAfter } = certificate;
    const style =
      at > notAfter || at < notBefore ? " ended" : notAfter - at <= warning ? " ending" : "";
    const end = `${notAfter > to ? "→ " : ""}${dateText(notAfter).slice(0, 10)}`;
    return [
      svgText(`${label} ${shortName(certificate.subject)}`, {
        x: 4,
        y: y + 15,
        width: SIZE.label - 14,
      }),
      `<rect class="bar${style}" x="${x(notBefore)}" y="${y + 2}" width="${Math.max(2, x(notAfter) - x(notBefore))}" height="17" rx="3"/>`,
      svgText(end, {
        x: Math.min(x(notAfter), SIZE.label + SIZE.width) + 6,
        y: y + 15,
        width: 100,
        style: "soft",
      }),
    ].join("");
  });
  const now = `<line class="now" x1="${x(at)}" x2="${x(at)}" y1="${SIZE.top - 12}" y2="${bottom + 4}"/>${svgText(`judged at ${dateText(at)}`, { x: Math.max(x(at), 100), y: SIZE.top - 20, width: 300, anchor: "middle" })}`;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Timeline: validity of each certificate">${[zone, ...grid, ...bars, now].join("")}</svg>`;
}

interface Row {
  readonly label: string;
  readonly certificate: Certificate;
}

function rowsOf(assessment: Assessment): readonly Row[] {
  const sent = sentChain(assessment.handshake.certificates).flatMap(
    ({ certificate, position, role }) =>
      certificate === null || role.kind === "repeated"
        ? []
        : [{ label: `${position}:`, certificate }],
  );
  const known = new Set(sent.map(({ certificate }) => certificate.sha256));
  const held = (storeHoldings(assessment)?.relevant ?? []).flatMap(({ certificate }) =>
    known.has(certificate.sha256) ? [] : [{ label: "store:", certificate }],
  );
  return [...sent, ...held];
}

/** First days of the years, or of the quarters where there are few years. */
function yearsIn(from: number, to: number): readonly number[] {
  const step = to - from > 3 * 365 * DAY ? 12 : to - from > 400 * DAY ? 6 : 3;
  const times: number[] = [];
  const start = new Date(from);
  for (let month = Math.ceil(start.getUTCMonth() / step) * step; times.length < 40; month += step) {
    const time = Date.UTC(start.getUTCFullYear(), month, 1);
    if (time > to) break;
    if (time >= from) times.push(time);
  }
  return times;
}
