import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

/** A program that runs beside a test. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** Everything that it has printed so far, both streams in order of arrival. */
  readonly output: () => string;
  /** Resolves with the first match of a pattern in the output; rejects when the program ends without it. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends the program and waits until it is gone. */
  stop(): Promise<void>;
}

/** How a program is started; what is absent is as for this process. */
export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** User and group to run as, where this process may choose. */
  readonly uid?: number;
  readonly gid?: number;
}

const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a program whose standard input stays open. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): RunningProcess {
  const child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of watchers) watcher();
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("latin1");
      notify();
    });
  child.stdin.on("error", () => undefined);
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      output += error.message;
      resolve();
    });
  });
  const kill = (): void => void child.kill("SIGKILL");
  running.add(child);
  let ended = false;
  void gone.then(() => {
    ended = true;
    running.delete(child);
    notify();
  });
  return {
    child,
    output: () => output,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const watcher = (): void => {
          const match = pattern.exec(output);
          if (match === null && !ended) return;
          watchers.delete(watcher);
          if (match === null)
            reject(new Error(`${command} ended before it printed ${pattern}: ${output}`));
          else resolve(match);
        };
        watchers.add(watcher);
        watcher();
      }),
    stop: async () => {
      kill();
      await gone;
    },
  };
}

/** A loopback port that was free a moment ago, for programs that cannot choose one themselves. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("The listening socket has no port"));
      });
    });
  });
}
