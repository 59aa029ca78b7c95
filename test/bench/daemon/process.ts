// node test/bench/daemon/process.ts ESTATE threads|one-thread|recorded [HANDSHAKE]: a daemon to be measured from outside.
import { readFileSync } from "node:fs";
import { type RunningDaemon, runDaemon } from "../../../src/daemon/daemon.ts";
import { createLog } from "../../../src/daemon/log.ts";
import type { Prober } from "../../../src/daemon/prober.ts";
import { systemProber } from "../../../src/daemon/system-prober.ts";
import { handshakeFromJson } from "../../../src/probe/handshake-json.ts";

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

const started = await runDaemon({
  estateFile,
  listen: "127.0.0.1:0",
  log: createLog({ format: "json", level: "error" }),
  ...(mode === "threads" ? {} : { prober: mode === "recorded" ? recorded() : systemProber }),
});
if (!started.ok) throw new Error(started.error.message);
process.send?.(started.value.url);
process.on("message", () => void reload(started.value));
async function reload(daemon: RunningDaemon): Promise<void> {
  process.send?.(await daemon.reload());
}
process.on("disconnect", () => process.exit());
