import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { stringify } from "yaml";
import { loadPlan } from "../../src/daemon/changes/load-plan.ts";
import { lookAround } from "../../src/daemon/changes/look-around.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { formatProblem } from "../../src/estate/estate.ts";
import { parsePlan } from "../../src/estate/plans/read-plan.ts";
import { type WhatIf, whatIf } from "../../src/links/changes/what-if.ts";
import type { LinkVerdict } from "../../src/links/link-verdict.ts";
import { type BesideEstate, inventoryOf, linkKey, LOOK, really } from "./carried-out.ts";
import { makePki, type Pki } from "./pki.ts";
import { Random } from "./random.ts";
import { randomPlan, randomScene } from "./random-scene.ts";
import { type Operation, type Scene, writeMaterial, writeScene } from "./scene.ts";
import { type SceneServers, startServers } from "./servers.ts";

/** Estates that are tried; each has a seed of its own. */
const TRIALS = 30;

/** An estate that stands, with a plan for it. */
interface Trial {
  readonly seed: number;
  readonly scene: Scene;
  readonly plan: readonly Operation[];
  readonly servers: SceneServers;
  readonly path: string;
  readonly pki: Pki;
  readonly at: number;
}

async function startTrial(t: Test, seed: number, pki: Pki): Promise<Trial> {
  const random = new Random(seed);
  const path = t.testdir();
  writeMaterial(path, pki);
  const scene = randomScene(random, pki);
  const plan = randomPlan(random, scene, { pki, path });
  const servers = await startServers(t, scene, pki);
  return { seed, scene, plan, servers, path, pki, at: Date.now() };
}

/** What the tool says about the plan before anything is done. */
async function predicted({ scene, plan, servers, path, pki, at }: Trial): Promise<WhatIf> {
  const folder = { path, ports: servers.ports };
  const inventory = await inventoryOf(writeScene(scene, folder, pki));
  const file = join(path, "plan.yaml");
  const text = stringify({ changes: plan.map(({ change }) => change(folder)) });
  writeFileSync(file, text);
  const read = parsePlan(file, text, inventory.estate);
  if (!read.ok) throw new Error(read.error.map(formatProblem).join("\n"));
  const loaded = await loadPlan(read.value, { inventory, readers: systemReaders, now: at });
  if (!loaded.ok) throw new Error(loaded.error.map(formatProblem).join("\n"));
  const seen = await lookAround(inventory, loaded.value, LOOK);
  return whatIf({ ...inventory, observations: seen.observations, plan: seen.plan, now: at });
}

type Reality = (done: ReadonlySet<number>) => Promise<ReadonlyMap<string, LinkVerdict>>;

/** Carries out some steps of the plan, in the order of the plan, and looks. */
function realityOf({ scene, plan, servers, path, pki, at }: Trial): Reality {
  const known = new Map<string, ReadonlyMap<string, LinkVerdict>>();
  return async (done) => {
    const key = plan.map((_, step) => (done.has(step) ? "1" : "0")).join("");
    const before = known.get(key);
    if (before !== undefined) return before;
    const state = plan.reduce((now, each, step) => (done.has(step) ? each.apply(now) : now), scene);
    servers.serve(state);
    const file = writeScene(state, { path, ports: servers.ports }, pki);
    const found = await really(file, at, besideEstate(state, pki));
    known.set(key, found);
    return found;
  };
}

/** What a scene says of clients that its estate file cannot say. */
function besideEstate({ clients, stores }: Scene, pki: Pki): BesideEstate {
  const sha256Of = (anchor: string): string =>
    hash("sha256", pki.anchors.get(anchor)?.der ?? new Uint8Array(), "hex");
  const entries = Object.entries(clients);
  return {
    security: new Map(
      entries.flatMap(([name, { security }]) => (security === null ? [] : [[name, security]])),
    ),
    hostnames: new Map(
      entries.map(([name, { trust }]) => [
        name,
        new Map(
          trust.flatMap((store) =>
            Object.entries(stores[store]?.hostnames ?? {}).map(
              ([anchor, isChecked]): [string, boolean] => [sha256Of(anchor), isChecked],
            ),
          ),
        ),
      ]),
    ),
  };
}

