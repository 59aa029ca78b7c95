import { type Graph, NODE_HEIGHT, nodeWidthOf, type Places, ROW_HEIGHT } from "./places.ts";

/** Times that the sides are put into the order of each other; more changes hardly anything. */
const ROUNDS = 4;

/**
 * Clients on the left and endpoints on the right, in an order in which few lines cross: each stands near the middle of
 * what it is linked to. Its cost grows with the number of links alone, and it knows nothing of verdicts, so that nothing
 * moves when one changes.
 */
export const twoColumns = (graph: Graph, width: number): Places => {
  const neighbours = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const { from, to } of graph.edges) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const side = (isEndpoint: boolean): string[] =>
    graph.nodes.filter(({ role }) => (role === "endpoint") === isEndpoint).map(({ id }) => id);
  let left = side(false);
  let right = side(true);
  const rank = new Map<string, number>();
  const number = (ids: readonly string[]): void => {
    for (const [index, id] of ids.entries()) rank.set(id, index / Math.max(ids.length, 1));
  };
  const middle = (id: string): number => {
    const ranks = (neighbours.get(id) ?? []).map((other) => rank.get(other) ?? 0);
    return ranks.reduce((sum, each) => sum + each, 0) / Math.max(ranks.length, 1);
  };
  const sorted = (ids: readonly string[]): string[] => {
    const middles = new Map(ids.map((id) => [id, middle(id)]));
    return ids.toSorted((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
  };
  number(right);
  for (let round = 0; round < ROUNDS; round++) {
    left = sorted(left);
    number(left);
    right = sorted(right);
    number(right);
  }
  const rows = Math.max(left.length, right.length, 1);
  const nodeWidth = nodeWidthOf(width, 2);
  const nodes = new Map<string, { readonly x: number; readonly y: number }>();
  const top = (ids: readonly string[]): ReadonlyMap<string, number> =>
    new Map(ids.map((id, index) => [id, index * ROW_HEIGHT]));
  const isLeftLonger = left.length >= right.length;
  const long = top(isLeftLonger ? left : right);
  const short = nearTo(isLeftLonger ? right : left, neighbours, long, rows * ROW_HEIGHT);
  for (const id of left) nodes.set(id, { x: 0, y: (isLeftLonger ? long : short).get(id) ?? 0 });
  for (const id of right)
    nodes.set(id, { x: width - nodeWidth, y: (isLeftLonger ? short : long).get(id) ?? 0 });
  const centre = (id: string): number => (nodes.get(id)?.y ?? 0) + NODE_HEIGHT / 2;
  return {
    height: rows * ROW_HEIGHT - (ROW_HEIGHT - NODE_HEIGHT),
    nodeWidth,
    nodes,
    edges: new Map(
      graph.edges.map(({ id, from, to }) => [
        id,
        [
          [nodeWidth, centre(from)],
          [width - nodeWidth, centre(to)],
        ],
      ]),
    ),
  };
};

/** Puts the shorter side beside what it is linked to, without overlaps and within the height. */
const nearTo = (
  ids: readonly string[],
  neighbours: ReadonlyMap<string, readonly string[]>,
  other: ReadonlyMap<string, number>,
  height: number,
): ReadonlyMap<string, number> => {
  const wanted = ids.map((id) => {
    const tops = (neighbours.get(id) ?? []).map((each) => other.get(each) ?? 0);
    return tops.reduce((sum, each) => sum + each, 0) / Math.max(tops.length, 1);
  });
  const tops: number[] = [];
  for (const [index, each] of wanted.entries())
    tops.push(Math.max(each, index === 0 ? 0 : (tops[index - 1] ?? 0) + ROW_HEIGHT));
  let limit = height - ROW_HEIGHT;
  for (let index = tops.length - 1; index >= 0; index--) {
    tops[index] = Math.min(tops[index] ?? 0, limit);
    limit = (tops[index] ?? 0) - ROW_HEIGHT;
  }
  return new Map(ids.map((id, index) => [id, tops[index] ?? 0]));
};
