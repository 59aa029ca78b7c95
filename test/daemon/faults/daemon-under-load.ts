// Watches an estate as fast as it can with servers that break and mend; says what people were told. Tests kill it.
import { writeSync } from "node:fs";
import { runDaemon } from "../../../src/daemon/daemon.ts";
import { createLog } from "../../../src/daemon/log.ts";
import type { Prober } from "../../../src/daemon/prober.ts";
import { handshake, refused } from "../samples.ts";

const [estateFile = "", begun = "0"] = process.argv.slice(2);

/** Servers break and mend all the time, each in a rhythm of its own; a restart does not change it. */
const isUp = (host: string): boolean => {
  const number = Number(/\d+/.exec(host)?.[0] ?? 0);
  return Math.floor((Date.now() - Number(begun)) / (1500 + 100 * number)) % 2 === 0;
};

const prober: Prober = {
  findAddresses: async (host) => ({
    ok: true,
    value: [`192.0.2.${Number(/\d+/.exec(host)?.[0]) + 1}`],
  }),
  probe: async (endpoint, options) => {
    await new Promise((resolve) => setTimeout(resolve, 1 + 5 * Math.random()));
    const facts = { endpoint, serverName: endpoint.host, address: options?.address ?? null };
    return isUp(endpoint.host) ? handshake(facts) : refused(facts);
  },
};

const started = await runDaemon({
  estateFile,
  listen: "127.0.0.1:0",
  log: createLog({ format: "json", level: "error" }),
  prober,
  watchInterval: 100,
});
if (!started.ok) throw new Error(started.error.message);
writeSync(1, `${started.value.url}\n`);
