import { lstatSync, readdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What stands between the name of a history and the time at which it was set aside. */
const MARK = ".damaged-";

/** What SQLite keeps beside a database; a rescue of its contents needs it. */
const COMPANIONS = ["", "-wal", "-shm"];

/**
 * Gives a damaged history another name beside it, so that a new one can be begun and nothing is lost.
 * @param at milliseconds since 1970
 * @returns its new path
 * @throws with a system code; `EINVAL` where it is no regular file
 */
export function setAside(path: string, at: number): string {
  if (!lstatSync(path).isFile())
    throw Object.assign(new Error(`${path} is no regular file`), { code: "EINVAL" });
  const stamp = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const aside = freeName(`${path}${MARK}${stamp}`);
  for (const companion of COMPANIONS)
    try {
      renameSync(`${path}${companion}`, `${aside}${companion}`);
    } catch (error) {
      if (companion === "") throw error;
    }
  return aside;
}

/** Damaged histories that were set aside and are still there, oldest first. */
export function keptAside(path: string): readonly string[] {
  const folder = dirname(path);
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${basename(path)}${MARK}`) && !/-(?:wal|shm)$/.test(name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function freeName(wanted: string): string {
  const taken = new Set(readdirSync(dirname(wanted)));
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(basename(name))) return name;
  }
}
