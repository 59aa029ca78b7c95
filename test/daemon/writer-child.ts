// Writes results as fast as it can and says which of them are on disk; tests kill it.
import { systemClock } from "../../src/daemon/clock.ts";
import { Health } from "../../src/daemon/health.ts";
import { History } from "../../src/daemon/history.ts";
import { handshake, link, observation, refused, silent } from "./samples.ts";

const [path = ""] = process.argv.slice(2);
const clock = systemClock;
const history = new History({ path, keep: 1e12, clock, health: new Health(clock, silent) });
const begin = Date.now();
for (let count = 0; ; count++) {
  const at = begin + count;
  const endpoint = `e${count % 7}`;
  const works = count % 3 === 0;
  history.record({
    endpoint,
    observation: observation(at, works ? handshake() : refused()),
    links: [link({ endpoint, state: works ? "ok" : "broken", checkedAt: at, since: at })],
  });
  process.stdout.write(`${endpoint} ${at}\n`);
  if (count % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
}
