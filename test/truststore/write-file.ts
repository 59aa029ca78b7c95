import { spawn } from "node:child_process";
import * as nodeFiles from "node:fs/promises";
import {
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { createFile, type FileCalls, replaceFile } from "../../src/truststore/write-file.ts";

const NOW = Date.parse("2026-11-21T08:24:00Z");
const OLD = Buffer.from("the old content");
const NEW = Buffer.from("the new content, which is longer");

/** A folder with one file in it. */
function folder(t: Test): { readonly directory: string; readonly path: string } {
  const directory = t.testdir({ "trust.p12": OLD.toString() });
  return { directory, path: join(directory, "trust.p12") };
}

const failing = (code: string): (() => Promise<never>) => {
  return () => Promise.reject(Object.assign(new Error(`${code}: made by the test`), { code }));
};

t.test("replaceFile() puts new content in place, keeps mode and names the old file", async (t) => {
  const { directory, path } = folder(t);
  chmodSync(path, 0o640);
  const replaced = await replaceFile(path, NEW, { expected: OLD, now: NOW });
  t.same(replaced, {
    ok: true,
    value: { path, backup: `${path}.20261121T082400Z.bak` },
  });
  t.same(readFileSync(path), NEW);
  t.equal(statSync(path).mode & 0o7777, 0o640);
  t.same(readFileSync(`${path}.20261121T082400Z.bak`), OLD);
  t.same(readdirSync(directory).toSorted(), ["trust.p12", "trust.p12.20261121T082400Z.bak"]);
  const again = await replaceFile(path, OLD, { expected: NEW, now: NOW });
  t.match(again, { ok: true, value: { backup: `${path}.20261121T082400Z-2.bak` } });
});

t.test("replaceFile() keeps owner and group where it may set them", async (t) => {
  if (process.getuid?.() !== 0) {
    t.plan(0, "only root can give files away");
    return;
  }
  const { path } = folder(t);
  await nodeFiles.chown(path, 12_345, 23_456);
  const replaced = await replaceFile(path, NEW, { expected: OLD, now: NOW });
  t.ok(replaced.ok);
  t.match(statSync(path), { uid: 12_345, gid: 23_456 });
});

t.test("replaceFile() replaces what a symbolic link names, not the link", async (t) => {
  const { directory, path } = folder(t);
  const link = join(directory, "cacerts");
  symlinkSync("trust.p12", link);
  t.match(await replaceFile(link, NEW, { expected: OLD, now: NOW }), { ok: true, value: { path } });
  t.ok(lstatSync(link).isSymbolicLink());
  t.same(readFileSync(link), NEW);
});

t.test("replaceFile() writes nothing when something is not as it was", async (t) => {
  const { directory, path } = folder(t);
  const unchanged = (words: string): void => {
    t.same(readFileSync(path), OLD, words);
    t.same(
      readdirSync(directory).filter((name) => /tmp|bak/.test(name)),
      [],
      words,
    );
  };
  const code = async (
    words: string,
    expected: string,
    files?: Partial<FileCalls>,
    held: Uint8Array = OLD,
  ): Promise<void> => {
    const replaced = await replaceFile(
      path,
      NEW,
      { expected: held, now: NOW },
      { ...nodeFiles, ...files },
    );
    t.equal(replaced.ok ? "written" : replaced.error.code, expected, words);
    if (!replaced.ok) t.ok(replaced.error.message.startsWith(`${path}: `), replaced.error.message);
    unchanged(words);
  };
  await code("somebody changed it", "changed-meanwhile", {}, NEW);
  await code("the rename fails", "failed", { rename: failing("EIO") });
  await code("no backup can be made", "no-space", { link: failing("ENOSPC") });
  await code("no links and no room for a copy", "no-space", {
    link: failing("EPERM"),
    copyFile: failing("ENOSPC"),
  });
  await code("the file system is read-only", "permission-denied", {
    open: (name, flags, mode) =>
      flags === "wx" ? failing("EROFS")() : nodeFiles.open(name, flags, mode),
  });
  await code("the disk is full", "no-space", {
    open: async (name, flags, mode) => {
      const file = await nodeFiles.open(name, flags, mode);
      if (flags === "wx") file.writeFile = failing("ENOSPC");
      return file;
    },
  });
  await code("the owner cannot be set", "owner", {
    open: async (name, flags, mode) => {
      const file = await nodeFiles.open(name, flags, mode);
      if (flags !== "wx") return file;
      const status = await file.stat();
      file.stat = (() =>
        Promise.resolve(Object.assign(status, { uid: status.uid + 1 }))) as typeof file.stat;
      file.chown = failing("EPERM");
      return file;
    },
  });
  linkSync(path, join(directory, "second-name"));
  await code("it has two names", "several-names");
  t.match(await replaceFile(directory, NEW, { expected: OLD, now: NOW }), {
    ok: false,
    error: { code: "not-a-file" },
  });
  t.match(await replaceFile(join(directory, "none"), NEW, { expected: OLD, now: NOW }), {
    ok: false,
    error: { code: "not-found" },
  });
});

t.test("replaceFile() copies where the file system knows no hard links", async (t) => {
  const { path } = folder(t);
  const replaced = await replaceFile(
    path,
    NEW,
    { expected: OLD, now: NOW },
    { ...nodeFiles, link: failing("ENOTSUP") },
  );
  t.ok(replaced.ok);
  t.same(readFileSync(path), NEW);
  if (replaced.ok) t.same(readFileSync(replaced.value.backup), OLD);
});

t.test("replaceFile() loses nothing when it is killed between any two calls", async (t) => {
  const program = fileURLToPath(new URL("killed-writer.ts", import.meta.url));
  const ends: string[] = [];
  for (let step = 0; step < 20; step++) {
    const { directory, path } = folder(t);
    const child = spawn(process.execPath, [program, path, String(step)], { stdio: "ignore" });
    const ended = await new Promise<string>((resolve) => {
      child.on("close", (code, signal) => resolve(signal ?? String(code)));
    });
    ends.push(ended);
    const content = readFileSync(path, "utf8");
    t.ok(content === OLD.toString() || content === NEW.toString(), `step ${step}: ${content}`);
    const backup = readdirSync(directory).find((name) => name.endsWith(".bak"));
    if (content === NEW.toString())
      t.equal(readFileSync(join(directory, backup ?? ""), "utf8"), OLD.toString());
    if (ended === "0") break;
  }
  t.ok(ends.length > 5, `it was killed at ${ends.length - 1} steps`);
  t.equal(ends.at(-1), "0");
  t.ok(
    ends.slice(0, -1).every((end) => end === "SIGKILL"),
    ends.join(),
  );
});

t.test("createFile() makes a whole new file, and replaces one only when told to", async (t) => {
  const directory = t.testdir({});
  const path = join(directory, "new.p12");
  const write = (content: Uint8Array, overwrite: boolean, files?: Partial<FileCalls>) =>
    createFile(path, content, { mode: 0o600, overwrite }, { ...nodeFiles, ...files });
  t.match(await write(OLD, false), { ok: true });
  t.equal(statSync(path).mode & 0o7777, 0o600);
  t.match(await write(NEW, false), { ok: false, error: { code: "exists" } });
  t.same(readFileSync(path), OLD);
  t.match(await write(NEW, true, { rename: failing("EIO") }), { ok: false });
  t.same(readFileSync(path), OLD);
  t.match(await write(NEW, true), { ok: true });
  t.same(readFileSync(path), NEW);
  const other = join(directory, "copy.p12");
  const copied = await createFile(
    other,
    NEW,
    { mode: 0o666, overwrite: false },
    { ...nodeFiles, link: failing("EPERM") },
  );
  t.ok(copied.ok);
  t.same(readFileSync(other), NEW);
  t.match(await createFile(join(directory, "none", "x"), NEW, { mode: 0o600, overwrite: false }), {
    ok: false,
    error: { code: "not-found" },
  });
  t.same(
    readdirSync(directory).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

t.test("createFile() does not follow a symbolic link that stands in its way", async (t) => {
  const directory = t.testdir({ secret: "untouched" });
  const path = join(directory, "out.pem");
  symlinkSync("secret", path);
  t.match(await createFile(path, NEW, { mode: 0o600, overwrite: false }), {
    ok: false,
    error: { code: "exists" },
  });
  t.equal(readFileSync(join(directory, "secret"), "utf8"), "untouched");
});
