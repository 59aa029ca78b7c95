import t from "tap";
import {
  type Handshake,
  type HandshakeFailure,
  NO_PHASES,
  NOTHING_HEARD,
} from "../../src/probe/handshake.ts";
import { readAnswer } from "../../src/probe/survey/answer.ts";
import { Pace } from "../../src/probe/survey/pace.ts";
import { shrink } from "../../src/probe/survey/shrink.ts";

/** A record of a conversation that ended like this. */
function record(part: Partial<Handshake>): Handshake {
  return {
    endpoint: { scheme: "tls", host: "localhost", port: 443 },
    serverName: "localhost",
    address: "127.0.0.1",
    dialledPort: 443,
    startedAt: "2026-01-01T00:00:00Z",
    outcome: "failed",
    stage: "hello",
    phases: NO_PHASES,
    ...NOTHING_HEARD,
    ...part,
  };
}

const failure = (code: HandshakeFailure["code"]): HandshakeFailure => ({ code, message: code });

const REFUSED = record({ failure: failure("alert-received") });

/** A server that has some of the suites, in its own order or in the client's. */
function server(has: readonly string[], decides: boolean) {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    ask: async (offered: readonly string[]): Promise<Handshake> => {
      asked.push(offered);
      const chosen = decides
        ? has.find((each) => offered.includes(each))
        : offered.find((each) => has.includes(each));
      return chosen === undefined ? REFUSED : record({ cipherSuite: chosen });
    },
    choice: ({ cipherSuite }: Handshake): string | undefined => cipherSuite ?? undefined,
  };
}

const OFFER = ["a", "b", "c", "d", "e"];

t.test("shrink() asks once for each item that is chosen, and once more", async (t) => {
  for (const decides of [true, false]) {
    const peer = server(["d", "b"], decides);
    const { chosen, end } = await shrink(OFFER, peer);
    t.strictSame(
      chosen.map(({ item }) => item),
      decides ? ["d", "b"] : ["b", "d"],
    );
    t.equal(peer.asked.length, 3);
    t.equal(end?.kind, "refused");
  }
});

t.test(
  "shrink() need not be refused when everything is chosen, and asks nothing of an empty list",
  async (t) => {
    const all = server(OFFER, true);
    t.match(await shrink(OFFER, all), { end: null });
    t.equal(all.asked.length, OFFER.length);
    const nothing = server([], true);
    t.strictSame(await shrink([], nothing), { chosen: [], end: null });
    t.equal(nothing.asked.length, 0);
  },
);

t.test(
  "shrink() ends at a server that chooses what was not offered, or the same again and again",
  async (t) => {
    const stranger = await shrink(OFFER, {
      ask: async () => record({ cipherSuite: "z" }),
      choice: () => "z",
    });
    t.match(stranger, {
      chosen: [],
      end: { kind: "refused", failure: { code: "parameter-unsupported" } },
    });
    const stubborn = await shrink(OFFER, { ask: async () => record({}), choice: () => "a" });
    t.equal(stubborn.chosen.length, 1);
  },
);

t.test("readAnswer() tells a refusal from a server that was not reached", async (t) => {
  t.equal(readAnswer(REFUSED, true).kind, "accepted");
  for (const code of [
    "alert-received",
    "connection-closed",
    "connection-reset",
    "malformed-message",
  ] as const)
    t.equal(readAnswer(record({ failure: failure(code) }), false).kind, "refused", code);
  for (const code of [
    "timeout-handshake",
    "connect-refused",
    "dns-failed",
    "proxy-refused",
    "cancelled",
  ] as const)
    t.equal(readAnswer(record({ failure: failure(code) }), false).kind, "unclear", code);
});

t.test(
  "readAnswer() takes a conversation that was left after another choice for a refusal",
  async (t) => {
    const left = record({ failure: failure("cancelled"), version: "TLSv1.2" });
    t.match(readAnswer(left, false), {
      kind: "refused",
      failure: { code: "parameter-unsupported", message: "Server chose something else" },
    });
    t.equal(readAnswer(record({ failure: null }), false).kind, "refused");
  },
);

t.test("Pace keeps the number of tasks at once and their order", async (t) => {
  const pace = new Pace({ inFlight: 3, perSecond: Infinity });
  let [running, most] = [0, 0];
  const begun: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      pace.run(async () => {
        begun.push(index);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      }),
    ),
  );
  t.equal(most, 3);
  t.strictSame(
    begun,
    Array.from({ length: 20 }, (_, index) => index),
  );
});

t.test("Pace lets tasks that lead to others go first, within the same bounds", async (t) => {
  const pace = new Pace({ inFlight: 2, perSecond: Infinity });
  let [running, most] = [0, 0];
  const begun: string[] = [];
  const task = (name: string, leads: boolean): Promise<void> =>
    pace.run(async () => {
      begun.push(name);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    }, leads);
  const row = async (): Promise<void> => {
    for (const step of ["first", "second", "third"]) await task(step, true);
  };
  await Promise.all([...["a", "b", "c", "d", "e"].map((name) => task(name, false)), row()]);
  t.equal(most, 2);
  t.strictSame(
    begun.filter((name) => name.length > 1),
    ["first", "second", "third"],
  );
  t.equal(begun.indexOf("first"), 2, "ahead of those that wait");
  t.ok(begun.indexOf("second") < begun.indexOf("e"), "each time");
});

t.test("Pace lets an interval pass between the beginnings of tasks", async (t) => {
  const pace = new Pace({ inFlight: 8, perSecond: 100 });
  const begun: number[] = [];
  await Promise.all(
    Array.from({ length: 6 }, () => pace.run(async () => void begun.push(performance.now()))),
  );
  const [first = 0] = begun;
  // Timers may be a millisecond early.
  for (const [index, at] of begun.entries()) t.ok(at - first >= index * 10 - 2, `task ${index}`);
});

t.test("Pace goes on after a task that fails", async (t) => {
  const pace = new Pace({ inFlight: 1, perSecond: Infinity });
  await t.rejects(pace.run(() => Promise.reject(new Error("no"))));
  t.equal(await pace.run(async () => 7), 7);
});
