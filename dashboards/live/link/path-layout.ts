import type { Judgement } from "../api/judgement.ts";

/** A certificate of the drawing, or the place where one is missing. */
export interface PathBox {
  readonly id: string;
  readonly kind: "certificate" | "missing";
  /** Words of what is missing; empty for a certificate. */
  readonly words: string;
  readonly faults: readonly string[];
  /** Faults of steps that lead on from it. */
  readonly edgeFaults: readonly string[];
  /** Whether the accepted path goes through it. */
  readonly isUsed: boolean;
  readonly x: number;
  readonly y: number;
}

/** A step from a certificate to its issuer. */
export interface PathStep {
  readonly id: string;
  readonly from: PathBox;
  readonly to: PathBox;
  readonly isUsed: boolean;
  readonly isBad: boolean;
}

/** A drawing of every way that was tried. */
export interface PathDrawing {
  readonly boxes: readonly PathBox[];
  readonly steps: readonly PathStep[];
  readonly boxWidth: number;
  readonly height: number;
  /** Steps lead from left to right where there is room, and downwards elsewhere. */
  readonly isAcross: boolean;
}

/** Size of a box and the space between boxes, in pixels. */
export const BOX_HEIGHT = 100;
const GAP = { across: 56, down: 34, between: 18 };
const LEAST_WIDTH = 168;
const MOST_WIDTH = 270;

interface Draft {
  kind: PathBox["kind"];
  words: string;
  faults: readonly string[];
  edgeFaults: readonly string[];
  isUsed: boolean;
  depth: number;
  lane: number;
}

/** Places the ways that were tried: how far a certificate is from the server's is its depth, the best way is the first lane. */
export const drawPaths = ({ paths }: Pick<Judgement, "paths">, width: number): PathDrawing => {
  const drafts = new Map<string, Draft>();
  const steps = new Map<string, { from: string; to: string; isUsed: boolean; isBad: boolean }>();
  const put = (id: string, depth: number, rest: Omit<Draft, "depth" | "lane">): void => {
    const known = drafts.get(id);
    if (known === undefined) {
      drafts.set(id, { ...rest, depth, lane: 0 });
      return;
    }
    known.depth = Math.max(known.depth, depth);
    known.isUsed ||= rest.isUsed;
    // what the client accepts is no fault of this certificate, whatever other ways make of it
    if (known.faults.length === 0 && !known.isUsed) known.faults = rest.faults;
    if (known.edgeFaults.length === 0 && !known.isUsed) known.edgeFaults = rest.edgeFaults;
  };
  const join = (from: string, to: string, isUsed: boolean, isBad: boolean): void => {
    const known = steps.get(`${from} ${to}`);
    steps.set(`${from} ${to}`, {
      from,
      to,
      isUsed: isUsed || known?.isUsed === true,
      isBad: (known?.isBad ?? true) && isBad,
    });
  };
  for (const { steps: nodes, end, isAccepted } of paths) {
    for (const [index, { sha256, faults, edgeFaults }] of nodes.entries()) {
      put(sha256, index, {
        kind: "certificate",
        words: "",
        faults: isAccepted ? [] : faults,
        edgeFaults: isAccepted ? [] : edgeFaults,
        isUsed: isAccepted,
      });
      const next = nodes[index + 1];
      if (next !== undefined)
        join(sha256, next.sha256, isAccepted, !isAccepted && edgeFaults.length > 0);
    }
    const top = nodes.at(-1);
    if (end === null || top === undefined || isAccepted) continue;
    const id = `missing ${top.sha256} ${end}`;
    put(id, nodes.length, {
      kind: "missing",
      words: end,
      faults: [],
      edgeFaults: [],
      isUsed: false,
    });
    join(top.sha256, id, false, true);
  }
  return placed(drafts, steps.values(), width);
};

const placed = (
  drafts: ReadonlyMap<string, Draft>,
  steps: Iterable<{ from: string; to: string; isUsed: boolean; isBad: boolean }>,
  width: number,
): PathDrawing => {
  const depths = Math.max(0, ...[...drafts.values()].map(({ depth }) => depth)) + 1;
  const taken = Array.from({ length: depths }, () => 0);
  for (const draft of drafts.values()) {
    draft.lane = taken[draft.depth] ?? 0;
    taken[draft.depth] = draft.lane + 1;
  }
  const lanes = Math.max(1, ...taken);
  const across = Math.floor((width - (depths - 1) * GAP.across) / depths);
  const isAcross = across >= LEAST_WIDTH;
  const boxWidth = isAcross
    ? Math.min(across, MOST_WIDTH)
    : Math.max(
        110,
        Math.min(MOST_WIDTH + 90, Math.floor((width - (lanes - 1) * GAP.between) / lanes)),
      );
  const boxes = new Map(
    [...drafts].map(([id, { depth, lane, ...rest }]) => [
      id,
      {
        ...rest,
        id,
        x: isAcross ? depth * (boxWidth + GAP.across) : lane * (boxWidth + GAP.between),
        y: isAcross ? lane * (BOX_HEIGHT + GAP.between) : depth * (BOX_HEIGHT + GAP.down),
      },
    ]),
  );
  const rows = isAcross ? lanes : depths;
  const gap = isAcross ? GAP.between : GAP.down;
  return {
    boxes: [...boxes.values()],
    steps: [...steps].flatMap(({ from, to, ...rest }) => {
      const [start, end] = [boxes.get(from), boxes.get(to)];
      return start === undefined || end === undefined
        ? []
        : [{ ...rest, id: `${from} ${to}`, from: start, to: end }];
    }),
    boxWidth,
    height: rows * BOX_HEIGHT + (rows - 1) * gap,
    isAcross,
  };
};
