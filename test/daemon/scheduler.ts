import t from "tap";
import { FairSlots } from "../../src/daemon/fair-slots.ts";
import { type RunOutcome, Scheduler } from "../../src/daemon/scheduler.ts";
import { FakeClock } from "./fake-clock.ts";

const NONE: ReadonlySet<string> = new Set();

/** A scheduler whose looks take `takes` milliseconds each, with the times at which they began. */
const stage = (
  options: {
    readonly takes?: number;
    readonly random?: () => number;
    readonly outcome?: (id: string, count: number) => RunOutcome;
    readonly slots?: FairSlots;
    readonly keyOf?: (id: string) => string;
    readonly quietFor?: (id: string, now: number) => number | null;
  } = {},
) => {
  const { takes = 0, random = () => 0.5, outcome = () => "settled", keyOf = (id) => id } = options;
  const clock = new FakeClock();
  const slots = options.slots ?? new FairSlots({ total: 1000, perKey: 1000 });
  const begun: { readonly id: string; readonly at: number }[] = [];
  const counts = new Map<string, number>();
  const scheduler = new Scheduler({
    clock,
    random,
    quietFor: (id) => options.quietFor?.(id, clock.monotonic()) ?? null,
    run: async (id, started) => {
      await slots.run(keyOf(id), async () => {
        started();
        begun.push({ id, at: clock.monotonic() });
        if (takes === 0) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.after(takes, resolve);
        await promise;
      });
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return outcome(id, count);
    },
  });
  const timesOf = (id: string): readonly number[] =>
    begun.filter((look) => look.id === id).map(({ at }) => at);
  return { clock, scheduler, begun, timesOf, slots };
};

const watches = (count: number, every: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `e${index}`, every }));

void t.test("Scheduler looks at each watch on its own interval", async (t) => {
  const { clock, scheduler, timesOf } = stage();
  scheduler.replace(
    [
      { id: "slow", every: 60_000 },
      { id: "quick", every: 10_000 },
    ],
    NONE,
  );
  await clock.advance(120_000);
  t.same(timesOf("slow"), [0, 60_000, 120_000]);
  t.same(
    timesOf("quick"),
    Array.from({ length: 12 }, (_, index) => 20 + index * 10_000),
  );
  t.equal(clock.timers, 1, "one timer for all");
});

void t.test("Scheduler spreads the first round", async (t) => {
  const { clock, scheduler, begun } = stage();
  scheduler.replace(watches(100, 300_000), NONE);
  await clock.advance(0);
  t.equal(begun.length, 1);
  await clock.advance(1000);
  t.equal(begun.length, 51, "50 a second");
  await clock.advance(1000);
  t.equal(begun.length, 100);
});

void t.test(
  "Scheduler completes the first round within the interval however many watches",
  async (t) => {
    const { clock, scheduler, begun } = stage();
    scheduler.replace(watches(1000, 5000), NONE);
    await clock.advance(4999);
    t.equal(begun.length, 1000);
  },
);

void t.test("Scheduler moves looks at random by five per cent at most", async (t) => {
  let turn = 0;
  const { clock, scheduler, timesOf } = stage({ random: () => (turn++ % 11) / 11 });
  scheduler.replace([{ id: "a", every: 100_000 }], NONE);
  await clock.advance(3_000_000);
  const times = timesOf("a");
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  t.ok(
    gaps.every((gap) => gap >= 95_000 && gap <= 105_000),
    String(gaps),
  );
  t.ok(new Set(gaps).size > 5, "they differ");
});

void t.test(
  "Scheduler looks sooner at what is unsettled, three times in a row at most",
  async (t) => {
    const { clock, scheduler, timesOf } = stage({ outcome: () => "unsettled" });
    scheduler.replace([{ id: "a", every: 100_000 }], NONE);
    await clock.advance(250_000);
    t.same(timesOf("a"), [0, 10_000, 20_000, 30_000, 130_000, 230_000]);
  },
);

