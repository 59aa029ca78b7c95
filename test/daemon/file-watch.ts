import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { FileWatch, signatureOf } from "../../src/daemon/file-watch.ts";
import { FakeClock } from "./fake-clock.ts";

const stage = async (t: Test) => {
  const folder = t.testdir({ a: "1", b: "1" });
  const files = ["a", "b", "missing"].map((name) => join(folder, name));
  const clock = new FakeClock();
  let changes = 0;
  const watch = new FileWatch({
    clock,
    interval: 1000,
    changed: async () => {
      changes++;
    },
  });
  watch.accept(files, await signatureOf(files));
  t.teardown(() => watch.close());
  /** Lets the watch look once; its look at the real files takes real time. */
  const look = async (): Promise<void> => {
    await clock.advance(1000);
    while (clock.timers === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  return { folder, files, watch, look, clock, count: () => changes };
};

void t.test("FileWatch tells a change once the files have come to rest", async (t) => {
  const { folder, look, count } = await stage(t);
  await look();
  await look();
  t.equal(count(), 0, "nothing has changed");
  writeFileSync(join(folder, "a"), "12");
  await look();
  t.equal(count(), 0, "it may still be written");
  writeFileSync(join(folder, "a"), "123");
  await look();
  t.equal(count(), 0, "it was");
  await look();
  t.equal(count(), 1);
  await look();
  await look();
  t.equal(count(), 1, "once");
});

void t.test(
  "FileWatch sees files that are replaced, removed, linked and of the same size",
  async (t) => {
    const { folder, look, count } = await stage(t);
    const changes = [
      () => {
        writeFileSync(join(folder, "new"), "2");
        renameSync(join(folder, "new"), join(folder, "a"));
      },
      () => rmSync(join(folder, "b")),
      () => symlinkSync(join(folder, "a"), join(folder, "b")),
      () => writeFileSync(join(folder, "missing"), "here"),
      () => utimesSync(join(folder, "missing"), new Date(0), new Date(0)),
    ];
    for (const [index, change] of changes.entries()) {
      change();
      await look();
      await look();
      t.equal(count(), index + 1, `change ${index}`);
    }
  },
);

void t.test("FileWatch.accept() takes files as they were before they were read", async (t) => {
  const { folder, files, watch, look, count } = await stage(t);
  const before = await signatureOf(files);
  writeFileSync(join(folder, "a"), "changed while it was read");
  watch.accept(files, before);
  await look();
  await look();
  t.equal(count(), 1);
});

void t.test("FileWatch.close() ends the watch", async (t) => {
  const { watch, clock } = await stage(t);
  watch.close();
  t.equal(clock.timers, 0);
});
