import { constants, type Stats } from "node:fs";
import * as nodeFiles from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../x509/result.ts";
import { systemCode, type WriteError, writeError, WriteFault } from "./write-error.ts";

/** The calls on files that writing makes; tests put others in their place. */
export type FileCalls = Pick<
  typeof nodeFiles,
  "open" | "link" | "rename" | "unlink" | "realpath" | "copyFile" | "readFile"
>;

/** A file that was replaced. */
export interface Replaced {
  /** The file behind symbolic links. */
  readonly path: string;
  /** Where the old content is. */
  readonly backup: string;
}

/**
 * Puts new content in the place of a file: written beside it, forced to disk and renamed over it, so that at every
 * moment the whole old or the whole new content has the name. The old file stays under a backup name. Mode, owner and
 * group are kept; where that is not possible nothing is replaced.
 * @param expected what the file held when it was read: someone else's change in between is not overwritten
 * @param now ms since 1970, for the name of the backup
 */
export async function replaceFile(
  path: string,
  content: Uint8Array,
  { expected, now }: { readonly expected: Uint8Array; readonly now: number },
  files: FileCalls = nodeFiles,
): Promise<Result<Replaced, WriteError>> {
  let temporary: string | null = null;
  let backup: string | null = null;
  try {
    const target = await files.realpath(path);
    const status = await statusOf(target, files);
    if (!status.isFile())
      return fail({ code: "not-a-file", message: `${path}: This is not a regular file` });
    if (status.nlink > 1)
      return fail({
        code: "several-names",
        message: `${path}: The file has ${status.nlink} names (hard links); replacing it would leave the others with the old content. Write a new file with --out`,
      });
    temporary = temporaryBeside(target);
    await writeAndSync(temporary, content, status, files);
    if (!Buffer.from(await files.readFile(target)).equals(expected))
      throw new WriteFault(
        "changed-meanwhile",
        `${path}: The file was changed by someone else meanwhile`,
      );
    backup = await backUp(target, now, files);
    await files.rename(temporary, target);
    temporary = null;
    await syncDirectory(dirname(target), files);
    return ok({ path: target, backup });
  } catch (error) {
    if (temporary !== null) await discard(temporary, files);
    if (temporary !== null && backup !== null) await discard(backup, files);
    return fail(writeError(error, path));
  }
}

/** How a new file is made. */
export interface CreateOptions {
  /** Permissions, before the process's mask. */
  readonly mode: number;
  /** Whether a file that is there already is replaced, without a backup. */
  readonly overwrite: boolean;
}

/** Writes a new file, whole or not at all; one that is there already stays unless it may be overwritten. */
export async function createFile(
  path: string,
  content: Uint8Array,
  { mode, overwrite }: CreateOptions,
  files: FileCalls = nodeFiles,
): Promise<Result<string, WriteError>> {
  let temporary: string | null = null;
  try {
    const target = overwrite ? await realPathOrSelf(path, files) : path;
    temporary = temporaryBeside(target);
    await writeAndSync(temporary, content, { mode: mode & ~process.umask() }, files);
    if (overwrite) await files.rename(temporary, target);
    else await giveName(temporary, target, files);
    temporary = null;
    await syncDirectory(dirname(target), files);
    return ok(target);
  } catch (error) {
    if (temporary !== null) await discard(temporary, files);
    return fail(writeError(error, path));
  }
}

/** Names a temporary file without replacing anything; where hard links are unknown the content is copied. */
async function giveName(temporary: string, target: string, files: FileCalls): Promise<void> {
  try {
    await files.link(temporary, target);
  } catch (error) {
    if (!LINKS_UNKNOWN.has(systemCode(error))) throw error;
    await files.copyFile(temporary, target, constants.COPYFILE_EXCL);
  }
  await files.unlink(temporary);
}

const LINKS_UNKNOWN: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

async function statusOf(path: string, files: FileCalls): Promise<Stats> {
  await using file = await files.open(path, "r");
  return await file.stat();
}

async function realPathOrSelf(path: string, files: FileCalls): Promise<string> {
  try {
    return await files.realpath(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return path;
    throw error;
  }
}

function temporaryBeside(target: string): string {
  const name = basename(target).slice(0, 100);
  return join(dirname(target), `.${name}.${randomBytes(6).toString("hex")}.tmp`);
}

async function writeAndSync(
  path: string,
  content: Uint8Array,
  { mode, uid, gid }: Pick<Stats, "mode"> & Partial<Pick<Stats, "uid" | "gid">>,
  files: FileCalls,
): Promise<void> {
  await using file = await files.open(path, "wx", 0o600);
  await file.writeFile(content);
  const own = await file.stat();
  if (uid !== undefined && gid !== undefined && (own.uid !== uid || own.gid !== gid))
    try {
      await file.chown(uid, gid);
    } catch {
      throw new WriteFault(
        "owner",
        `This account cannot give a new file the owner ${uid}:${gid} of the old one; run as that owner, or write a new file with --out`,
      );
    }
  await file.chmod(mode & 0o7777);
  await file.sync();
}

async function backUp(target: string, now: number, files: FileCalls): Promise<string> {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  for (let number = 1; ; number++) {
    const backup = `${target}.${stamp}Z${number === 1 ? "" : `-${number}`}.bak`;
    try {
      await files.link(target, backup);
      return backup;
    } catch (error) {
      if (LINKS_UNKNOWN.has(systemCode(error))) {
        await files.copyFile(target, backup, constants.COPYFILE_EXCL);
        return backup;
      }
      if (systemCode(error) !== "EEXIST" || number >= 100) throw error;
    }
  }
}

/** Makes the new name last through a crash; file systems that cannot sync a directory say so, and need not. */
async function syncDirectory(path: string, files: FileCalls): Promise<void> {
  try {
    await using directory = await files.open(path, "r");
    await directory.sync();
  } catch {
    return;
  }
}

async function discard(path: string, files: FileCalls): Promise<void> {
  try {
    await files.unlink(path);
  } catch {
    return;
  }
}
