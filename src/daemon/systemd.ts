import { spawn } from "node:child_process";
import type { DaemonLog } from "./log.ts";

/** What the service manager is told (sd_notify(3)). */
export type ServiceState = "--ready" | "--reloading" | "--stopping";

/**
 * Tells systemd the state of the service, when it asked to be told. The runtime cannot send to its kind of
 * socket, so the command that comes with systemd does it; the unit needs `NotifyAccess=all`.
 */
export function notifySystemd(state: ServiceState, log: DaemonLog): void {
  if ((process.env["NOTIFY_SOCKET"] ?? "") === "") return;
  const child = spawn("systemd-notify", [state, `--pid=${process.pid}`], { stdio: "ignore" });
  child.once("error", ({ message }) => log.warn(`systemd could not be told: ${message}`));
  child.unref();
}
