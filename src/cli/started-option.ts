import { readFile, stat } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import type { RelyingParty } from "../diagnosis/assess.ts";
import { parseInstant } from "./instant.ts";
import { UsageError } from "./usage-error.ts";

/** When the client's process was started: a moment (ms since 1970), or the number of the process. */
export type Started =
  | { readonly kind: "time"; readonly time: number }
  | { readonly kind: "process"; readonly id: number };

/** The option that says it. */
export interface StartedOption {
  readonly started?: Started;
}

/** Adds the option to a command. */
export function addStartedOption(command: Command): Command {
  return command.option(
    "--started <when>",
    "when the client's process was started: an RFC 3339 time, or pid:NUMBER on Linux",
    parseStarted,
  );
}

function parseStarted(value: string): Started {
  const id = /^pid:(\d{1,10})$/.exec(value)?.[1];
  if (id !== undefined) return { kind: "process", id: Number(id) };
  const time = parseInstant(value);
  if (time === null)
    throw new InvalidArgumentError(
      "Use an RFC 3339 time such as 2027-01-31T12:00:00Z, or pid:NUMBER",
    );
  return { kind: "time", time };
}

/**
 * The client with what is known about its process: whether its truststores were written since it was started.
 * @throws {UsageError} when there is no such process
 */
export async function withProcess(party: RelyingParty, started: Started): Promise<RelyingParty> {
  const startedAt = started.kind === "time" ? started.time : await startOf(started.id);
  const files = party.truststores.flatMap(({ store }) => (store.ok ? store.value.files : []));
  const changes = await Promise.all(files.map(({ path }) => changeOf(path)));
  const storeChangedAt = Math.max(...changes.filter((time) => time !== null));
  return Number.isFinite(storeChangedAt)
    ? { ...party, running: { startedAt, storeChangedAt } }
    : party;
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

/** Ticks of a second in /proc (proc(5), USER_HZ). */
const TICKS = 100;

/** The start of a process by the kernel's clock: field 22 of its stat, in ticks since the start of the system. */
async function startOf(id: number): Promise<number> {
  try {
    const own = await readFile(`/proc/${id}/stat`, "utf8");
    const system = await readFile("/proc/stat", "utf8");
    // the name of the program, in brackets, may hold anything
    const ticks = Number(own.slice(own.lastIndexOf(")") + 2).split(" ")[19]);
    const boot = Number(/^btime (\d+)$/m.exec(system)?.[1]);
    const time = (boot + ticks / TICKS) * 1000;
    if (Number.isFinite(time)) return time;
  } catch {
    // told below
  }
  throw new UsageError(
    `--started: the start of process ${id} cannot be read; give the time that ps -o lstart= -p ${id} prints, as RFC 3339`,
  );
}
