import { runDaemon } from "../daemon/daemon.ts";
import { createLog, type LogOptions } from "../daemon/log.ts";
import { systemReaders } from "../daemon/system-readers.ts";

/** What to watch, and where to listen. */
export interface WatchOptions {
  readonly estateFile: string;
  /** `HOST:PORT` instead of the estate's; null for the estate's. */
  readonly listen: string | null;
  /** Ends the watch in good order when it resolves. */
  readonly stopped: Promise<void>;
  /** @default info */
  readonly logLevel?: LogOptions["level"];
}

/** Runs the daemon until it is told to stop; resolves to null then, or to why it could not start. */
export async function watch({
  estateFile,
  listen,
  stopped,
  logLevel = "info",
}: WatchOptions): Promise<string | null> {
  const log = createLog({ format: process.stderr.isTTY ? "text" : "json", level: logLevel });
  const started = await runDaemon({
    estateFile,
    listen,
    log,
    readers: systemReaders,
  });
  if (!started.ok) return started.error.message;
  process.stdout.write(`Anchorwatch is watching: ${started.value.url}\n`);
  await stopped;
  await started.value.close();
  return null;
}
