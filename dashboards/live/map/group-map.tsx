import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import type { Link } from "../api/types.ts";
import { headlineOf } from "../links/link-row.tsx";
import { counted, STATE_WORDS } from "../model/words.ts";
import { hrefTo } from "../state/router.ts";
import { Icon } from "../ui/icon.tsx";
import { curve, markOn } from "./curve.ts";
import { layered, MOST_LAYERED } from "./layers.ts";
import { type MapEdge, type MapNode, type MapParts, partsOf } from "./parts.ts";
import { NODE_HEIGHT, type Places } from "./places.ts";
import { twoColumns } from "./two-columns.ts";

/** Width from which on there is room for a column of gateways. */
const ROOM_FOR_GATEWAYS = 620;

/** Edges from which on lines that are fine go without a mark and are not stepped through one by one. */
const MANY = 120;

const nodeHref = ({ role, names: [name = "", ...others] }: MapNode): string => {
  if (others.length > 0) return hrefTo(["links"]);
  return hrefTo(["links"], role === "gateway" ? { filter: name } : { [role]: name });
};

const nodeWords = ({ role, names, links, state }: MapNode): string =>
  names.length > 1
    ? `${names.length} ${role === "client" ? "clients" : "endpoints"} without trouble`
    : `${role} ${names[0]}: ${counted(links, "link")}, ${STATE_WORDS[state].toLowerCase()}`;

const Node = memo(
  ({
    node,
    x,
    y,
    width,
    onHot,
  }: {
    readonly node: MapNode;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly onHot: (id: string | null) => void;
  }): JSX.Element => (
    <a
      class="node"
      data-role={node.role}
      data-verdict={node.state}
      data-folded={node.names.length > 1 ? "" : undefined}
      href={nodeHref(node)}
      aria-label={nodeWords(node)}
      title={nodeWords(node)}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height: NODE_HEIGHT }}
      onPointerEnter={() => onHot(node.id)}
      onPointerLeave={() => onHot(null)}
      onFocus={() => onHot(node.id)}
      onBlur={() => onHot(null)}
    >
      <bdi>
        {node.names.length > 1
          ? `${node.names.length} ${node.role === "client" ? "clients" : "endpoints"}, all fine`
          : node.names[0]}
      </bdi>
      {node.role === "client" ? null : <Icon name={node.state} />}
    </a>
  ),
);

const edgeWords = ({ links, state }: MapEdge): string => {
  const [first] = links;
  if (first === undefined || links.length > 1)
    return `${counted(links.length, "link")}, ${STATE_WORDS[state].toLowerCase()}`;
  return `${first.client} to ${first.endpoint}: ${STATE_WORDS[state]}. ${headlineOf(first)}`;
};

const edgeHref = ({ links: [first, ...others] }: MapEdge): string => {
  if (first === undefined) return hrefTo(["links"]);
  const { client, endpoint } = first;
  if (others.length === 0) return hrefTo(["links", client, endpoint]);
  return hrefTo(["links"], {
    client: others.every((each) => each.client === client) ? client : null,
    endpoint: others.every((each) => each.endpoint === endpoint) ? endpoint : null,
  });
};

const Edge = memo(
  ({
    edge,
    points,
    isMarked,
    markAt,
    isStop,
    dim,
  }: {
    readonly edge: MapEdge;
    readonly points: readonly (readonly [number, number])[];
    readonly isMarked: boolean;
    /** Share of its last bend at which the mark stands. */
    readonly markAt: number;
    readonly isStop: boolean;
    readonly dim: "" | "dim" | "hot";
  }): JSX.Element => {
    const [first] = edge.links;
    const path = curve(points);
    const [x, y] = markOn(points, markAt);
    const isSingle = edge.links.length === 1;
    return (
      <a
        class={`edge ${dim}`.trim()}
        href={edgeHref(edge)}
        data-verdict={edge.state}
        data-state={edge.state}
        data-client={isSingle ? first?.client : undefined}
        data-endpoint={isSingle ? first?.endpoint : undefined}
        data-stop={isStop ? "" : undefined}
        tabIndex={isStop ? 0 : -1}
        aria-label={edgeWords(edge)}
      >
        <title>{edgeWords(edge)}</title>
        <path class="reach" d={path} />
        <path class="line" d={path} />
        {isMarked ? (
          <svg class="mark" x={x - 8} y={y - 8} width="16" height="16" viewBox="0 0 24 24">
            <use href={`#icon-${edge.state}`} />
          </svg>
        ) : null}
      </a>
    );
  },
);

/** What a layout depends on: names alone, so that a verdict that changes moves nothing. */
const shapeOf = ({ nodes, edges }: MapParts, width: number): string =>
  [width, ...nodes.map(({ id }) => id), ...edges.map(({ id }) => id)].join("\n");

const NONE: ReadonlySet<string> = new Set();

const placesOf = (parts: MapParts, width: number): Places =>
  parts.nodes.some(({ role }) => role === "gateway") && parts.edges.length <= MOST_LAYERED
    ? layered(parts, width)
    : twoColumns(parts, width);

/**
 * The links of one group as lines between their ends.
 *
 * @param width - Pixels that there are.
 * @param stressed - Keys of links beside which the others fade; none where it is empty.
 */
export const GroupMap = ({
  links,
  width,
  isFolded,
  stressed = NONE,
}: {
  readonly links: readonly Link[];
  readonly width: number;
  readonly isFolded: boolean;
  readonly stressed?: ReadonlySet<string>;
}): JSX.Element => {
  const hot = useSignal<string | null>(null);
  const withGateways = width >= ROOM_FOR_GATEWAYS && links.length <= MOST_LAYERED;
  const parts = partsOf(links, { isFolded, withGateways });
  const shape = shapeOf(parts, width);
  const places = useMemo(() => placesOf(parts, width), [shape]);
  const isMany = parts.edges.length > MANY;
  const onHot = useMemo(
    () => (id: string | null) => {
      if (!isMany) hot.value = id;
    },
    [isMany],
  );
  const degree = new Map<string, number>();
  for (const { from, to } of parts.edges)
    for (const id of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1);
  // beside the end that has fewer lines, where marks do not cover one another
  const markAt = ({ from, to }: MapEdge): number =>
    (degree.get(from) ?? 0) <= (degree.get(to) ?? 0) ? 0.32 : 0.68;
  // what needs attention lies above the rest
  const ordered = parts.edges.toSorted(
    (a, b) => Number(a.state !== "ok") - Number(b.state !== "ok"),
  );
  return (
    <div class="map-area" style={{ height: places.height }}>
      <svg width={width} height={places.height} class={isMany ? "edges many" : "edges"}>
        {ordered.map((edge) => (
          <Edge
            key={edge.id}
            edge={edge}
            points={places.edges.get(edge.id) ?? []}
            markAt={markAt(edge)}
            isMarked={!isMany || edge.state !== "ok"}
            isStop={!isMany || edge.state !== "ok"}
            dim={
              hot.value === null
                ? stressed.size === 0 || stressed.has(edge.id)
                  ? ""
                  : "dim"
                : edge.from === hot.value || edge.to === hot.value
                  ? "hot"
                  : "dim"
            }
          />
        ))}
      </svg>
      {parts.nodes.map((node) => {
        const { x, y } = places.nodes.get(node.id) ?? { x: 0, y: 0 };
        return (
          <Node key={node.id} node={node} x={x} y={y} width={places.nodeWidth} onHot={onHot} />
        );
      })}
    </div>
  );
};
