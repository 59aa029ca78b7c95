const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Signals after which the program ends at once, whatever it is doing. */
const IMPATIENCE = 5;

/**
 * Resolves when the program is told to stop. The handlers stay: npm and a terminal send the same signal twice, to the
 * program and to its group, and the second one must not cut the clean-up short.
 */
export function stopSignal(): Promise<void> {
  let count = 0;
  return new Promise((resolve) => {
    for (const signal of SIGNALS)
      process.on(signal, () => {
        resolve();
        if (++count >= IMPATIENCE) process.exit(130);
      });
  });
}
