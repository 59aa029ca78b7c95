import { readFile, stat } from "node:fs/promises";
import type { RelyingParty } from "../diagnosis/assessment.ts";
import type { EstateStart } from "../estate/estate.ts";

/** When a client's process was started: as an estate says it, or by the number of the process. */
export type ProcessStart = EstateStart | { readonly kind: "process"; readonly id: number };

/**
 * The client with what is known about its process: when it was started, and whether its truststores were written since.
 * Where there is no such process, or no file to compare with, nothing is known.
 */
export async function withProcess<P extends RelyingParty>(
  party: P,
  start: ProcessStart,
): Promise<P> {
  const startedAt = await startTime(start);
  if (startedAt === null) return party;
  const files = party.truststores.flatMap(({ store }) => (store.ok ? store.value.files : []));
  const changes = await Promise.all(files.map(({ path }) => changeOf(path)));
  const storeChangedAt = Math.max(...changes.filter((time) => time !== null));
  return Number.isFinite(storeChangedAt)
    ? { ...party, running: { startedAt, storeChangedAt } }
    : party;
}

/** When a process was started, in milliseconds since 1970; null where nothing tells. */
export async function startTime(start: ProcessStart): Promise<number | null> {
  switch (start.kind) {
    case "time":
      return start.time;
    case "process":
      return processStart(start.id);
    case "pid-file": {
      const id = await idIn(start.path);
      return id === null ? null : processStart(id);
    }
  }
}

async function changeOf(path: string | null): Promise<number | null> {
  if (path === null) return null;
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    // the system's own store, or a path with an alias behind it
    return null;
  }
}

/** Longest file with the number of a process that is read, in bytes. */
const MAX_PID_FILE = 4096;

/** The number on the first line of a file, as servers write it; some have more lines behind it. */
async function idIn(path: string): Promise<number | null> {
  try {
    const { size } = await stat(path);
    if (size > MAX_PID_FILE) return null;
    const text = await readFile(path, "utf8");
    const id = /^\s*(\d{1,10})\s*(?:\n|$)/.exec(text)?.[1];
    return id === undefined ? null : Number(id);
  } catch {
    return null;
  }
}

/** Ticks of a second in /proc (proc(5), USER_HZ). */
const TICKS = 100;

/** The start of a process by the kernel's clock: field 22 of its stat, in ticks since the start of the system. */
async function processStart(id: number): Promise<number | null> {
  try {
    const own = await readFile(`/proc/${id}/stat`, "utf8");
    const system = await readFile("/proc/stat", "utf8");
    // the name of the program, in brackets, may hold anything
    const ticks = Number(own.slice(own.lastIndexOf(")") + 2).split(" ")[19]);
    const boot = Number(/^btime (\d+)$/m.exec(system)?.[1]);
    const time = (boot + ticks / TICKS) * 1000;
    return Number.isFinite(time) ? time : null;
  } catch {
    return null;
  }
}
