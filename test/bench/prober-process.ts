// node test/bench/prober-process.ts PORT VERSION ANCHORS: probes one server and judges it as three clients, a round for
// each message with a number of probes; answers with what one probe cost.
import { assess } from "../../src/diagnosis/assess.ts";
import type { RelyingParty } from "../../src/diagnosis/assessment.ts";
import { probe } from "../../src/probe/probe.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { loadTruststore } from "../../src/truststore/load.ts";

const [, , port = "", version = "", anchors = ""] = process.argv;
const PROFILES: readonly ProfileName[] = ["openjdk-21", "openssl-3", "go"];
const DAY = 86_400_000;
const DEFAULT_THRESHOLDS = { warning: 30 * DAY, critical: 7 * DAY };

const store = await loadTruststore({ name: "anchors", paths: [anchors], password: null });
const truststores = [{ name: "anchors", store }];
const clients = PROFILES.map((profile): RelyingParty => ({
  name: profile,
  profile,
  truststores,
  nameCheck: "https",
  ownChain: null,
}));

const probeAndJudge = async (): Promise<void> => {
  const handshake = await probe({ scheme: "tls", host: "127.0.0.1", port: Number(port) });
  if (handshake.version !== version)
    throw new Error(`A probe failed: ${handshake.failure?.message ?? handshake.version ?? ""}`);
  const context = { at: Date.now(), thresholds: DEFAULT_THRESHOLDS, otherTruststores: truststores };
  for (const client of clients)
    if (!assess(client, handshake, context).ok)
      throw new Error(`${client.name} refuses the server`);
};

const round = async (count: number): Promise<void> => {
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  for (let done = 0; done < count; done++) await probeAndJudge();
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({
    cpu: (user + system) / count,
    wall: Number(process.hrtime.bigint() - wall) / 1_000 / count,
  });
};

process.on("message", (count: number) => void round(count));
process.on("disconnect", () => process.exit());
