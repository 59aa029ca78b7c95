// node test/bench/daemon/process.ts ESTATE threads|one-thread|recorded [HANDSHAKE]: a daemon to be measured from outside.
import { readFileSync } from "node:fs";
import { type RunningDaemon, runDaemon } from "../../../src/daemon/daemon.ts";
import { type Clock, systemClock } from "../../../src/daemon/clock.ts";
import { createLog } from "../../../src/daemon/log.ts";
import type { Prober } from "../../../src/daemon/prober.ts";
import { systemProber } from "../../../src/daemon/system-prober.ts";
import { handshakeFromJson } from "../../../src/probe/handshake-json.ts";

/** What a daemon holds open. */
export interface OpenResources {
  readonly timers: number;
  /** Handles, sockets and requests of the runtime. */
  readonly open: number;
}

const [, , estateFile = "", mode = "threads", record = ""] = process.argv;

/** Gives every server the answer that one real server gave, without a network. */
const recorded = (): Prober => {
  const read = handshakeFromJson(JSON.parse(readFileSync(record, "utf8")));
  if (!read.ok) throw new Error("The recorded handshake is not readable");
  return {
    findAddresses: async (host) => ({ ok: true, value: [host] }),
    probe: async (endpoint, options) => ({
      ...read.value,
      // as a conversation leaves them: octets of its own for each endpoint
      certificates: read.value.certificates.map((der) => new Uint8Array(der)),
      endpoint,
      address: options?.address ?? null,
      startedAt: new Date().toISOString(),
    }),
  };
};

/** Timers that the daemon has set; they keep no process alive, so the runtime does not tell of them. */
const timers = new Set<object>();
const clock: Clock = {
  ...systemClock,
  after: (milliseconds, callback) => {
    const timer = {};
    timers.add(timer);
    const cancel = systemClock.after(milliseconds, () => {
      timers.delete(timer);
      callback();
    });
    return () => {
      timers.delete(timer);
      cancel();
    };
  },
};

const started = await runDaemon({
  estateFile,
  clock,
  listen: "127.0.0.1:0",
  log: createLog({ format: "json", level: "error" }),
  ...(mode === "threads" ? {} : { prober: mode === "recorded" ? recorded() : systemProber }),
});
if (!started.ok) throw new Error(started.error.message);
process.send?.(started.value.url);
process.on("message", (asked) => void answer(asked, started.value));

/** Loads the estate anew, or tells how many timers are set, and what the runtime has open. */
async function answer(asked: unknown, daemon: RunningDaemon): Promise<void> {
  if (asked === "reload") process.send?.(await daemon.reload());
  if (asked !== "resources") return;
  const open = process.getActiveResourcesInfo().length;
  process.send?.({ timers: timers.size, open } satisfies OpenResources);
}

process.on("disconnect", () => process.exit());
