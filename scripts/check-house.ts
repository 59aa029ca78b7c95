// Keeps the house in order: imports run downwards only, and pure layers stay pure.
import { wrongDirections } from "./house/direction.ts";
import { impurities } from "./house/purity.ts";
import { readSources, report, type Violation } from "./house/source.ts";

const files = readSources(process.argv[2] ?? ".");
const byPlace = (a: Violation, b: Violation): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line;

report(
  [...wrongDirections(files), ...impurities(files)].toSorted(byPlace),
  `House in order: ${files.length} files`,
);
