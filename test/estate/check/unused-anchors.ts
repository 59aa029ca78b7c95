import t from "tap";
import { neededAnchors } from "../../../src/links/estate-check/needed-anchors.ts";
import { type AnchorUse, anchorUse } from "../../../src/links/estate-check/unused-anchors.ts";
import { issue, makeKeys, NOW, surroundingsOf, type TestEstate } from "../../forecast/world.ts";
import { checkFolder, estateFolder } from "./folder.ts";
import { anchorwatch } from "../../cli/command.ts";

const [key, caKey, leafKey, otherKey] = await makeKeys(4);
if (key === undefined || caKey === undefined || leafKey === undefined || otherKey === undefined)
  throw new Error("No keys");
const root = issue("Root", key, 3000, { ca: true });
const ca = issue("CA", caKey, 2000, { ca: true, issuer: root });
const old = issue("Old Root", otherKey, 900, { ca: true });
const leaf = issue("a", leafKey, 100, { issuer: ca, san: ["a.example.com"] });
const strange = issue("b", leafKey, 100, { issuer: old, san: ["b.example.com"] });

function useOf(estate: TestEstate): AnchorUse {
  const surroundings = surroundingsOf(estate);
  const steps = neededAnchors(surroundings, NOW);
  for (;;) {
    const next = steps.next();
    if (next.done === true)
      return anchorUse(surroundings.estate, surroundings.truststores, next.value);
  }
}

const summaries = ({ unused }: AnchorUse): readonly string[] =>
  unused.map(({ finding }) => finding.summary);

t.test("anchorUse() tells the anchors in which no accepted path ends", async (t) => {
  const use = useOf({
    clients: { one: { profile: "openjdk-17", anchors: [root, old] } },
    endpoints: { a: [[leaf, ca]] },
  });
  t.match(summaries(use), [
    /^Of 2 anchors of one-trust 1 is needed by no link of the estate: Old Root/,
  ]);
  t.match(use.unused[0]?.finding, { code: "truststore.anchor-unused", severity: "info" });
  t.strictSame(use.untold, []);
  const needed = useOf({
    clients: { one: { profile: "openjdk-17", anchors: [root] } },
    endpoints: { a: [[leaf, ca]] },
  });
  t.strictSame(needed, { unused: [], untold: [] });
});

t.test("anchorUse() keeps what a store supplies because the server does not send it", async (t) => {
  const anchors = [root, ca, old];
  const openssl = (chain: readonly (typeof leaf)[]) =>
    summaries(
      useOf({ clients: { one: { profile: "openssl-3", anchors } }, endpoints: { a: [chain] } }),
    );
  t.match(openssl([leaf]), [/1 is needed by no link of the estate: Old Root/]);
  t.match(
    openssl([leaf, ca])[0],
    /Old Root/,
    "where it is sent as well, the path may take it from either side",
  );
});

t.test("anchorUse() claims nothing of what was not judged", async (t) => {
  const silent = useOf({
    clients: { one: { profile: "openjdk-17", anchors: [root, old] } },
    endpoints: { a: [[leaf, ca]], silent: [] },
  });
  t.strictSame(silent.unused, []);
  t.match(silent.untold, [
    {
      truststore: "one-trust",
      message: /1 link of its clients could not be judged \(one to silent\)/,
    },
  ]);
  const idle = useOf({
    clients: { one: { profile: "openjdk-17", anchors: [root, old] } },
    endpoints: { a: [[leaf, ca]] },
    links: [],
  });
  t.strictSame(idle, { unused: [], untold: [] }, "of a client without links nothing is known");
});

t.test("anchorUse() takes the name of an issuer for needed where a link is refused", async (t) => {
  const impostor = issue("Old Root", key, 900, { ca: true });
  const use = useOf({
    clients: { one: { profile: "openjdk-17", anchors: [root, impostor] } },
    endpoints: { a: [[leaf, ca]], b: [[strange]] },
  });
  t.strictSame(use, { unused: [], untold: [] }, "its key has changed, and it has to be replaced");
});

t.test("checkEstate() and estate check report unused anchors with their line", async (t) => {
  const loaded = await estateFolder(t, {
    "trust.pem": `${root.pem}${old.pem}`,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: trust.pem } }
clients: { one: { profile: openjdk-17, trust: roots } }
endpoints: { a: { url: "https://a.example.com" } }
links: [{ from: one, to: a }]
`,
  });
  const use = {
    unused: [
      {
        truststore: "roots",
        finding: {
          code: "truststore.anchor-unused",
          severity: "info",
          summary: "Of 2",
          remedy: [],
        } as const,
      },
    ],
    untold: [{ truststore: "roots", message: "Not told" }],
  };
  const { lines, notes } = await checkFolder(loaded, NOW, use);
  t.strictSame(lines, ["info truststore.anchor-unused truststore roots @anchorwatch.yaml:2:16"]);
  t.match(notes, [{ message: "Not told", part: { kind: "truststore" }, place: { line: 2 } }]);
  const [both, offline] = await Promise.all([
    anchorwatch(["estate", "check", "--offline", "--handshakes", "x"], { cwd: loaded.folder }),
    anchorwatch(["estate", "check", "--offline"], { cwd: loaded.folder }),
  ]);
  t.match([both.code, both.stderr], [64, /Use either --offline or --handshakes/]);
  t.match([offline.code, offline.stderr], [3, /the history .*anchorwatch\.db cannot be read/]);
});
