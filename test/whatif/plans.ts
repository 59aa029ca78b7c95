import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { judgePlan } from "../../src/daemon/changes/judge-plan.ts";
import { loadPlan } from "../../src/daemon/changes/load-plan.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { formatProblem } from "../../src/estate/estate.ts";
import { parsePlan } from "../../src/estate/plans/read-plan.ts";

import { presentCertificate, smallPki } from "../daemon/fixture.ts";
import { handshake, observation } from "../daemon/samples.ts";
import { inventoryOf } from "./carried-out.ts";

const ESTATE = `version: 1
truststores:
  corp: { path: root.pem }
clients:
  pfs: { profile: openssl-3, trust: [corp] }
endpoints:
  bpm: { url: "https://localhost" }
links:
  - { from: pfs, to: bpm }
`;

const { root, leaf } = smallPki();
const other = presentCertificate({ name: "Other Root", ca: true });

const folderWith = (t: Test, files: Readonly<Record<string, string>> = {}): string => {
  const path = t.testdir();
  const all = {
    "anchorwatch.yaml": ESTATE,
    "root.pem": root.pem,
    "other.pem": other.pem,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(path, name), text);
  return path;
};

/** Every mistake of a plan, as it is printed, without the folder. */
const mistakesOf = async (path: string, text: string): Promise<readonly string[]> => {
  const inventory = await inventoryOf(join(path, "anchorwatch.yaml"));
  const plan = parsePlan(join(path, "plan.yaml"), text, inventory.estate);
  const context = { inventory, readers: systemReaders, now: Date.now() };
  const loaded = plan.ok ? await loadPlan(plan.value, context) : plan;
  return loaded.ok
    ? []
    : loaded.error.map((each) => formatProblem(each).replaceAll(`${path}/`, ""));
};

void t.test("readPlan() tells every mistake with its line and column", async (t) => {
  const path = folderWith(t);
  const text = `changes:
  - { truststore: crop, add: other.pem }
  - { client: pfs, serves: chain.pem }
  - { endpoint: bpm, key: chain.key }
  - { endpoint: bpm, url: "gopher://localhost" }
  - { truststore: corp, replace: a.pem, add: other.pem }
  - { client: pfs, profile: openjdk-18 }
  - { add: other.pem }
  - { endpoint: bpm, client: pfs, nameCheck: none }
  - { truststore: corp, flags: [trustAnchor] }
at: tomorrow
`;
  t.same(await mistakesOf(path, text), [
    'plan.yaml:2:19 changes[0].truststore: The estate has no truststore "crop" (Did you mean corp?)',
    'plan.yaml:3:20 changes[1].serves: Key "serves" belongs to a change of an endpoint, and this one is about a client (Keys of a client: profile, java-security, peerCheck, nameCheck, trust, identity)',
    "plan.yaml:4:7 changes[2].endpoint: This change changes nothing (Say what changes: serves, url, connect, serverName)",
    'plan.yaml:4:22 changes[2].key: Key "key" has no effect without serves',
    ...(await mistakesOf(path, text)).slice(4),
  ]);
  const found = (await mistakesOf(path, text)).join("\n");
  for (const place of ["5:27", "6:25", "7:29", "8:5", "9:22", "10:25", "11:5"])
    t.match(found, new RegExp(`plan.yaml:${place} `), place);
});

void t.test("readPlan() names the file that is not YAML, and the place", async (t) => {
  const path = folderWith(t);
  t.match(await mistakesOf(path, "changes: [\n"), [/^plan.yaml:2:1: Not YAML/]);
  t.match(await mistakesOf(path, "changes: []\n"), [/^plan.yaml:1:10 changes: Expected at least/]);
});

void t.test("loadPlan() tells what cannot be read with the place of its name", async (t) => {
  const path = folderWith(t, { "empty.pem": "nothing", "plain.key": "no key" });
  const text = `changes:
  - { truststore: corp, add: [other.pem, missing.pem], remove: [nobody] }
  - { truststore: corp, remove: [nobody] }
  - { endpoint: bpm, serves: empty.pem }
  - { endpoint: bpm, serves: other.pem, key: plain.key }
  - { client: pfs, java-security: missing.security }
  - { client: pfs, identity: { cert: other.pem, key: plain.key } }
  - { truststore: corp, replace: missing.p12 }
`;
  const found = await mistakesOf(path, text);
  const places = found.map((each) => each.replace(/^plan.yaml:(\d+:\d+ [^:]+):.*/, "$1"));
  t.same(places, [
    "2:42 changes[0].add[1]",
    "3:34 changes[1].remove[0]",
    "4:30 changes[2].serves[0]",
    "5:46 changes[3].key",
    "6:35 changes[4].java-security",
    "7:30 changes[5].identity",
    "8:34 changes[6].replace",
  ]);
  t.match(found[0], /missing.pem does not exist$/);
});

const pemLines = (pem: string): string => pem.trim().replaceAll("\n", "\n      ");

void t.test("judgePlan() judges a plan that holds its certificates", async (t) => {
  const path = folderWith(t);
  const inventory = await inventoryOf(join(path, "anchorwatch.yaml"));
  const now = Date.now();
  const seen = handshake({
    endpoint: { scheme: "https", host: "localhost", port: 443 },
    serverName: "localhost",
    certificates: [leaf.der],
  });
  const judged = await judgePlan({
    name: "plan",
    text: `changes:
  - truststore: corp
    add: |
      ${pemLines(other.pem)}
    remove: |
      ${pemLines(root.pem)}
`,
    inventory,
    observations: new Map([["bpm", observation(now, seen)]]),
    now,
  });
  if (!judged.ok) throw new Error(judged.error.map(formatProblem).join("\n"));
  t.match(judged.value, {
    steps: [
      { title: "Add Other Root to the truststore corp" },
      { title: "Remove Test Root from the truststore corp" },
    ],
    links: [{ fate: "breaks", before: { ok: true }, after: { ok: false } }],
  });
});

void t.test("judgePlan() refuses a plan that reaches for this machine's files", async (t) => {
  const path = folderWith(t);
  const inventory = await inventoryOf(join(path, "anchorwatch.yaml"));
  const refusals = async (change: string): Promise<readonly string[]> => {
    const judged = await judgePlan({
      name: "plan",
      text: `changes:\n  - ${change}\n`,
      inventory,
      observations: new Map(),
      now: Date.now(),
    });
    return judged.ok ? [] : judged.error.map(({ message }) => message);
  };
  const refused = [/^A plan that was sent here may not name files/];
  for (const change of [
    "{ truststore: corp, add: other.pem }",
    "{ truststore: corp, add: 'inline:x/../../../etc/passwd' }",
    "{ truststore: corp, replace: 'java-home:/opt/java' }",
    "{ truststore: corp, replace: 'node:system' }",
    "{ endpoint: bpm, serves: [chain.pem] }",
    "{ client: pfs, java-security: /etc/passwd }",
    "{ client: pfs, identity: { cert: a.pem, key: a.key } }",
  ])
    t.match(await refusals(change), refused, change);
  t.match(
    await refusals("{ truststore: corp, remove: other.pem }"),
    [/No entry is called 'other.pem'/],
    "a name that might be a file is an alias",
  );
  t.same(await refusals("{ client: pfs, nameCheck: none }"), []);
});
