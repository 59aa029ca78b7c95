import { once } from "node:events";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Test } from "tap";
import { type ProcessOptions, startProcess } from "../process.ts";

/** Certificate chain and key of a server in PEM, leaf first; any user may read both files. */
export interface ServerIdentity {
  readonly chain: string;
  readonly key: string;
}

/** Where a server keeps its files, and with what it speaks TLS. */
export interface ServerParts {
  /** Empty folder of its own, which other users may enter. */
  readonly directory: string;
  /** Null: without TLS. */
  readonly identity: ServerIdentity | null;
}

/** A server that runs until it is stopped. Ports of 127.0.0.1 by the scheme that is spoken there. */
export interface LabDaemon<Scheme extends string = string> {
  readonly ports: Readonly<Partial<Record<Scheme, number>>>;
  /** What it has printed so far. */
  readonly output: () => string;
  stop(): Promise<void>;
}

/** How a daemon is started and ended. */
export interface DaemonOptions<Scheme extends string> extends ProcessOptions {
  readonly ports: Readonly<Partial<Record<Scheme, number>>>;
  /** What makes it end in good order. @default SIGTERM */
  readonly signal?: NodeJS.Signals;
}

/** Runs a program in the foreground and waits until all its ports answer. Rejects when it ends before. */
export async function startDaemon<Scheme extends string>(
  program: string,
  args: readonly string[],
  { ports, signal = "SIGTERM", ...options }: DaemonOptions<Scheme>,
): Promise<LabDaemon<Scheme>> {
  const running = startProcess(program, args, options);
  const { child, output } = running;
  const gone = once(child, "close");
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  for (const port of Object.values<number | undefined>(ports))
    while (port !== undefined && !(await answers(port))) {
      if (isGone()) throw new Error(`${program} ended before it listened: ${output()}`);
      await pause(20);
    }
  return {
    ports,
    output,
    stop: async () => {
      if (isGone()) return running.stop();
      child.kill(signal);
      await gone;
      return undefined;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.end());
    socket.once("error", () => resolve(false));
    socket.once("close", (failed) => resolve(!failed));
    socket.resume();
  });
}

/** Whether this process may start servers that change their user. */
export const isRoot = process.getuid?.() === 0;

/** User and group without rights, for servers that refuse to run as root; nothing where this is no root. */
export const NOBODY: { readonly uid?: number; readonly gid?: number } = isRoot
  ? { uid: 65_534, gid: 65_534 }
  : {};

/** A folder that servers of any user can enter, owned by `NOBODY`; it goes with the test. */
export async function serverDirectory(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "anchorwatch-lab-"));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  const { uid, gid } = NOBODY;
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid);
  return directory;
}