void t.test("Scheduler may look sooner again after the watch has settled", async (t) => {
  const { clock, scheduler, timesOf } = stage({
    outcome: (_id, count) => (count % 2 === 1 ? "unsettled" : "settled"),
  });
  scheduler.replace([{ id: "a", every: 100_000 }], NONE);
  await clock.advance(240_000);
  t.same(timesOf("a"), [0, 10_000, 110_000, 120_000, 220_000, 230_000]);
});

void t.test("Scheduler never waits longer for an unsettled watch than its interval", async (t) => {
  const { clock, scheduler, timesOf } = stage({ outcome: () => "unsettled" });
  scheduler.replace([{ id: "a", every: 1000 }], NONE);
  await clock.advance(3000);
  t.same(timesOf("a"), [0, 1000, 2000, 3000]);
});

void t.test("Scheduler starves nothing under overload and shows how late it is", async (t) => {
  const slots = new FairSlots({ total: 2, perKey: 2 });
  const { clock, scheduler, begun } = stage({ takes: 1000, slots });
  // two a second can be done, ten a second are asked for
  scheduler.replace(watches(100, 10_000), NONE);
  await clock.advance(600_000);
  const counts = new Map<string, number>();
  for (const { id } of begun) counts.set(id, (counts.get(id) ?? 0) + 1);
  t.equal(counts.size, 100);
  const sorted = [...counts.values()].toSorted((a, b) => a - b);
  t.ok(
    (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) <= 1,
    `turns are even: ${sorted[0]}..${sorted.at(-1)}`,
  );
  const { lag, due } = scheduler.statistics();
  t.ok(lag > 30 && lag < 70, `a round takes 50 s, the lag is ${lag} s`);
  t.ok(due > 50, `${due} wait`);
});

void t.test("Scheduler lets a host that hangs delay no other", async (t) => {
  const slots = new FairSlots({ total: 8, perKey: 2 });
  const clock = new FakeClock();
  const begun = new Map<string, number[]>();
  const scheduler = new Scheduler({
    clock,
    random: () => 0.5,
    run: async (id, started) => {
      const key = id.startsWith("bad") ? "bad" : id;
      await slots.run(key, async () => {
        started();
        begun.set(id, [...(begun.get(id) ?? []), clock.monotonic()]);
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.after(key === "bad" ? 10_000 : 10, resolve);
        await promise;
      });
      return "settled";
    },
  });
  scheduler.replace(
    Array.from({ length: 50 }, (_, index) => [
      { id: `bad${index}`, every: 10_000 },
      { id: `good${index}`, every: 10_000 },
    ]).flat(),
    NONE,
  );
  await clock.advance(100_000);
  for (let index = 0; index < 50; index++) {
    const times = begun.get(`good${index}`) ?? [];
    t.ok(times.length >= 9, `good${index}: ${times.length} looks`);
  }
  t.ok(scheduler.statistics().lag > 10, "the lag of the host that hangs shows");
});

void t.test(
  "Scheduler has no lag while it keeps up, and forgets a lag after two minutes",
  async (t) => {
    let takes = 5000;
    const clock = new FakeClock();
    const slots = new FairSlots({ total: 1, perKey: 1 });
    const scheduler = new Scheduler({
      clock,
      random: () => 0.5,
      run: async (_id, started) => {
        await slots.run("x", async () => {
          started();
          const { promise, resolve } = Promise.withResolvers<void>();
          clock.after(takes, resolve);
          await promise;
        });
        return "settled";
      },
    });
    scheduler.replace(watches(4, 30_000), NONE);
    await clock.advance(29_000);
    t.ok(scheduler.statistics().lag > 14, "the last of four waited 15 s");
    takes = 0;
    await clock.advance(180_000);
    t.equal(scheduler.statistics().lag, 0);
    t.equal(scheduler.statistics().due, 0);
  },
);

