import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { parse } from "yaml";
import { entriesAt } from "../../src/daemon/changes/read-certificates.ts";
import { loadPlan } from "../../src/daemon/changes/load-plan.ts";
import { lookAround } from "../../src/daemon/changes/look-around.ts";
import { planFile } from "../../src/daemon/rotation/plan-file.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { formatProblem } from "../../src/estate/estate.ts";
import { parsePlan } from "../../src/estate/plans/read-plan.ts";
import { exitCodeOfPlan, type WhatIf, whatIf } from "../../src/links/changes/what-if.ts";
import { proposeRotation } from "../../src/links/rotation/propose.ts";
import type { NewService, Rotation, Source } from "../../src/links/rotation/rotation.ts";
import { inventoryOf, LOOK, NO_PLAN, really } from "./carried-out.ts";
import { HOSTS, makePki, type Pki } from "./pki.ts";
import { endpointOf, operations, type Scene, writeMaterial, writeScene } from "./scene.ts";
import { type SceneServers, startServers } from "./servers.ts";

/** Every server sends a certificate below the old root, and the clients trust in ways of their own. */
function oldScene(pki: Pki): Scene {
  const chainOf = (host: string, name: string) => {
    const chain = pki.chains.get(host)?.find((each) => each.name === name);
    if (chain === undefined) throw new Error(`No chain ${name}`);
    return chain;
  };
  const client = {
    peerCheck: "chain",
    nameCheck: "https",
    security: null,
    identity: null,
  } as const;
  return {
    stores: {
      java: { format: "jks", anchors: ["old"] },
      both: { format: "pem", anchors: ["old", "fresh"] },
      pin: { format: "jks", anchors: ["pinned"] },
    },
    clients: {
      c1: { ...client, profile: "openjdk-17", trust: ["java"] },
      c2: { ...client, profile: "openssl-3", trust: ["both"] },
      c3: { ...client, profile: "openjdk-21", trust: ["pin", "java"] },
    },
    endpoints: Object.fromEntries(
      HOSTS.map((host) => [
        endpointOf(host),
        {
          host,
          serverName: null,
          chain: chainOf(host, "issuing"),
          other: chainOf(host, "fresh"),
          place: "first",
          clientAuth: "none",
          maxVersion: "TLSv1.3",
        },
      ]),
    ),
  };
}

interface Stage {
  readonly path: string;
  readonly scene: Scene;
  readonly servers: SceneServers;
  readonly pki: Pki;
}

async function stage(t: Test, pki: Pki): Promise<Stage> {
  const path = t.testdir();
  writeMaterial(path, pki);
  const scene = oldScene(pki);
  return { path, scene, pki, servers: await startServers(t, scene, pki) };
}

async function source(path: string, file: string): Promise<Source> {
  const text = join(path, file);
  const entries = await entriesAt(text);
  if (!entries.ok) throw new Error(entries.error);
  return { text, entries: entries.value };
}

async function propose(
  { path, scene, servers, pki }: Stage,
  wish: {
    readonly ca: string | null;
    readonly to: string | null;
    readonly hosts: readonly string[];
  },
): Promise<{ readonly rotation: Rotation; readonly text: string; readonly judged: WhatIf }> {
  const inventory = await inventoryOf(writeScene(scene, { path, ports: servers.ports }, pki));
  const { observations } = await lookAround(inventory, NO_PLAN, LOOK);
  const services = await Promise.all(
    wish.hosts.map(async (host): Promise<NewService> => ({
      endpoint: endpointOf(host),
      chain: await source(path, `${host}-fresh.pem`),
      key: null,
    })),
  );
  const now = Date.now();
  const retired = wish.ca === null ? [] : (await source(path, wish.ca)).entries;
  const rotation = proposeRotation(
    {
      retired: new Set(retired.map(({ sha256 }) => sha256)),
      successor: wish.to === null ? null : await source(path, wish.to),
      services,
    },
    { ...inventory, observations, now },
  );
  const text = planFile(rotation, (file) => file.slice(path.length + 1));
  const plan = parsePlan(join(path, "plan.yaml"), text, inventory.estate);
  if (!plan.ok) throw new Error(plan.error.map(formatProblem).join("\n"));
  const loaded = await loadPlan(plan.value, { inventory, readers: systemReaders, now });
  if (!loaded.ok) throw new Error(loaded.error.map(formatProblem).join("\n"));
  const judged = whatIf({ ...inventory, observations, plan: loaded.value, now });
  return { rotation, text, judged };
}

