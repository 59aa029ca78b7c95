import { join } from "node:path";
import t from "tap";
import { compareInventories } from "../../src/daemon/compare-inventories.ts";
import { type Inventory, loadInventory } from "../../src/daemon/inventory.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { parseEstate } from "../../src/estate/load-estate.ts";
import { keyPem, smallPki, writeFiles } from "./fixture.ts";

const ESTATE = `version: 1
truststores:
  roots: { path: root.pem }
  others: { path: other.pem }
clients:
  pfs: { profile: openjdk-17, trust: roots }
  gateway: { profile: openssl-3, trust: others }
endpoints:
  east: { url: "https://east.example", labels: { site: east } }
  west: { url: "https://west.example" }
links:
  - { from: pfs, to: [east, west] }
  - { from: gateway, to: west }
`;

void t.test("compareInventories() tells what a change of the estate touches", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  writeFiles(folder, {
    "root.pem": root.pem,
    "other.pem": leaf.pem,
    "own.pem": leaf.pem,
    "own.key": keyPem(leaf),
  });
  const load = async (text: string): Promise<Inventory> => {
    const parsed = parseEstate(join(folder, "anchorwatch.yaml"), text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return loadInventory(parsed.value, systemReaders);
  };
  const before = await load(ESTATE);
  const touched = async (next: Inventory) => {
    const { atOnce, gone, affected } = await compareInventories(before, next);
    return { atOnce: [...atOnce], gone: [...gone], affected: [...affected] };
  };
  const changed = async (from: string, to: string) => {
    t.ok(ESTATE.includes(from), `${from} is there`);
    return touched(await load(ESTATE.replace(from, to)));
  };
  const nothing = { atOnce: [], gone: [], affected: [] };

  t.same(await touched(await load(ESTATE)), nothing, "nothing, where all is read anew");
  t.same(await touched(await load(`# a word\n${ESTATE}`)), nothing);
  t.same(
    await changed("site: east", "site: far-east"),
    { ...nothing, affected: ["east"] },
    "labels are part of a link",
  );
  t.same(await changed("profile: openssl-3", "profile: go"), { ...nothing, affected: ["west"] });
  t.same(
    await changed("trust: others", "trust: [others, roots]"),
    { ...nothing, affected: ["west"] },
    "another truststore",
  );
  t.same(
    await changed("trust: others", "trust: others, identity: { cert: own.pem, key: own.key }"),
    { atOnce: ["west"], gone: [], affected: ["west"] },
    "a certificate of its own, which nobody has shown there",
  );
  t.same(
    await changed("- { from: gateway, to: west }", "- { from: gateway, to: [east, west] }"),
    { ...nothing, affected: ["east"] },
    "another link",
  );
  t.same(
    await changed("https://west.example", "https://west.example:8443"),
    { atOnce: ["west"], gone: ["west"], affected: [] },
    "another port",
  );
  t.same(
    await changed("version: 1", "version: 1\nthresholds: { warning: 40d }"),
    { ...nothing, affected: ["east", "west"] },
    "thresholds are everybody's",
  );
  writeFiles(folder, { "other.pem": root.pem });
  t.same(
    await touched(await load(ESTATE)),
    { ...nothing, affected: ["east", "west"] },
    "any truststore may be named in a finding",
  );
  writeFiles(folder, { "other.pem": "no certificate" });
  t.same(await touched(await load(ESTATE)), { ...nothing, affected: ["east", "west"] });
  t.same(await compareInventories(null, before), {
    atOnce: new Set(),
    gone: new Set(),
    affected: new Set(),
  });
});
