import type { Link } from "../api/types.ts";

/** Links that belong together. */
export interface Group {
  readonly name: string;
  readonly links: readonly Link[];
}

/** How links are put together: by a label, or not at all. */
export const UNGROUPED = "none";

/** Names of the labels by which links can be grouped, those that people mean most often first. */
export const groupings = (links: readonly Link[]): readonly string[] => {
  const names = new Set(links.flatMap(({ labels }) => Object.keys(labels)));
  const usual = ["zone", "estate", "team"].filter((name) => names.has(name));
  const others = [...names].filter((name) => !usual.includes(name)).toSorted();
  return [...usual, ...others, UNGROUPED];
};

/** The grouping that is taken where nobody chose one. */
export const usualGrouping = (links: readonly Link[]): string => {
  const all = groupings(links);
  return all.includes("estate") ? "estate" : (all[0] ?? UNGROUPED);
};

/** Links by a label, or by endpoint where they have none of that name; groups by name. */
export const groupLinks = (links: Iterable<Link>, label: string): readonly Group[] => {
  const byName = Map.groupBy(links, (link) =>
    label === UNGROUPED
      ? "All links"
      : Object.hasOwn(link.labels, label)
        ? String(link.labels[label])
        : link.endpoint,
  );
  return [...byName]
    .map(([name, members]) => ({ name, links: members }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
};
