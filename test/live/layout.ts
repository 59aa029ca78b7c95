import fc from "fast-check";
import t from "tap";
import { layered } from "../../dashboards/live/map/layers.ts";
import { partsOf } from "../../dashboards/live/map/parts.ts";
import { NODE_HEIGHT, type Places } from "../../dashboards/live/map/places.ts";
import { twoColumns } from "../../dashboards/live/map/two-columns.ts";
import { readLinks } from "../../dashboards/live/api/read-link.ts";
import { brokenLink, link } from "./links.ts";

const overlaps = ({ nodes, nodeWidth }: Places): readonly string[] => {
  const all = [...nodes];
  return all.flatMap(([id, a], index) =>
    all
      .slice(index + 1)
      .filter(
        ([, b]) => Math.abs(a.x - b.x) < nodeWidth - 1 && Math.abs(a.y - b.y) < NODE_HEIGHT - 1,
      )
      .map(([other]) => `${id} and ${other}`),
  );
};

const name = fc.integer({ min: 0, max: 12 });
const pairs = fc.uniqueArray(fc.tuple(name, name), {
  minLength: 1,
  maxLength: 40,
  selector: (pair) => pair.join(" "),
});

t.test("twoColumns() and layered() place every node, none over another", async (t) => {
  fc.assert(
    fc.property(pairs, fc.integer({ min: 340, max: 1800 }), fc.boolean(), (ends, width, mixed) => {
      const links = readLinks(
        // names that are on both sides are gateways
        ends.map(([from, to]) => link(`n${from}`, mixed ? `n${to}` : `e${to}`)),
      );
      const parts = partsOf(links, { isFolded: false, withGateways: mixed });
      const places = mixed ? layered(parts, width) : twoColumns(parts, width);
      for (const { id } of parts.nodes) {
        const at = places.nodes.get(id);
        if (at === undefined || at.x < -1 || at.x + places.nodeWidth > width + 1) return false;
        if (at.y < -1 || at.y + NODE_HEIGHT > places.height + 1) return false;
      }
      return overlaps(places).length === 0 && places.edges.size === parts.edges.length;
    }),
    { numRuns: 60 },
  );
  t.pass();
});

t.test("partsOf() folds endpoints without trouble, and never one that has some", async (t) => {
  const links = readLinks([
    ...Array.from({ length: 50 }, (_, index) => link(`c${index % 5}`, `e${index}`)),
    brokenLink("c1", "bad"),
  ]);
  const parts = partsOf(links, { isFolded: true, withGateways: false });
  t.equal(parts.folded, 50);
  t.same(
    parts.edges
      .filter(({ state }) => state === "broken")
      .map(({ links: [only] }) => only?.endpoint),
    ["bad"],
  );
  t.equal(parts.nodes.filter(({ names }) => names.length > 1).length, 2);
  const open = partsOf(links, { isFolded: false, withGateways: false });
  t.equal(open.edges.length, 51);
});