void t.test("Scheduler.replace() keeps turns, adds, removes and looks at once", async (t) => {
  const { clock, scheduler, timesOf } = stage();
  scheduler.replace(
    [
      { id: "a", every: 60_000 },
      { id: "b", every: 60_000 },
    ],
    NONE,
  );
  await clock.advance(30_000);
  scheduler.replace(
    [
      { id: "a", every: 60_000 },
      { id: "c", every: 60_000 },
    ],
    new Set(["a"]),
  );
  await clock.advance(40_000);
  t.same(timesOf("a"), [0, 30_000]);
  t.same(timesOf("b"), [20], "removed before its second turn");
  t.same(timesOf("c"), [30_000]);
  scheduler.replace([{ id: "c", every: 5000 }], NONE);
  await clock.advance(10_000);
  t.ok(timesOf("c").length >= 2, "a shorter interval does not wait for the longer one");
});

void t.test("Scheduler.replace() looks again when the watch changed during a look", async (t) => {
  const { clock, scheduler, timesOf } = stage({ takes: 5000 });
  scheduler.replace([{ id: "a", every: 60_000 }], NONE);
  await clock.advance(1000);
  scheduler.replace([{ id: "a", every: 60_000 }], new Set(["a"]));
  await clock.advance(10_000);
  t.same(timesOf("a"), [0, 5000]);
});

void t.test("Scheduler moves each watch by its own jitter", async (t) => {
  let turn = 0;
  const { clock, scheduler, timesOf } = stage({ random: () => (turn++ % 11) / 11 });
  scheduler.replace(
    [
      { id: "wide", every: 100_000, jitter: 0.5 },
      { id: "none", every: 100_000, jitter: 0 },
    ],
    NONE,
  );
  await clock.advance(3_000_000);
  const gapsOf = (id: string) =>
    timesOf(id)
      .slice(1)
      .map((at, index) => at - (timesOf(id)[index] ?? 0));
  t.ok(gapsOf("none").every((gap) => gap === 100_000));
  t.ok(gapsOf("wide").some((gap) => gap < 70_000) && gapsOf("wide").some((gap) => gap > 120_000));
});

void t.test("Scheduler leaves a watch in peace, and spreads those that come back", async (t) => {
  const HOUR = 3_600_000;
  let turn = 0;
  const { clock, scheduler, begun, timesOf } = stage({
    random: () => (turn++ % 97) / 97,
    quietFor: (id, now) => (id !== "loud" && now >= HOUR && now < 2 * HOUR ? 2 * HOUR - now : null),
  });
  scheduler.replace([...watches(200, 60_000), { id: "loud", every: 60_000 }], NONE);
  await clock.advance(HOUR - 1);
  const before = begun.length;
  await clock.advance(HOUR);
  t.equal(begun.slice(before).filter(({ id }) => id !== "loud").length, 0, "nothing is looked at");
  t.ok(timesOf("loud").length > 110, "others are");
  await clock.advance(5 * 60_000);
  const returned = begun
    .slice(before)
    .filter(({ id, at }) => id !== "loud" && at < 2 * HOUR + 60_000);
  t.equal(new Set(returned.map(({ id }) => id)).size, 200, "all come back within their interval");
  const first = returned.filter(({ at }) => at < 2 * HOUR + 1000).length;
  t.ok(first < 20, `${first} in the first second`);
  t.equal(scheduler.statistics().lag, 0, "quiet is not lateness");
});

void t.test("Scheduler.hurry() looks at once, and never twice at the same time", async (t) => {
  const { clock, scheduler, timesOf } = stage({ takes: 5000 });
  scheduler.replace(
    [
      { id: "a", every: 60_000 },
      { id: "b", every: 60_000 },
    ],
    NONE,
  );
  await clock.advance(30_000);
  scheduler.hurry(["a", "nobody"]);
  await clock.advance(1000);
  scheduler.hurry(["a"]);
  await clock.advance(9000);
  t.same(timesOf("a"), [0, 30_000, 35_000], "once more, for what began before");
  t.same(timesOf("b"), [20]);
});

void t.test("Scheduler.stop() begins nothing more", async (t) => {
  const { clock, scheduler, begun } = stage();
  scheduler.replace(watches(10, 1000), NONE);
  await clock.advance(50);
  scheduler.stop();
  const count = begun.length;
  await clock.advance(100_000);
  t.equal(begun.length, count);
  t.equal(clock.timers, 0);
});
