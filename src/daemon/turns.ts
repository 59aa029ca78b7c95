import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** Items that are looked at in one go: few enough that nobody waits for them. */
const TURN = 500;

/** The items of a list in groups, between which other work gets its turn. */
export async function* inTurns<T>(items: Iterable<T>, size = TURN): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
    await nextTurn();
  }
  if (group.length > 0) yield group;
}

/** Does work to its end, step by step, between which other work gets its turn. */
export async function doInTurns(steps: Iterable<void>): Promise<void> {
  for (const _step of steps) await nextTurn();
}

/** Milliseconds of work after which what comes next waits for another turn of the event loop. */
const LONGEST_TURN = 10;

/** A turn of the event loop in which work is done. */
interface Turn {
  /** Monotonic milliseconds. */
  readonly begun: number;
  readonly over: Promise<void>;
}

/** Spreads work that becomes due at the same time over turns of the event loop, so that nobody waits for all of it. */
export class TurnBudget {
  readonly #clock: Clock;
  /** The turn in which work was done last; null when it is over. */
  #turn: Turn | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when there is time for a piece of work that begins at once and does not wait, in the order of asking. */
  take(): Promise<void> {
    // the one before has done its work by then: it was the first to be told
    this.#last = this.#last.then(() => this.#wait());
    return this.#last;
  }

  async #wait(): Promise<void> {
    for (;;) {
      this.#turn ??= this.#begin();
      const { begun, over } = this.#turn;
      if (this.#clock.monotonic() - begun < LONGEST_TURN) return;
      await over;
    }
  }

  #begin(): Turn {
    const over = new Promise<void>((resolve) => {
      this.#clock.after(0, () => {
        this.#turn = null;
        resolve();
      });
    });
    return { begun: this.#clock.monotonic(), over };
  }
}
