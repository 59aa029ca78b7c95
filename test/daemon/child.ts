// A daemon of its own process: tests send it signals.
import { runDaemon } from "../../src/daemon/daemon.ts";
import { createLog } from "../../src/daemon/log.ts";

const [estateFile = ""] = process.argv.slice(2);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const started = await runDaemon({
  estateFile,
  listen: "127.0.0.1:0",
  signal: stop.signal,
  log: createLog({ format: "json", level: "info" }),
  watchInterval: 100,
});
if (!started.ok) {
  process.stderr.write(`${started.error.message}\n`);
  process.exitCode = 64;
} else process.stdout.write(`${started.value.url}\n`);
