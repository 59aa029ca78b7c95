/** How many results may wait for an earlier one, as a multiple of the concurrency. */
const WINDOW = 16;

/** A task under way or done, in its place in the order. */
interface Slot<R> {
  readonly job: Promise<R>;
  done: boolean;
}

/**
 * Runs tasks with bounded concurrency and yields their results in the order of the tasks, each as soon as it and all
 * before it are there, also while the next task is awaited. Memory is bounded: a slow task holds back at most a
 * window of finished ones. A failure of the source is thrown after the results of all tasks that it gave.
 */
export async function* orderedPool<T, R>(
  tasks: AsyncIterable<T>,
  concurrency: number,
  run: (task: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const source = tasks[Symbol.asyncIterator]();
  const slots: Slot<R>[] = [];
  let running = 0;
  let pulling = false;
  let end: { readonly failure?: unknown } | null = null;
  let changed = Promise.withResolvers<void>();

  const start = (task: T): void => {
    const slot: Slot<R> = { job: run(task), done: false };
    running++;
    const finish = (): void => {
      running--;
      slot.done = true;
      changed.resolve();
    };
    // a rejection is thrown when its turn comes
    slot.job.then(finish, finish);
    slots.push(slot);
  };
  const pull = (): void => {
    pulling = true;
    source.next().then(
      (next) => {
        pulling = false;
        if (next.done === true) end = {};
        else start(next.value);
        changed.resolve();
      },
      (failure: unknown) => {
        pulling = false;
        end = { failure };
        changed.resolve();
      },
    );
  };

  try {
    for (;;) {
      for (let head = slots[0]; head?.done === true; head = slots[0]) {
        slots.shift();
        yield await head.job;
      }
      const ended = end as { readonly failure?: unknown } | null;
      if (ended !== null && slots.length === 0) {
        if ("failure" in ended) throw ended.failure;
        return;
      }
      if (
        ended === null &&
        !pulling &&
        running < concurrency &&
        slots.length < concurrency * WINDOW
      )
        pull();
      await changed.promise;
      changed = Promise.withResolvers();
    }
  } finally {
    // not awaited: a source that waits for input would hold back the end
    if (end === null) source.return?.().catch(() => undefined);
  }
}
