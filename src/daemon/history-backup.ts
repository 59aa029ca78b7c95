import { randomBytes } from "node:crypto";
import * as files from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../x509/result.ts";
import {
  copyDatabase,
  type Database,
  defectOf,
  openDatabase,
  openBeside,
  troubleOf,
} from "./sqlite.ts";

/** How a backup is made. */
export interface BackupOptions {
  /** Whether a file that is there already is replaced. */
  readonly overwrite: boolean;
}

/** A backup that was made. */
export interface HistoryBackup {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Copies a history as it is at one moment into one file, also while the daemon writes to it. The copy is checked and
 * forced to disk before it gets its name: under that name there is a whole backup or none.
 * The error is one sentence; nothing is left behind then.
 */
export async function backUpHistory(
  from: string,
  to: string,
  { overwrite }: BackupOptions,
): Promise<Result<HistoryBackup, string>> {
  const source = await existing(from);
  if (!source.ok) return source;
  if ((await realPath(to)) === source.value)
    return fail(`${to}: This is the history itself; name another file for the backup`);
  const taken = fail(`${to}: The file exists; give --force to replace it`);
  if (!overwrite && (await realPath(to)) !== null) return taken;
  const temporary = join(
    dirname(to),
    `.${basename(to).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    const copied = await copyChecked(source.value, temporary);
    if (!copied.ok) return fail(`${from}: ${copied.error}`);
    await sync(temporary);
    const { size } = await files.stat(temporary);
    if (overwrite) await files.rename(temporary, to);
    else await giveName(temporary, to);
    await sync(dirname(to));
    return ok({ path: to, size });
  } catch (error) {
    if (systemCode(error) === "EEXIST") return taken;
    return fail(`${to}: The backup cannot be written (${reasonOf(error)})`);
  } finally {
    for (const end of ["", "-wal", "-shm", "-journal"])
      await files.rm(`${temporary}${end}`, { force: true });
  }
}

/** Names a file without replacing another; where hard links are unknown it is copied. */
async function giveName(temporary: string, to: string): Promise<void> {
  try {
    await files.link(temporary, to);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(systemCode(error))) throw error;
    await files.copyFile(temporary, to, files.constants.COPYFILE_EXCL);
    await sync(to);
  }
}

async function existing(path: string): Promise<Result<string, string>> {
  try {
    const found = await files.realpath(path);
    if ((await files.stat(found)).isFile()) return ok(found);
    return fail(`${path}: This is not a regular file`);
  } catch (error) {
    if (systemCode(error) === "ENOENT")
      return fail(`${path}: There is no history yet; the daemon makes it when it starts`);
    return fail(`${path}: The history cannot be read (${reasonOf(error)})`);
  }
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await files.realpath(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

async function copyChecked(from: string, to: string): Promise<Result<null, string>> {
  // the copy holds what the history holds, so nobody else may read it either
  await using file = await files.open(to, "wx", 0o600);
  await file.close();
  let source: Database | null = null;
  let copy: Database | null = null;
  try {
    source = openBeside(from);
    await copyDatabase(source, to);
    copy = openDatabase(to);
    const defect = defectOf(copy);
    return defect === null ? ok(null) : fail(`The history is damaged (${defect})`);
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return fail(`The history cannot be copied, because ${trouble.reason}`);
  } finally {
    source?.close();
    copy?.close();
  }
}

/** Forces a file or a folder to disk; file systems that cannot do that for folders need not. */
async function sync(path: string): Promise<void> {
  await using file = await files.open(path, "r");
  const isFolder = (await file.stat()).isDirectory();
  try {
    await file.sync();
  } catch (error) {
    if (!isFolder) throw error;
  }
}

const systemCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const reasonOf = (error: unknown): string => systemCode(error) || String(error);
