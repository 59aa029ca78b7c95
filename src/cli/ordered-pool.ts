/** How many finished results may wait for an earlier one, as a multiple of the concurrency. */
const WINDOW = 16;

/**
 * Runs tasks with bounded concurrency and yields their results in the order of the tasks. Memory is bounded: a slow
 * task holds back at most a window of finished ones.
 */
export async function* orderedPool<T, R>(
  tasks: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  run: (task: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const waiting: Promise<R>[] = [];
  const running = new Set<Promise<R>>();
  for await (const task of tasks) {
    const job = run(task);
    // a rejection is reported when its turn comes
    job.catch(() => undefined);
    running.add(job);
    void job.then(
      () => running.delete(job),
      () => running.delete(job),
    );
    waiting.push(job);
    while (running.size >= concurrency) {
      await Promise.race(running).catch(() => undefined);
      await Promise.resolve();
    }
    while (waiting.length >= concurrency * WINDOW) {
      const next = waiting.shift();
      if (next !== undefined) yield await next;
    }
    // results that are ready leave at once, so that a long list shows progress
    for (;;) {
      const [first] = waiting;
      if (first === undefined || running.has(first)) break;
      void waiting.shift();
      yield await first;
    }
  }
  for (const job of waiting) yield await job;
}
