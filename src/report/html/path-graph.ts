import type { Assessment } from "../../diagnosis/assessment.ts";
import { dateText, shortName } from "../../diagnosis/words.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { drawnPaths } from "../check/drawn-path.ts";
import { sentChain } from "../check/sent-chain.ts";
import { storeHoldings } from "../check/store-holdings.ts";
import { escapeHtml } from "./escape-html.ts";
import { svgText } from "./svg-text.ts";

/** Size of a certificate's box and the space between boxes, in pixels. */
const BOX = { width: 290, height: 62, gap: 46, top: 58 } as const;

const LEFT = { sent: 8, store: 470 } as const;

/** Most certificates that are drawn on one side. */
const MAX_BOXES = 12;

/** A box of the drawing. */
interface Box {
  readonly x: number;
  readonly y: number;
}

/** A step of some path, with what spoils it. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly faults: readonly string[];
  readonly isUsed: boolean;
}

/**
 * The path graph as SVG: on the left what was sent, in order, on the right what the truststores hold that matters;
 * between them every way that was tried, the accepted one strong, with what breaks it. Empty without a chain.
 */
export function pathGraph(assessment: Assessment, at: number): string {
  const sent = sentChain(assessment.handshake.certificates).filter(
    ({ role }) => role.kind !== "repeated",
  );
  if (sent.length === 0) return "";
  const shown = sent.slice(0, MAX_BOXES);
  const held = (storeHoldings(assessment)?.relevant ?? []).slice(0, MAX_BOXES);
  const { paths } = drawnPaths(assessment);
  const boxes = new Map<string, Box>();
  const parts: string[] = [];
  const place = (index: number, side: keyof typeof LEFT): Box => ({
    x: LEFT[side],
    y: BOX.top + index * (BOX.height + BOX.gap),
  });
  const faultsOf = new Map(
    paths.flatMap(({ steps, isAccepted }) =>
      isAccepted ? [] : steps.map(({ certificate, faults }) => [certificate.sha256, faults]),
    ),
  );
  for (const [index, { certificate, position, role }] of shown.entries()) {
    const box = place(index, "sent");
    if (certificate !== null) boxes.set(certificate.sha256, box);
    const faults = certificate === null ? [] : (faultsOf.get(certificate.sha256) ?? []);
    const note =
      role.kind === "stray"
        ? "no part in this chain"
        : role.kind === "unreadable"
          ? role.message
          : null;
    const style =
      role.kind === "stray" ? "stray" : faults.length > 0 || certificate === null ? "bad" : "";
    const isHeld = held.some((each) => each.certificate.sha256 === certificate?.sha256);
    const label = `sent as ${position}${isHeld ? ", and in the store" : ""}`;
    const shade = style === "" && isHeld ? "store" : style;
    parts.push(boxSvg(box, label, certificate, { style: shade, faults, note, at }));
  }
  const storeOnly = held.filter(({ certificate }) => !boxes.has(certificate.sha256));
  const aloft = Math.max(0, shown.length - storeOnly.length);
  for (const [index, { certificate, alias }] of storeOnly.entries()) {
    const box = place(aloft + index, "store");
    boxes.set(certificate.sha256, box);
    const faults = faultsOf.get(certificate.sha256) ?? [];
    const label = alias === null ? "in the store" : `in the store as ${alias}`;
    parts.push(
      boxSvg(box, label, certificate, {
        style: faults.length > 0 ? "bad" : "store",
        faults,
        note: null,
        at,
      }),
    );
  }
  let rows = Math.max(shown.length, storeOnly.length);
  const ends = endsOf(paths, boxes);
  let below = 0;
  for (const { from, words } of ends) {
    const origin = boxes.get(from);
    if (origin === undefined) continue;
    // beside the certificate that lacks its issuer, or under everything where that place is taken
    const wanted = { x: LEFT.store, y: origin.y };
    const isTaken = [...boxes.values()].some(
      ({ x, y }) => x === wanted.x && Math.abs(y - wanted.y) < BOX.height,
    );
    const box = isTaken || origin.x === LEFT.store ? place(rows + below++, "store") : wanted;
    parts.push(
      missingSvg(box, words),
      edgeSvg(origin, box, { faults: [], isUsed: false, isBad: true }),
    );
  }
  rows += below;
  for (const edge of edgesOf(paths)) {
    const from = boxes.get(edge.from);
    const to = boxes.get(edge.to);
    if (from !== undefined && to !== undefined)
      parts.push(edgeSvg(from, to, { ...edge, isBad: edge.faults.length > 0 && !edge.isUsed }));
  }
  const hasRight = storeOnly.length + ends.length > 0;
  const width = hasRight ? LEFT.store + BOX.width + 8 : LEFT.sent + BOX.width + 160;
  const height = BOX.top + rows * (BOX.height + BOX.gap) - BOX.gap + 10;
  const heads = [
    svgText("sent by the server", { x: LEFT.sent, y: 18, width: 300, style: "soft" }),
    hasRight
      ? svgText("truststore of the client", { x: LEFT.store, y: 18, width: 300, style: "soft" })
      : "",
  ];
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Path graph: what was sent, what the truststore holds, and where the path breaks">${[...heads, ...parts].join("")}</svg>`;
}

