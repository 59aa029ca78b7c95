import t from "tap";
import { linkKey, PENDING } from "../../src/daemon/link-state.ts";
import { type LinkChange, State } from "../../src/daemon/state.ts";
import { NOW } from "./fake-clock.ts";
import { sampleInventory } from "./http-fixture.ts";
import { handshake, observation } from "./samples.ts";

const PFS = { client: "pfs", endpoint: "bpm-east" } as const;
const OK = { ...PENDING, state: "ok", ok: true } as const;
const BROKEN = { ...PENDING, state: "broken", ok: false } as const;

/** Judges and puts. */
const judge = (state: State, verdict: typeof OK | typeof BROKEN, at: number): void => {
  const next = state.next(PFS, verdict, { checkedAt: at, at });
  if (next !== undefined) state.put(next);
};

void t.test("State numbers changes and tells followers in order", async (t) => {
  const state = new State(new Map());
  const told: (LinkChange | null)[] = [];
  const unfollow = state.follow((change) => told.push(change));
  state.adopt(sampleInventory());
  judge(state, OK, NOW);
  unfollow();
  judge(state, BROKEN, NOW + 1);
  t.match(told, [null, { sequence: 2, link: { state: "ok", checkedAt: NOW, since: NOW } }]);
  t.equal(told.length, 2);
  t.equal(state.sequence, 3);
});

void t.test(
  "State keeps the age of a state while it lasts, also over restarts and reloads",
  async (t) => {
    const state = new State(
      new Map([[linkKey("pfs", "bpm-east"), { state: "ok", since: NOW - 1000 }]]),
    );
    state.adopt(sampleInventory());
    t.match(state.links, [{ state: "pending", since: null }], "not before it is judged again");
    judge(state, OK, NOW);
    t.equal(state.links[0]?.since, NOW - 1000);
    judge(state, BROKEN, NOW + 1);
    t.equal(state.links[0]?.since, NOW + 1);
    judge(state, BROKEN, NOW + 2);
    t.equal(state.links[0]?.since, NOW + 1);
    state.forget(new Set(["bpm-east"]));
    t.match(state.links, [{ state: "pending", since: null, checkedAt: null }]);
    judge(state, BROKEN, NOW + 3);
    t.equal(state.links[0]?.since, NOW + 1);
  },
);

void t.test("State.adopt() keeps what stays and forgets what goes", async (t) => {
  const state = new State(new Map());
  state.adopt(sampleInventory(["pfs", "gateway"]));
  judge(state, OK, NOW);
  state.observed("bpm-east", observation(NOW, handshake()));
  state.adopt(sampleInventory(["pfs", "new"]));
  t.match(state.links, [
    { client: "pfs", state: "ok" },
    { client: "new", state: "pending" },
  ]);
  t.match(state.endpoints, [{ checkedAt: NOW, addresses: [{ address: "192.0.2.1" }] }]);
  t.ok(state.complete);
  const stranger = { client: "gateway", endpoint: "bpm-east" };
  t.equal(state.next(stranger, OK, { checkedAt: NOW, at: NOW }), undefined);
});

void t.test("State.adoptInTurns() loses nothing that is judged meanwhile", async (t) => {
  const MANY = Array.from({ length: 3000 }, (_, index) => `client-${index}`);
  const state = new State(new Map());
  state.adopt(sampleInventory(["pfs", ...MANY]));
  const judgeAs = (client: string, at: number): void => {
    const link = state.link(client, "bpm-east");
    const next = link && state.next(link, OK, { checkedAt: at, at });
    if (next !== undefined) state.put(next);
  };
  const told: (LinkChange | null)[] = [];
  state.follow((change) => told.push(change));
  const adopted = state.adoptInTurns(sampleInventory(["new", ...MANY, "last"]));
  t.ok(state.link("pfs", "bpm-east"), "what was there is there until the end");
  t.equal(state.link("new", "bpm-east"), undefined);
  judgeAs("client-1", NOW);
  judgeAs("client-2999", NOW + 1);
  state.observed("bpm-east", observation(NOW, handshake()));
  state.quiet("bpm-east", NOW + 5);
  await adopted;
  t.match(told, [{ link: { client: "client-1" } }, { link: { client: "client-2999" } }, null]);
  t.equal(told.length, 3);
  t.equal(state.links.length, 3002);
  t.equal(state.link("pfs", "bpm-east"), undefined);
  t.match(state.link("client-1", "bpm-east"), { state: "ok", checkedAt: NOW });
  t.match(state.link("client-2999", "bpm-east"), { state: "ok", checkedAt: NOW + 1 });
  t.match(state.link("last", "bpm-east"), { state: "pending" });
  t.match(state.endpoints, [{ checkedAt: NOW, quietUntil: NOW + 5 }]);

  const first = state.adoptInTurns(sampleInventory(MANY));
  state.adopt(sampleInventory(["pfs"]));
  await first;
  t.match(state.links, [{ client: "pfs" }], "the latest inventory counts");
  t.equal(state.links.length, 1);
});
