// node test/probe/many-at-once-child.ts COUNT PORT...: probes the ports in turn, all at once; prints how it ended and the peak of memory.
import { probe } from "../../src/probe/probe.ts";

const [, , count = "", ...ports] = process.argv;
const handshakes = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) =>
    probe(
      { scheme: "tls", host: "127.0.0.1", port: Number(ports[index % ports.length]) },
      { timeoutMs: 120_000 },
    ),
  ),
);
const outcomes = Object.groupBy(
  handshakes,
  ({ outcome, failure, stage }) => failure?.code ?? `${outcome} ${stage}`,
);
const ended = Object.entries(outcomes).map(([how, list]) => [how, list?.length ?? 0]);
console.log(
  JSON.stringify({
    ended: Object.fromEntries(ended),
    megabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