function boxSvg(
  { x, y }: Box,
  label: string,
  certificate: Certificate | null,
  {
    style,
    faults,
    note,
    at,
  }: {
    readonly style: string;
    readonly faults: readonly string[];
    readonly note: string | null;
    readonly at: number;
  },
): string {
  const name = certificate === null ? "cannot be read" : shortName(certificate.subject);
  const dates =
    certificate === null
      ? ""
      : at > certificate.notAfter
        ? `expired ${dateText(certificate.notAfter).slice(0, 10)}`
        : `until ${dateText(certificate.notAfter).slice(0, 10)}`;
  const third = faults.length > 0 ? `✗ ${faults.join(", ")}` : (note ?? dates);
  const text = { x: x + 12, width: BOX.width - 24 };
  return [
    `<g><rect class="box${style === "" ? "" : ` ${style}`}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    svgText(label, { ...text, y: y + 18, style: "soft" }),
    svgText(name, { ...text, y: y + 35 }),
    svgText(third, { ...text, y: y + 53, style: faults.length > 0 ? "fault" : "soft" }),
    "</g>",
  ].join("");
}

function missingSvg({ x, y }: Box, words: string): string {
  const text = { x: x + 12, width: BOX.width - 24 };
  return [
    `<g><rect class="box missing" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    svgText("✗ the path breaks here", { ...text, y: y + 25, style: "fault" }),
    svgText(words, { ...text, y: y + 45 }),
    "</g>",
  ].join("");
}

function edgeSvg(
  from: Box,
  to: Box,
  {
    faults,
    isUsed,
    isBad,
  }: { readonly faults: readonly string[]; readonly isUsed: boolean; readonly isBad: boolean },
): string {
  const style = isUsed ? " used" : isBad ? " bad" : "";
  const middle = { x: from.x + 34, y: 0 };
  if (from.x === to.x) {
    const down = to.y > from.y;
    const start = down ? from.y + BOX.height : from.y;
    const end = down ? to.y : to.y + BOX.height;
    // a step that passes over others swings out to the side
    const isNear = Math.abs(end - start) <= BOX.gap + 1;
    middle.y = isNear ? (start + end) / 2 + 4 : start + 18;
    const line = isNear
      ? `M${from.x + 22} ${start}V${end}`
      : `M${from.x + BOX.width} ${from.y + BOX.height / 2}C${from.x + BOX.width + 60} ${from.y + BOX.height / 2} ${to.x + BOX.width + 60} ${to.y + BOX.height / 2} ${to.x + BOX.width} ${to.y + BOX.height / 2}`;
    const label =
      faults.length === 0
        ? ""
        : svgText(`✗ ${faults.join(", ")}`, {
            x: middle.x,
            y: middle.y,
            width: 470,
            style: "fault",
          });
    return `<path class="edge${style}" d="${line}"/>${label}`;
  }
  const [left, right] = from.x < to.x ? [from, to] : [to, from];
  const y1 = left.y + BOX.height / 2;
  const y2 = right.y + BOX.height / 2;
  const x1 = left.x + BOX.width;
  const x2 = right.x;
  const line = `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`;
  const label =
    faults.length === 0
      ? ""
      : svgText(`✗ ${faults.join(", ")}`, {
          x: x1 + 8,
          y: right.y - 12,
          width: 470,
          style: "fault",
        });
  return `<path class="edge${style}" d="${line}"/>${label}`;
}

/** Every step of every path once; a step of the accepted path is used, whatever other paths make of it. */
function edgesOf(paths: ReturnType<typeof drawnPaths>["paths"]): readonly Edge[] {
  const edges = new Map<string, Edge>();
  for (const { steps, isAccepted } of paths)
    for (const [index, { certificate, edgeFaults }] of steps.entries()) {
      const issuer = steps[index + 1]?.certificate;
      if (issuer === undefined) continue;
      const key = `${certificate.sha256} ${issuer.sha256}`;
      const known = edges.get(key);
      edges.set(key, {
        from: certificate.sha256,
        to: issuer.sha256,
        faults: known?.faults ?? edgeFaults,
        isUsed: isAccepted || known?.isUsed === true,
      });
    }
  return [...edges.values()];
}

function endsOf(
  paths: ReturnType<typeof drawnPaths>["paths"],
  boxes: ReadonlyMap<string, Box>,
): readonly { readonly from: string; readonly words: string }[] {
  const ends = new Map<string, string>();
  for (const { steps, end } of paths) {
    const top = steps.at(-1)?.certificate;
    if (end !== null && top !== undefined && boxes.has(top.sha256)) ends.set(top.sha256, end);
  }
  return [...ends].map(([from, words]) => ({ from, words }));
}

/** The graph under its heading; empty without a chain. */
export function pathGraphSection(assessment: Assessment, at: number, title: string): string {
  const graph = pathGraph(assessment, at);
  return graph === "" ? "" : `<h3>${escapeHtml(title)}</h3><div class="scroll">${graph}</div>`;
}
