import t from "tap";
import { TurnBudget } from "../../src/daemon/turns.ts";
import { FakeClock, settle } from "./fake-clock.ts";

/** A clock on which each piece of work takes some milliseconds. */
const workingClock = (): { readonly clock: FakeClock; readonly work: (ms: number) => void } => {
  const clock = new FakeClock();
  let worked = 0;
  const monotonic = clock.monotonic;
  return {
    clock: Object.assign(clock, { monotonic: () => monotonic() + worked }),
    work: (ms) => {
      worked += ms;
    },
  };
};

void t.test(
  "TurnBudget.take() lets work wait for the next turn when this one is long",
  async (t) => {
    const { clock, work } = workingClock();
    const budget = new TurnBudget(clock);
    const done: number[] = [];
    const pieces = [0, 1, 2, 3, 4, 5, 6].map(async (piece) => {
      await budget.take();
      work(4);
      done.push(piece);
    });
    await settle();
    t.same(done, [0, 1, 2], "as many as begin within ten milliseconds");
    await clock.advance(0);
    t.same(done, [0, 1, 2, 3, 4, 5, 6], "the others in turns of their own, in their order");
    await Promise.all(pieces);
    t.equal(clock.timers, 0);
  },
);

void t.test("TurnBudget.take() never waits while there is little to do", async (t) => {
  const { clock, work } = workingClock();
  const budget = new TurnBudget(clock);
  for (let piece = 0; piece < 100; piece++) {
    let taken = false;
    void budget.take().then(() => {
      taken = true;
    });
    await settle();
    t.ok(taken);
    work(9);
    await clock.advance(20);
  }
});
