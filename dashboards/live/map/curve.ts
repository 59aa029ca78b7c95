type Point = readonly [x: number, y: number];

/** A line through points that leaves and enters each of them level. */
export const curve = (points: readonly Point[]): string => {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let [x, y] = first;
  let path = `M${x.toFixed(1)} ${y.toFixed(1)}`;
  for (const [nextX, nextY] of rest) {
    const middle = ((x + nextX) / 2).toFixed(1);
    path += `C${middle} ${y.toFixed(1)} ${middle} ${nextY.toFixed(1)} ${nextX.toFixed(1)} ${nextY.toFixed(1)}`;
    [x, y] = [nextX, nextY];
  }
  return path;
};

/** A point on the last bend of such a line, near its end, where lines of different clients lie apart. */
export const markOn = (points: readonly Point[], share: number): Point => {
  const [from, to] = [points.at(-2), points.at(-1)];
  if (from === undefined || to === undefined) return [0, 0];
  const t = share;
  const u = 1 - t;
  const [x1, y1] = from;
  const [x2, y2] = to;
  const middle = (x1 + x2) / 2;
  return [
    u ** 3 * x1 + 3 * u * u * t * middle + 3 * u * t * t * middle + t ** 3 * x2,
    (u ** 3 + 3 * u * u * t) * y1 + (3 * u * t * t + t ** 3) * y2,
  ];
};