void t.test("proposeRotation() replaces a CA in a way that whatif proves safe", async (t) => {
  const pki = await makePki();
  const here = await stage(t, pki);
  const { rotation, text, judged } = await propose(here, {
    ca: "anchor-old.pem",
    to: "anchor-fresh.pem",
    hosts: HOSTS,
  });
  t.equal(exitCodeOfPlan(judged), exitCodeOfPlan(rotation.result));
  t.ok(exitCodeOfPlan(judged) < 2, text);
  t.same(judged.order, { kind: "safe", order: rotation.changes.map((_, step) => step) });
  t.same(
    judged.steps.map(({ title }) => title),
    [
      "Add anchor-fresh.pem to the truststore java",
      "Let one send one.example.com-fresh.pem",
      "Let two send two.example.com-fresh.pem",
      "Let three send three.example.com-fresh.pem",
      "Remove old from the truststore java",
      "Remove Old Root from the truststore both",
      "Remove pinned from the truststore pin",
    ],
  );
  t.match(text, /java holds what goes as old; clients that trust by this store: c1, c3/);
  t.match(text, "Safe in the order in which the changes are written");

  // the plan is carried out, step by step
  let state = here.scene;
  for (const step of [
    operations.add("java", "fresh"),
    ...HOSTS.map((host) => {
      const chain = pki.chains.get(host)?.find(({ name }) => name === "fresh");
      if (chain === undefined) throw new Error("No chain");
      return operations.serve(endpointOf(host), chain);
    }),
    operations.remove("java", "old"),
    operations.remove("both", "old"),
  ]) {
    state = step.apply(state);
    here.servers.serve(state);
    const folder = { path: here.path, ports: here.servers.ports };
    const verdicts = await really(writeScene(state, folder, pki), Date.now());
    t.same(
      [...verdicts].filter(([, { ok }]) => ok !== true).map(([link]) => link),
      [],
      step.about,
    );
  }
});

void t.test("proposeRotation() keeps a CA where links need it, and says which", async (t) => {
  const here = await stage(t, await makePki());
  const { rotation, text, judged } = await propose(here, {
    ca: "anchor-old.pem",
    to: "anchor-fresh.pem",
    hosts: HOSTS.slice(0, 1),
  });
  t.ok(exitCodeOfPlan(judged) < 2, text);
  t.same(rotation.waiting, ["two", "three"]);
  t.same(
    rotation.kept.map(({ truststore }) => truststore),
    ["java", "both"],
  );
  t.match(text, /What goes stays in java for the time being, because links need it: c1 to two/);
  t.match(
    text,
    /Endpoints that are trusted by what goes and get no new certificate here: two, three/,
  );
  t.notMatch(
    (parse(text) as { readonly changes: readonly object[] }).changes.filter(
      (change) => "remove" in change,
    ),
    [{ truststore: "java" }],
  );
});

void t.test("proposeRotation() finds the CA of a new chain in another store", async (t) => {
  const here = await stage(t, await makePki());
  const { rotation, text, judged } = await propose(here, {
    ca: null,
    to: null,
    hosts: HOSTS.slice(0, 1),
  });
  t.ok(exitCodeOfPlan(judged) < 2, text);
  t.same(
    rotation.changes.map((change) => [change.kind, "truststore" in change && change.truststore]),
    [
      ["add", "java"],
      ["serve", false],
      ["remove", "pin"],
    ],
  );
  t.match(text, /# Subject: CN=New Root/);
  t.match(text, /Compare with its owner: SHA-256\s+(#\s+)?([0-9A-F]{2}:){31}[0-9A-F]{2}/);
});

void t.test("proposeRotation() does not recommend a server's own certificate", async (t) => {
  const pki = await makePki();
  const here = await stage(t, pki);
  const scene = {
    ...here.scene,
    stores: { ...here.scene.stores, both: { format: "pem", anchors: ["old"] } as const },
  };
  const { rotation, text, judged } = await propose(
    { ...here, scene },
    { ca: null, to: null, hosts: HOSTS.slice(0, 1) },
  );
  t.equal(exitCodeOfPlan(judged), 2);
  t.notOk(rotation.changes.some(({ kind }) => kind === "add"));
  t.match(text, /NOT SAFE: working links would break/);
  t.match(text, /name it with --to FILE/);
  writeFileSync(join(here.path, "plan.yaml"), text);
});
