import t from "tap";
import { FairSlots } from "../../src/daemon/fair-slots.ts";
import { FakeClock, settle } from "./fake-clock.ts";

/** Tasks that end when they are told to. */
const workshop = (slots: FairSlots) => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    submit: (key: string, name: string): Promise<string | null> =>
      slots.run(key, async () => {
        begun.push(name);
        const { promise, resolve } = Promise.withResolvers<void>();
        ends.set(name, resolve);
        await promise;
        return name;
      }),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.();
      await settle();
    },
  };
};

void t.test("FairSlots never exceeds the limits", async (t) => {
  const slots = new FairSlots({ total: 3, perKey: 2 });
  const running = new Map<string, number>();
  let all = 0;
  let most = 0;
  const tasks = Array.from({ length: 200 }, (_, index) => {
    const key = `host${index % 5}`;
    return slots.run(key, async () => {
      all++;
      running.set(key, (running.get(key) ?? 0) + 1);
      most = Math.max(most, all);
      if (all > 3 || (running.get(key) ?? 0) > 2) t.fail(`limit exceeded for ${key}`);
      for (let turn = 0; turn < index % 7; turn++) await Promise.resolve();
      all--;
      running.set(key, (running.get(key) ?? 0) - 1);
      return index;
    });
  });
  t.same(
    await Promise.all(tasks),
    Array.from({ length: 200 }, (_, index) => index),
  );
  t.equal(most, 3, "the slots are used");
  t.equal(slots.inFlight, 0);
});

void t.test("FairSlots lets keys take turns and keeps the order within one", async (t) => {
  const slots = new FairSlots({ total: 1, perKey: 1 });
  const { begun, submit, end } = workshop(slots);
  for (const name of ["a1", "a2", "a3"]) void submit("a", name);
  for (const name of ["b1", "b2"]) void submit("b", name);
  void submit("c", "c1");
  await settle();
  for (const name of ["a1", "b1", "c1", "a2", "b2", "a3"]) await end(name);
  t.same(begun, ["a1", "b1", "c1", "a2", "b2", "a3"]);
});

void t.test("FairSlots keeps a host that hangs from holding up the others", async (t) => {
  const slots = new FairSlots({ total: 4, perKey: 2 });
  const { begun, submit, end } = workshop(slots);
  for (let index = 0; index < 10; index++) void submit("hanging", `h${index}`);
  for (let index = 0; index < 3; index++) void submit("quick", `q${index}`);
  await settle();
  t.same(begun, ["h0", "h1", "q0", "q1"]);
  await end("q0");
  t.equal(begun.at(-1), "q2", "the free slot goes to the host that has room");
});

void t.test("FairSlots frees the slot of a task that fails", async (t) => {
  const slots = new FairSlots({ total: 1, perKey: 1 });
  await t.rejects(
    slots.run("a", async () => {
      throw new Error("broken");
    }),
    { message: "broken" },
  );
  t.equal(await slots.run("a", async () => "next"), "next");
});

void t.test("FairSlots.setLimits() takes effect at once", async (t) => {
  const slots = new FairSlots({ total: 1, perKey: 1 });
  const { begun, submit, end } = workshop(slots);
  for (const name of ["a1", "a2", "a3", "a4"]) void submit("a", name);
  await settle();
  slots.setLimits({ total: 3, perKey: 3 });
  await settle();
  t.same(begun, ["a1", "a2", "a3"]);
  slots.setLimits({ total: 1, perKey: 1 });
  await end("a1");
  t.equal(begun.length, 3, "two still run");
});

void t.test("FairSlots.close() answers what waits with null", async (t) => {
  const slots = new FairSlots({ total: 1, perKey: 1 });
  const { submit, end } = workshop(slots);
  const running = submit("a", "a1");
  const waiting = submit("a", "a2");
  await settle();
  slots.close();
  t.equal(await waiting, null);
  await end("a1");
  t.equal(await running, "a1");
  t.equal(await submit("b", "b1"), null);
});

void t.test("FairSlots lets tasks of a paced key begin no sooner than its pace", async (t) => {
  const clock = new FakeClock();
  const slots = new FairSlots({ total: 10, perKey: 10 }, clock);
  const begun: [string, number][] = [];
  const submit = (key: string, name: string, pace: number): void => {
    void slots.run(key, async () => void begun.push([name, clock.monotonic()]), pace);
  };
  for (const name of ["a1", "a2", "a3"]) submit("a", name, 2000);
  for (const name of ["b1", "b2"]) submit("b", name, 0);
  await clock.advance(10_000);
  t.same(begun, [
    ["a1", 0],
    ["b1", 0],
    ["b2", 0],
    ["a2", 2000],
    ["a3", 4000],
  ]);
  t.equal(slots.inFlight, 0);
  t.equal(clock.timers, 0, "nothing is kept of keys that are done");
});

void t.test("FairSlots.pause() paces the steps within a task", async (t) => {
  const clock = new FakeClock();
  const slots = new FairSlots({ total: 10, perKey: 10 }, clock);
  const steps: number[] = [];
  const task = async (): Promise<void> => {
    steps.push(clock.monotonic());
    for (let step = 0; step < 2; step++) {
      await slots.pause("a", 1000);
      steps.push(clock.monotonic());
    }
  };
  void slots.run("a", task, 1000);
  void slots.run("a", task, 1000);
  await clock.advance(20_000);
  t.equal(steps.length, 6);
  const gaps = steps.slice(1).map((at, index) => at - (steps[index] ?? 0));
  t.ok(
    gaps.every((gap) => gap >= 1000),
    String(gaps),
  );
});

void t.test("FairSlots.close() ends whoever waits for his time", async (t) => {
  const clock = new FakeClock();
  const slots = new FairSlots({ total: 10, perKey: 10 }, clock);
  const ends: (boolean | null)[] = [];
  const paused = slots.run(
    "a",
    async () => {
      await slots.pause("a", 60_000);
      return true;
    },
    60_000,
  );
  const waiting = slots.run("a", async () => true, 60_000);
  await settle();
  slots.close();
  ends.push(await paused, await waiting);
  t.same(ends, [true, null]);
  t.equal(clock.timers, 0);
});
