import { join } from "node:path";
import t from "tap";
import { EndpointPast } from "../../src/daemon/endpoint-past.ts";
import { Health } from "../../src/daemon/health.ts";
import { History } from "../../src/daemon/history.ts";
import { FakeClock, NOW } from "./fake-clock.ts";
import { certificate, handshake, keptLog, observation, refused } from "./samples.ts";

const DAY = 86_400_000;
const root = certificate({ name: "Root", ca: true });
const [first, second, third] = ["one", "two", "three"].map(() =>
  certificate({ name: "bpm", issuer: root }),
);
const sending = (der: Uint8Array | undefined, address = "192.0.2.1") =>
  handshake({ address, certificates: der === undefined ? [] : [der] });

void t.test("EndpointPast keeps the answers before the present one", async (t) => {
  const past = new EndpointPast();
  const old = observation(NOW, sending(first?.der));
  const same = observation(NOW + DAY, sending(first?.der));
  const renewed = observation(NOW + 2 * DAY, sending(second?.der));
  past.observed("bpm", old, same);
  t.equal(past.facts("bpm", sending(first?.der), NOW), null, "nothing is kept of what stays");
  past.observed("bpm", same, renewed);
  const facts = past.facts("bpm", sending(second?.der), NOW + 2 * DAY);
  t.equal(facts?.since, NOW + 2 * DAY);
  t.same(
    facts?.previous.map(({ certificates, lastSeen }) => [certificates[0], lastSeen]),
    [[first?.der, NOW + DAY]],
  );
  past.observed("bpm", renewed, observation(NOW + 3 * DAY, refused()));
  t.equal(
    past.facts("bpm", sending(second?.der), NOW + 3 * DAY)?.previous.length,
    1,
    "a failure changes nothing",
  );
  past.forget("bpm");
  t.equal(past.facts("bpm", sending(second?.der), NOW), null);
});

void t.test("EndpointPast knows for a week where an endpoint was before", async (t) => {
  const past = new EndpointPast();
  const before = observation(NOW, sending(first?.der, "192.0.2.1"));
  const now = observation(NOW + 60_000, sending(first?.der, "198.51.100.7"));
  past.observed("bpm", before, now);
  const facts = past.facts("bpm", sending(first?.der, "198.51.100.7"), NOW + 60_000);
  t.same(facts?.addresses, [{ address: "192.0.2.1", lastSeen: NOW }]);
  t.equal(past.facts("bpm", sending(first?.der, "198.51.100.7"), NOW + 8 * DAY), null);
});

void t.test("History gives the answers of before a restart to EndpointPast", async (t) => {
  const clock = new FakeClock();
  const { log } = keptLog();
  const path = join(t.testdir(), "history.db");
  const history = new History({ path, keep: 30 * DAY, clock, health: new Health(clock, log) });
  t.teardown(() => history.close());
  for (const [days, der] of [
    [0, first?.der],
    [1, second?.der],
    [2, third?.der],
  ] as const)
    history.record({
      endpoint: "bpm",
      observation: observation(NOW + days * DAY, sending(der)),
      links: [],
    });
  history.record({
    endpoint: "bpm",
    observation: observation(NOW + 3 * DAY, refused()),
    links: [],
  });
  const answers = history.answers("bpm", 8);
  t.same(
    answers.map(({ certificates }) => Buffer.from(certificates[0] ?? [])),
    [first, second, third].map((each) => Buffer.from(each?.der ?? [])),
  );
  t.same(
    history.answers("bpm", 2).map(({ certificates }) => Buffer.from(certificates[0] ?? [])),
    [second, third].map((each) => Buffer.from(each?.der ?? [])),
    "failures do not crowd out what was sent",
  );
  t.same(history.answers("unknown", 8), []);
  const past = new EndpointPast();
  past.remember("bpm", answers, observation(NOW + 4 * DAY, sending(third?.der)));
  const facts = past.facts("bpm", sending(third?.der), NOW + 4 * DAY);
  t.equal(facts?.since, NOW + 2 * DAY);
  t.equal(facts?.previous.length, 2);
});

void t.test(
  "EndpointPast knows the latest change of the version, also after a restart",
  async (t) => {
    const past = new EndpointPast();
    const at = (days: number, version: string) =>
      observation(NOW + days * DAY, { ...sending(first?.der), version });
    past.observed("bpm", at(0, "TLSv1.3"), at(1, "TLSv1.3"));
    t.equal(past.facts("bpm", sending(first?.der), NOW), null);
    past.observed("bpm", at(1, "TLSv1.3"), at(2, "TLSv1.2"));
    const change = {
      was: "TLSv1.3",
      is: "TLSv1.2",
      lastSeen: NOW + DAY,
      since: NOW + 2 * DAY,
    };
    t.match(past.facts("bpm", sending(first?.der), NOW), { previous: [], version: change });
    const again = new EndpointPast();
    const recorded = (version: string, from: number, until: number) => ({
      address: "192.0.2.1",
      certificates: [first?.der ?? Uint8Array.of()],
      version,
      firstSeen: NOW + from * DAY,
      lastSeen: NOW + until * DAY,
    });
    const answers = [recorded("TLSv1.3", 0, 1), recorded("TLSv1.2", 2, 3)];
    again.remember("bpm", answers, at(4, "TLSv1.2"));
    t.match(again.facts("bpm", sending(first?.der), NOW), { version: change });
    again.remember("other", answers.slice(0, 1), at(4, "TLSv1.2"));
    t.match(again.facts("other", sending(first?.der), NOW), {
      version: { lastSeen: NOW + DAY, since: NOW + 4 * DAY },
    });
  },
);
