import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Judgement } from "../api/judgement.ts";
import { curve } from "../map/curve.ts";
import { counted, dayText, shortSubject } from "../model/words.ts";
import { now } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Icon } from "../ui/icon.tsx";
import {
  BOX_HEIGHT,
  drawPaths,
  type PathBox,
  type PathDrawing,
  type PathStep,
} from "./path-layout.ts";

const places = (
  judgement: Judgement,
  sha256: string,
): { sent: string | null; held: string | null } => {
  const sent = judgement.sent.find((each) => each.sha256 === sha256 && each.role !== "repeated");
  const held = judgement.held.find((each) => each.sha256 === sha256);
  return {
    sent:
      sent === undefined
        ? null
        : sent.position === 0
          ? "server's own"
          : `sent as no. ${sent.position + 1}`,
    held:
      held === undefined
        ? null
        : held.alias === null
          ? `in ${held.store}`
          : `in ${held.store} as ${held.alias}`,
  };
};

const Box = ({
  box,
  width,
  judgement,
}: {
  readonly box: PathBox;
  readonly width: number;
  readonly judgement: Judgement;
}): JSX.Element => {
  const style = { transform: `translate(${box.x}px, ${box.y}px)`, width, height: BOX_HEIGHT };
  if (box.kind === "missing")
    return (
      <li class="path-box missing" style={style} title={box.words}>
        <p class="path-fault">
          <Icon name="broken" />
          The path breaks here
        </p>
        <p class="path-name">
          <bdi>{box.words}</bdi>
        </p>
      </li>
    );
  const certificate = judgement.certificates.find(({ sha256 }) => sha256 === box.id);
  const { sent, held } = places(judgement, box.id);
  const end = Date.parse(certificate?.notAfter ?? "");
  const faults = [...box.faults, ...box.edgeFaults.map((fault) => `its issuer: ${fault}`)];
  const kind = held === null ? "sent" : sent === null ? "held" : "both";
  return (
    <li
      class="path-box"
      data-place={kind}
      data-bad={faults.length > 0 ? "" : undefined}
      data-used={box.isUsed ? "" : undefined}
      style={style}
    >
      <p class="path-place">
        {held === null ? null : <Icon name="anchor" />}
        <bdi>{[sent, held].filter((each) => each !== null).join(", ")}</bdi>
      </p>
      <p class="path-name">
        <a href={hrefTo(["certificates", box.id])} title={certificate?.subject ?? ""}>
          <bdi>{shortSubject(certificate?.subject ?? null)}</bdi>
        </a>
      </p>
      {faults.length > 0 ? (
        <p class="path-fault" title={faults.join(", ")}>
          <Icon name="broken" />
          <bdi>{faults.join(", ")}</bdi>
        </p>
      ) : Number.isNaN(end) ? null : (
        <p class="path-place">
          {end < now.value ? "expired" : "until"} {dayText(end)}
        </p>
      )}
    </li>
  );
};

const Step = ({
  step: { from, to, isUsed, isBad },
  drawing: { boxWidth, isAcross },
}: {
  readonly step: PathStep;
  readonly drawing: PathDrawing;
}): JSX.Element => {
  const start = isAcross
    ? ([from.x + boxWidth, from.y + BOX_HEIGHT / 2] as const)
    : ([from.x + boxWidth / 2, from.y + BOX_HEIGHT] as const);
  const end = isAcross
    ? ([to.x, to.y + BOX_HEIGHT / 2] as const)
    : ([to.x + boxWidth / 2, to.y] as const);
  const middle = (start[1] + end[1]) / 2;
  const path = isAcross
    ? curve([start, end])
    : `M${start[0]} ${start[1]}C${start[0]} ${middle} ${end[0]} ${middle} ${end[0]} ${end[1]}`;
  return (
    <path
      class="path-step"
      data-used={isUsed ? "" : undefined}
      data-bad={isBad ? "" : undefined}
      d={path}
    />
  );
};

const besides = ({ sent }: Judgement): readonly string[] =>
  sent.flatMap(({ position, role, note }) =>
    role === "stray"
      ? [`Certificate no. ${position + 1} has no part in this chain`]
      : role === "repeated"
        ? [`Certificate no. ${position + 1} repeats an earlier one`]
        : role === "unreadable"
          ? [`Certificate no. ${position + 1} cannot be read: ${note ?? ""}`]
          : [],
  );

const storeWords = ({ stores }: Judgement): string =>
  stores === null
    ? ""
    : `${stores.names.join(" and ")} ${stores.names.length === 1 ? "holds" : "hold"} ${counted(stores.anchors, "anchor")} that this client sees.`;

/** The ways that were tried from the server's certificate to an anchor, and where each breaks. */
export const PathGraph = ({ judgement }: { readonly judgement: Judgement }): JSX.Element | null => {
  const area = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const { current } = area;
    if (current === null) return undefined;
    const read = (): void => {
      width.value = Math.floor(current.clientWidth);
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  if (judgement.paths.length === 0) return null;
  const drawing = drawPaths(judgement, width.value);
  const left = judgement.pathCount - judgement.paths.length;
  return (
    <div class="path">
      <div ref={area} class="path-area" style={{ height: drawing.height }}>
        <svg width={width.value} height={drawing.height} aria-hidden="true">
          {drawing.steps.map((step) => (
            <Step key={step.id} step={step} drawing={drawing} />
          ))}
        </svg>
        <ol aria-label="Certificates from the server's own upwards">
          {drawing.boxes.map((box) => (
            <Box key={box.id} box={box} width={drawing.boxWidth} judgement={judgement} />
          ))}
        </ol>
      </div>
      <ul class="path-notes">
        {[
          ...besides(judgement),
          storeWords(judgement),
          left > 0 ? `${counted(left, "way")} more` : "",
        ]
          .filter((note) => note !== "")
          .map((note) => (
            <li key={note}>
              <bdi>{note}</bdi>
            </li>
          ))}
      </ul>
    </div>
  );
};
