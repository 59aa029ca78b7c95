import { spawn } from "node:child_process";
import type { Clock } from "./clock.ts";
import type { DaemonLog } from "./log.ts";

/** What the service manager is told (sd_notify(3)). */
export type ServiceState = "--ready" | "--reloading" | "--stopping";

/** What was told before: of two commands the second may be quicker, and a reload that is over would never end. */
let told: Promise<void> = Promise.resolve();

/** Runs the command that tells systemd, when it asked to be told. */
function tell(argument: string, log: DaemonLog): void {
  if ((process.env["NOTIFY_SOCKET"] ?? "") === "") return;
  // the process does not wait for what is told while it ends
  if (argument === "--stopping") void run(argument, log);
  else told = told.then(() => run(argument, log));
}

function run(argument: string, log: DaemonLog): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const child = spawn("systemd-notify", [argument, `--pid=${process.pid}`], { stdio: "ignore" });
  child.once("error", ({ message }) => {
    log.warn(`systemd could not be told: ${message}`);
    resolve();
  });
  child.once("exit", () => resolve());
  child.unref();
  return promise;
}

/**
 * Tells systemd again and again that the daemon lives, as often as its `WatchdogSec=` asks for: a daemon that hangs is
 * started anew.
 * @returns ends it
 */
export function feedWatchdog(clock: Clock, log: DaemonLog): () => void {
  const { WATCHDOG_USEC: period = "", WATCHDOG_PID: pid = "" } = process.env;
  const milliseconds = Number(period) / 1000;
  // the variables reach children, too, whom they do not concern; the launcher's child is the daemon all the same
  const concerned = pid === "" || [process.pid, process.ppid].includes(Number(pid));
  if (!(milliseconds > 0) || !concerned) return () => {};
  let cancel = (): void => {};
  const feed = (): void => {
    tell("WATCHDOG=1", log);
    cancel = clock.after(Math.max(1000, milliseconds / 2), feed);
  };
  feed();
  return () => cancel();
}

/**
 * Tells systemd the state of the service, when it asked to be told. The runtime cannot send to its kind of
 * socket, so the command that comes with systemd does it; the unit needs `NotifyAccess=all`.
 */
export function notifySystemd(state: ServiceState, log: DaemonLog): void {
  tell(state, log);
}
