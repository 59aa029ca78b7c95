/** What one operation costs. */
export interface Cost {
  /** Microseconds of processor time, of all threads; not a number where only the clock was read. */
  readonly cpu: number;
  /** Microseconds by the clock on the wall. */
  readonly wall: number;
}

/** A thing that was measured, beside what it is compared with. */
export interface Row {
  readonly what: string;
  readonly ours: Cost;
  readonly theirs: Cost;
  readonly peer: string;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const once = (work: () => number): Cost => {
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  const operations = work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu: (user + system) / operations,
    wall: Number(process.hrtime.bigint() - wall) / 1_000 / operations,
  };
};

/**
 * Costs of two ways to do the same, in alternating rounds of one process, so that what slows the machine
 * down meets both. The median of the rounds counts; the first ones, in which code is compiled, do not.
 *
 * @param ours - Does a round and gives the number of its operations.
 */
export const compare = (
  ours: () => number,
  theirs: () => number,
  rounds = 15,
): { readonly ours: Cost; readonly theirs: Cost } => {
  const warmUp = 5;
  const costs = Array.from({ length: warmUp + rounds }, () => [once(ours), once(theirs)] as const);
  const measured = costs.slice(warmUp);
  const typical = (side: 0 | 1): Cost => ({
    cpu: median(measured.map((pair) => pair[side].cpu)),
    wall: median(measured.map((pair) => pair[side].wall)),
  });
  return { ours: typical(0), theirs: typical(1) };
};

const HEADINGS = [
  "what",
  "ours CPU",
  "ours wall",
  "peer CPU",
  "peer wall",
  "CPU ratio",
  "wall ratio",
  "peer",
];

/** The rows as a table for people. */
export const table = (rows: readonly Row[]): string => {
  const time = (value: number): string => (Number.isNaN(value) ? "" : `${value.toFixed(1)} µs`);
  const ratio = (ours: number, theirs: number): string =>
    Number.isNaN(ours / theirs) ? "" : `${(ours / theirs).toFixed(2)} ×`;
  const cells = [
    HEADINGS,
    ...rows.map(({ what, ours, theirs, peer }) => [
      what,
      time(ours.cpu),
      time(ours.wall),
      time(theirs.cpu),
      time(theirs.wall),
      ratio(ours.cpu, theirs.cpu),
      ratio(ours.wall, theirs.wall),
      peer,
    ]),
  ];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? "").length)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || column === row.length - 1
            ? cell.padEnd(width)
            : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};
