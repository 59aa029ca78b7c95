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
    state.forget("bpm-east");
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
