import { Graph as Dagre, layout } from "@dagrejs/dagre";
import { type Graph, NODE_HEIGHT, nodeWidthOf, type Places, ROW_HEIGHT } from "./places.ts";

/** Edges from which on putting them into layers takes longer than anybody waits. */
export const MOST_LAYERED = 250;

/** Clients left, endpoints right, and between them as many columns of gateways as there are behind one another. */
export const layered = (graph: Graph, width: number): Places => {
  const depth = depths(graph);
  const columns = Math.max(2, ...[...depth.values()].map((each) => each + 1));
  const nodeWidth = nodeWidthOf(width, columns);
  const gap = (width - columns * nodeWidth) / (columns - 1);
  const dagre = new Dagre({ multigraph: true });
  dagre.setGraph({
    rankdir: "LR",
    nodesep: ROW_HEIGHT - NODE_HEIGHT,
    edgesep: ROW_HEIGHT / 2,
    ranksep: gap,
    marginx: 0,
    marginy: 0,
  });
  dagre.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.nodes) dagre.setNode(id, { width: nodeWidth, height: NODE_HEIGHT });
  for (const { id, from, to } of graph.edges)
    dagre.setEdge(
      from,
      to,
      { minlen: Math.max(1, (depth.get(to) ?? 1) - (depth.get(from) ?? 0)), width: 0, height: 0 },
      id,
    );
  layout(dagre);
  const x = (id: string): number => (depth.get(id) ?? 0) * (nodeWidth + gap);
  const places = apart(
    new Map(graph.nodes.map(({ id }) => [id, Number(dagre.node(id)?.y ?? 0)])),
    depth,
  );
  const yOf = (id: string): number => places.get(id) ?? 0;
  const top = Math.min(...places.values());
  const bottom = Math.max(...places.values());
  return {
    height: bottom - top + NODE_HEIGHT,
    nodeWidth,
    nodes: new Map(graph.nodes.map(({ id }) => [id, { x: x(id), y: yOf(id) - top }])),
    edges: new Map(
      graph.edges.map(({ id, from, to }) => {
        const middle = (node: string): number => yOf(node) - top + NODE_HEIGHT / 2;
        const between: (readonly [number, number])[] = [];
        const [first, last] = [depth.get(from) ?? 0, depth.get(to) ?? 0];
        const points: readonly { readonly x: number; readonly y: number }[] =
          dagre.edge({ v: from, w: to, name: id })?.points ?? [];
        for (let column = first + 1; column < last; column++) {
          const at = column * (nodeWidth + gap);
          const y = heightAt(points, at + nodeWidth / 2) - top + NODE_HEIGHT / 2;
          between.push([at, y], [at + nodeWidth, y]);
        }
        return [
          id,
          [[x(from) + nodeWidth, middle(from)], ...between, [x(to), middle(to)]],
        ] as const;
      }),
    ),
  };
};

/** Moves nodes down that would lie over another one of their column, as those of circles may. */
const apart = (
  heights: ReadonlyMap<string, number>,
  columns: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> => {
  const placed = new Map<string, number>();
  const lowest = new Map<number, number>();
  for (const [id, wanted] of [...heights].toSorted(([, a], [, b]) => a - b)) {
    const column = columns.get(id) ?? 0;
    const least = (lowest.get(column) ?? Number.NEGATIVE_INFINITY) + ROW_HEIGHT;
    const height = Math.max(wanted, least);
    placed.set(id, height);
    lowest.set(column, height);
  }
  return placed;
};

/** The column of each node: gateways stand behind what reaches them, and every endpoint in the last one. */
const depths = ({ nodes, edges }: Graph): ReadonlyMap<string, number> => {
  const roles = new Map(nodes.map(({ id, role }) => [id, role]));
  const depth = new Map(nodes.map(({ id, role }) => [id, role === "client" ? 0 : 1]));
  const between = edges.filter(
    ({ from, to }) => roles.get(from) === "gateway" && roles.get(to) === "gateway",
  );
  // gateways may stand in a circle, so that the number of rounds is bounded
  const rounds = nodes.filter(({ role }) => role === "gateway").length;
  for (let round = 1; round < Math.min(rounds, 4); round++)
    for (const { from, to } of between)
      if ((depth.get(to) ?? 0) <= (depth.get(from) ?? 0))
        depth.set(to, Math.min((depth.get(from) ?? 0) + 1, rounds));
  const last = Math.max(
    1,
    ...nodes.filter(({ role }) => role === "gateway").map(({ id }) => (depth.get(id) ?? 0) + 1),
  );
  for (const { id, role } of nodes) if (role === "endpoint") depth.set(id, last);
  return depth;
};

/** Where a line through points is at an x. */
const heightAt = (
  points: readonly { readonly x: number; readonly y: number }[],
  x: number,
): number => {
  const next = points.findIndex((point) => point.x >= x);
  const [a, b] = [points[Math.max(next - 1, 0)], points[next === -1 ? points.length - 1 : next]];
  if (a === undefined || b === undefined) return 0;
  return b.x === a.x ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
};