const ascending = (a: number, b: number): number => a - b;

const worksIn = (verdicts: ReadonlyMap<string, LinkVerdict>, link: string): boolean =>
  verdicts.get(link)?.ok === true;

/** Whether every order of the steps passes through a state in which a link of the plan is broken; by trying them all. */
async function hasNoOrder(
  size: number,
  links: readonly string[],
  reality: Reality,
): Promise<boolean> {
  let reached: readonly ReadonlySet<number>[] = [new Set()];
  for (let taken = 0; taken < size; taken++) {
    const next = new Map<string, ReadonlySet<number>>();
    for (const done of reached)
      for (let step = 0; step < size; step++) {
        if (done.has(step)) continue;
        const state = new Set([...done, step]);
        const verdicts = await reality(state);
        if (links.every((link) => worksIn(verdicts, link)))
          next.set([...state].toSorted(ascending).join(), state);
      }
    reached = [...next.values()];
  }
  return reached.length === 0;
}

const told = ({ findings }: LinkVerdict): string | undefined => findings[0]?.code;

void t.test("whatIf() says what carrying a plan out really brings", async (t) => {
  const pki = await makePki();
  const seen = { broken: 0, repaired: 0, none: 0, steps: 0, states: 0 };
  const kinds = new Set<string>();
  for (let seed = 1; seed <= TRIALS; seed++)
    await t.test(`estate ${seed}`, async (t) => {
      const trial = await startTrial(t, seed, pki);
      const said = await predicted(trial);
      const reality = realityOf(trial);
      const all = new Set(trial.plan.keys());
      const [before, after] = [await reality(new Set()), await reality(all)];
      const about = trial.plan.map((each) => each.about).join("; ");
      const folder = { path: trial.path, ports: trial.servers.ports };
      for (const { change } of trial.plan)
        for (const key of Object.keys(change(folder))) kinds.add(key);
      t.equal(said.steps.length, trial.plan.length, about);
      for (const link of said.links) {
        const key = linkKey(link);
        const [was, is] = [before.get(key), after.get(key)];
        if (was === undefined || is === undefined) throw new Error(`${key} is not judged`);
        const context = `${key}: ${about}`;
        t.equal(link.before?.ok, was.ok, `before, ${context}`);
        t.equal(link.after?.ok, is.ok, `after, ${context}`);
        t.equal(link.after?.trusted, is.trusted, `trusted, ${context}`);
        t.equal(link.after?.nameMatch, is.nameMatch, `name, ${context}`);
        t.equal(link.after?.breaksAt, is.breaksAt, `until, ${context}`);
        if (link.after !== null) t.equal(told(link.after), told(is), `headline, ${context}`);
        if (link.fate === "breaks") seen.broken++;
        if (link.fate === "repaired") seen.repaired++;
      }
      const kept = [...before.keys()].filter(
        (link) => worksIn(before, link) && worksIn(after, link),
      );
      seen.steps += trial.plan.length;
      if (said.order.kind === "safe") {
        t.same(said.order.order.toSorted(ascending), [...all], "every step once");
        const done = new Set<number>();
        for (const step of said.order.order) {
          done.add(step);
          const verdicts = await reality(new Set(done));
          seen.states++;
          t.same(
            kept.filter((link) => !worksIn(verdicts, link)),
            [],
            `after ${[...done].join()} of ${about}`,
          );
        }
      } else {
        seen.none++;
        t.equal(said.order.kind, "none", about);
        t.ok(await hasNoOrder(trial.plan.length, kept, reality), `no order at all: ${about}`);
      }
    });
  t.comment(JSON.stringify(seen));
  t.strictSame(
    ["serves", "connect", "url", "serverName", "add", "remove", "replace", "flags"].filter(
      (key) => !kinds.has(key),
    ),
    [],
    "every kind of change of endpoints and stores was tried",
  );
  t.strictSame(
    ["profile", "java-security", "peerCheck", "nameCheck", "trust", "identity"].filter(
      (key) => !kinds.has(key),
    ),
    [],
    "every kind of change of clients was tried",
  );
  t.ok(seen.broken > 5 && seen.repaired > 5 && seen.none > 0, JSON.stringify(seen));
});
