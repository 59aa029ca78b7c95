/** Time as the daemon sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970; jumps when the system's clock is set. */
  readonly wall: () => number;
  /** Milliseconds since any moment; never goes back. */
  readonly monotonic: () => number;
  /** Calls back once, `milliseconds` from now; the returned function cancels. Does not keep the process alive. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** Timers of the runtime fire at once when they are set further ahead (2^31 - 1 ms). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The clock of the system. A timer beyond 24 days fires early; whoever sets one looks at the time again. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), LONGEST_TIMER));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
