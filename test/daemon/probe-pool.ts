import { createServer, type AddressInfo } from "node:net";
import t from "tap";
import { systemClock } from "../../src/daemon/clock.ts";
import { Health } from "../../src/daemon/health.ts";
import { ProbePool } from "../../src/daemon/threads/probe-pool.ts";
import { ThreadEnded } from "../../src/daemon/threads/probe-thread.ts";
import { probe } from "../../src/probe/probe.ts";
import { FakeClock } from "./fake-clock.ts";
import { keyPem, presentCertificate, smallPki, tlsServer } from "./fixture.ts";
import { handshake, silent } from "./samples.ts";
import { createPrivateKey } from "node:crypto";

void t.test("ProbePool.probe() gives the record that the same thread would give", async (t) => {
  const { root, leaf } = smallPki();
  const own = presentCertificate({ name: "client", issuer: root });
  const port = await tlsServer(t, leaf, {
    cert: leaf.pem + root.pem,
    requestCert: true,
    ca: root.pem,
    rejectUnauthorized: true,
  });
  const endpoint = { scheme: "https", host: "localhost", port } as const;
  const keyring = {
    certificates: [{ chain: [own.der], key: createPrivateKey(keyPem(own)) }],
    policy: "configured",
  } as const;
  const options = { address: "127.0.0.1", timeoutMs: 10_000, dnsTime: 1, keyring };
  const pool = new ProbePool({ clock: systemClock, health: new Health(systemClock, silent) });
  t.teardown(() => pool.close());
  const [there, here] = [await pool.probe(endpoint, options), await probe(endpoint, options)];
  const { startedAt: _a, phases: _b, end: _c, ...facts } = there;
  const { startedAt: _d, phases: _e, end: _f, ...expected } = here;
  t.equal(there.outcome, "complete");
  t.same(facts.certificates, [leaf.der, root.der]);
  t.same(
    { ...facts, certificates: [], certificateRequest: null },
    { ...expected, certificates: [], certificateRequest: null },
  );
  t.match(there.clientCertificateAnswer, { kind: "sent" }, "keys reach the thread");
  t.ok(there.certificates.every((der) => der.byteLength === der.buffer.byteLength));
});

void t.test(
  "ProbePool.probe() ends at once when it is cancelled, and close() ends the rest",
  async (t) => {
    const mute = createServer((socket) => socket.on("error", () => {}));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    t.teardown(() => mute.close());
    const { port } = mute.address() as AddressInfo;
    const endpoint = { scheme: "tls", host: "127.0.0.1", port } as const;
    const pool = new ProbePool({ clock: systemClock, health: new Health(systemClock, silent) });
    const cancel = new AbortController();
    const first = pool.probe(endpoint, { timeoutMs: 60_000, signal: cancel.signal });
    const second = pool.probe(endpoint, { timeoutMs: 60_000 });
    cancel.abort();
    t.equal((await first).failure?.code, "cancelled");
    const [given] = await Promise.all([second, pool.close()]);
    t.equal(given.failure?.code, "cancelled");
    t.equal((await pool.probe(endpoint, {})).failure?.code, "cancelled", "nothing begins any more");
  },
);

void t.test("ProbePool starts a thread that ended again, and says so for a while", async (t) => {
  const clock = new FakeClock();
  const health = new Health(clock, silent);
  let starts = 0;
  let end: (reason: string) => void = () => {};
  const pool = new ProbePool({
    clock,
    health,
    threads: 1,
    start: (ended) => {
      starts++;
      end = ended;
      return {
        inFlight: 0,
        probe: async () => {
          if (starts === 1) throw new ThreadEnded("out of memory");
          return handshake();
        },
        close: async () => {},
      };
    },
  });
  const endpoint = { scheme: "tls", host: "127.0.0.1", port: 1 } as const;
  t.match(await pool.probe(endpoint, { address: "127.0.0.1" }), {
    failure: { code: "cancelled" },
    address: "127.0.0.1",
  });
  end("out of memory");
  t.equal(pool.size, 0);
  t.match(health.problems, [{ code: "prober-ended", message: /out of memory/ }]);
  await clock.advance(1000);
  t.equal(starts, 2);
  t.equal((await pool.probe(endpoint)).outcome, "complete");
  await clock.advance(600_000);
  t.same(health.problems, []);
  await pool.close();
  t.equal(clock.timers, 0);
});
