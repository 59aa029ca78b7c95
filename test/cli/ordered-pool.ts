import { setImmediate, setTimeout } from "node:timers/promises";
import t from "tap";
import { orderedPool } from "../../src/cli/ordered-pool.ts";

async function* numbers(count: number): AsyncGenerator<number, void, undefined> {
  for (let index = 0; index < count; index++) yield index;
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

t.test("orderedPool() yields in the order of the tasks, whichever ends first", async (t) => {
  const results = await collect(
    orderedPool(numbers(50), 7, async (task) => {
      await setTimeout((task * 7919) % 13);
      return task;
    }),
  );
  t.same(
    results,
    Array.from({ length: 50 }, (_, index) => index),
  );
});

t.test("orderedPool() runs as many tasks at once as it may, and no more", async (t) => {
  let running = 0;
  let most = 0;
  await collect(
    orderedPool(numbers(40), 4, async () => {
      most = Math.max(most, ++running);
      await setImmediate();
      running--;
    }),
  );
  t.equal(most, 4);
});

t.test("orderedPool() takes no more tasks than its window while the first is slow", async (t) => {
  let started = 0;
  const gate = Promise.withResolvers<void>();
  const pool = orderedPool(numbers(10_000), 2, async (task) => {
    started++;
    if (task === 0) await gate.promise;
    return task;
  });
  const first = pool.next();
  await setTimeout(50);
  t.equal(started, 32, "sixteen times the concurrency");
  gate.resolve();
  t.same(await first, { value: 0, done: false });
  t.equal((await collect(pool)).length, 9999);
  t.equal(started, 10_000);
});

t.test("orderedPool() yields what is done while the next task is awaited", async (t) => {
  const gate = Promise.withResolvers<void>();
  const source = (async function* () {
    yield 1;
    await gate.promise;
    yield 2;
  })();
  const pool = orderedPool(source, 4, async (task) => task);
  t.same(await pool.next(), { value: 1, done: false });
  gate.resolve();
  t.same(await pool.next(), { value: 2, done: false });
  t.same(await pool.next(), { value: undefined, done: true });
});

t.test("orderedPool() throws a task's failure in its turn", async (t) => {
  const pool = orderedPool(numbers(3), 3, async (task) => {
    if (task === 1) throw new Error("second");
    return task;
  });
  t.same(await pool.next(), { value: 0, done: false });
  await t.rejects(pool.next(), { message: "second" });
});

t.test("orderedPool() throws the source's failure after the results before it", async (t) => {
  const source = (async function* () {
    yield 1;
    yield 2;
    throw new Error("torn");
  })();
  const seen: number[] = [];
  const all = (async (): Promise<void> => {
    for await (const each of orderedPool(source, 2, async (task) => task)) seen.push(each);
  })();
  await t.rejects(all, { message: "torn" });
  t.same(seen, [1, 2]);
});

t.test("orderedPool() lets its source go when the reader leaves", async (t) => {
  let closed = false;
  const source = (async function* () {
    try {
      for (;;) yield 1;
    } finally {
      closed = true;
    }
  })();
  for await (const each of orderedPool(source, 2, async (task) => task)) if (each === 1) break;
  await setImmediate();
  t.equal(closed, true);
});
