import t from "tap";
import { isReached, NetworkSight, type Sight } from "../../src/daemon/network-sight.ts";
import { FakeClock, NOW } from "./fake-clock.ts";
import { handshake, observation, refused } from "./samples.ts";

const stage = (count: number, known: readonly string[] = []) => {
  const clock = new FakeClock();
  const hurried: string[][] = [];
  const told: [Sight, number][] = [];
  const sight = new NetworkSight(
    {
      clock,
      hurry: (names) => hurried.push([...names]),
      changed: (now, unreached) => told.push([now, unreached.length]),
    },
    new Set(known),
  );
  const names = Array.from({ length: count }, (_, index) => `e${index}`);
  sight.adopt(names);
  return { clock, sight, hurried, told, names };
};

t.test("isReached() takes silence for silence, and any answer for an answer", async (t) => {
  const failed = (code: "timeout-connect" | "alert-received" | "cancelled") =>
    refused({ failure: { code, message: "" } });
  t.equal(isReached(observation(NOW, handshake())), true);
  t.equal(isReached(observation(NOW, refused(), handshake())), true, "one address is enough");
  t.equal(isReached(observation(NOW, failed("alert-received"))), true);
  t.equal(isReached(observation(NOW, refused(), failed("timeout-connect"))), false);
  t.equal(isReached(observation(NOW, failed("cancelled"))), null);
});

t.test("NetworkSight asks others at once when an endpoint goes out of reach", async (t) => {
  const { sight, hurried, told, names } = stage(40);
  for (const name of names) sight.looked(name, true);
  sight.looked("e0", false);
  t.equal(sight.sight, "doubtful");
  t.ok(sight.withholds("e0"), "nobody is told yet");
  t.notOk(sight.withholds("e1"));
  t.equal(hurried.length, 1);
  t.equal(hurried[0]?.length, 5);
  t.notOk(hurried[0]?.includes("e0"));
  sight.looked(hurried[0]?.[0] ?? "", true);
  t.equal(sight.sight, "clear");
  t.notOk(sight.withholds("e0"), "it is the server");
  t.same(told, [
    ["doubtful", 1],
    ["clear", 1],
  ]);
});

t.test("NetworkSight is blind when nobody answers any more, until anybody does", async (t) => {
  const { sight, hurried, told, names } = stage(40);
  for (const name of names) sight.looked(name, true);
  for (const name of names.slice(0, 5)) sight.looked(name, false);
  t.equal(sight.sight, "blind", "five in a row are enough");
  for (const name of names.slice(5)) sight.looked(name, false);
  t.ok(names.every((name) => sight.withholds(name)));
  sight.looked("e7", true);
  t.equal(sight.sight, "clear");
  t.equal(hurried.at(-1)?.length, 39, "all others are looked at at once");
  t.same(
    told.map(([now]) => now),
    ["doubtful", "blind", "clear"],
  );
});

t.test("NetworkSight does not take some servers that fail for blindness", async (t) => {
  const { sight, told, names } = stage(10);
  for (let round = 0; round < 50; round++)
    for (const [index, name] of names.entries()) sight.looked(name, index < 2);
  t.equal(sight.sight, "clear");
  t.ok(
    told.every(([now]) => now !== "blind"),
    "eight of ten were never in reach",
  );
});

t.test(
  "NetworkSight is blind from the start where nothing answers, small estates apart",
  async (t) => {
    const { sight, names } = stage(3);
    for (const name of names) sight.looked(name, false);
    t.equal(sight.sight, "blind");
    const { sight: small, names: two } = stage(2);
    for (const name of two) small.looked(name, false);
    t.equal(small.sight, "clear");
  },
);

t.test("NetworkSight remembers who was in reach before a restart", async (t) => {
  const names = Array.from({ length: 40 }, (_, index) => `e${index}`);
  const { sight } = stage(40, names);
  for (const name of names.slice(0, 5)) sight.looked(name, false);
  t.equal(sight.sight, "blind");
});

t.test("NetworkSight ends a doubt that nobody clears", async (t) => {
  const { clock, sight, names } = stage(10);
  for (const name of names) sight.looked(name, true);
  sight.looked("e0", false);
  await clock.advance(30_000);
  t.equal(sight.sight, "clear");
  sight.looked("e0", false);
  t.equal(sight.sight, "clear", "what stays out of reach raises no doubt again");
  t.equal(clock.timers, 0);
});
