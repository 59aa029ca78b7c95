import t from "tap";
import { defaultPort, isUpgradeScheme, SCHEME_ALIASES, SCHEMES } from "../../src/probe/schemes.ts";
import { readPage, section, tableRows } from "./markdown.ts";

const text = section(readPage("docs/commands.md"), "check");

const quoted = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, word = ""]) => word);

t.test("docs/commands.md lists every scheme with its usual port", async (t) => {
  const listed = new Map<string, number>();
  const rows = tableRows(text).filter(({ length }) => length === 6);
  for (const [, direct = "", directPort, upgrade = "", upgradePort] of rows) {
    for (const scheme of quoted(direct)) listed.set(scheme, Number(directPort));
    for (const scheme of quoted(upgrade)) {
      t.ok(isUpgradeScheme(scheme), `${scheme} upgrades`);
      listed.set(scheme, Number(upgradePort));
    }
  }
  t.same([...listed.keys()].toSorted(), [...SCHEMES].toSorted());
  for (const scheme of SCHEMES) t.equal(listed.get(scheme), defaultPort(scheme), scheme);
});

t.test("docs/commands.md names the other names of schemes", async (t) => {
  for (const alias of SCHEME_ALIASES.keys()) t.ok(text.includes(`\`${alias}\``), alias);
});
