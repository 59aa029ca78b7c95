import t from "tap";
import type { Delivery } from "../../../src/daemon/alerts/alert-rows.ts";
import type { Alert } from "../../../src/daemon/alerts/alert.ts";
import { Health } from "../../../src/daemon/health.ts";
import { Dispatcher } from "../../../src/daemon/notify/dispatcher.ts";
import type { DeliveryFailure, Notifier } from "../../../src/daemon/notify/notifier.ts";
import { fail, ok } from "../../../src/x509/result.ts";
import { FakeClock, settle } from "../fake-clock.ts";
import { silent } from "../samples.ts";
import { alert, delivery } from "./samples.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const down: DeliveryFailure = { retry: true, message: "It is down", retryAfter: null };

function fixture(options: { readonly reminds?: boolean; readonly firing?: readonly Alert[] } = {}) {
  const clock = new FakeClock();
  const health = new Health(clock, silent);
  const records: Delivery[] = [];
  const sent: string[] = [];
  const told: string[] = [];
  const reminded: number[] = [];
  let trouble: DeliveryFailure | null = null;
  const notifier: Notifier = {
    name: "am",
    resolved: true,
    send: async ({ id, event, alert: { resolvedAt } }) => {
      sent.push(id);
      told.push(`${event} ${resolvedAt === null ? "firing" : "over"}`);
      return trouble === null ? ok(null) : fail(trouble);
    },
    reminder:
      options.reminds === true
        ? {
            every: MINUTE,
            send: async (firing) => {
              reminded.push(firing.length);
              return trouble === null ? ok(null) : fail(trouble);
            },
          }
        : null,
    close: async () => {},
  };
  const dispatcher = new Dispatcher({
    clock,
    log: silent,
    health,
    record: (each) => records.push(each),
    firing: () => options.firing ?? [],
  });
  return {
    clock,
    health,
    records,
    sent,
    told,
    reminded,
    notifier,
    dispatcher,
    fails: (failure: DeliveryFailure | null) => {
      trouble = failure;
    },
  };
}

const states = (records: readonly Delivery[]): readonly string[] =>
  records.map(({ notification: { id }, state, attempts }) => `${id} ${state} ${attempts}`);

t.test("Dispatcher sends in order and records what was taken", async (t) => {
  const { dispatcher, notifier, records, sent } = fixture();
  await dispatcher.adopt([notifier]);
  dispatcher.enqueue([delivery({ id: "1" }), delivery({ id: "2" })]);
  await settle();
  t.same(sent, ["1", "2"]);
  t.same(states(records), ["1 delivered 1", "2 delivered 1"]);
  t.equal(dispatcher.waiting, 0);
});

t.test("Dispatcher keeps every message for a receiver that is down for an hour", async (t) => {
  const { clock, dispatcher, notifier, records, health, sent, fails } = fixture();
  await dispatcher.adopt([notifier]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await settle();
  dispatcher.enqueue([delivery({ id: "2" }), delivery({ id: "3" })]);
  await clock.advance(HOUR);
  t.same(new Set(sent), new Set(["1"]), "the second waits for the first");
  t.ok(sent.length > 5 && sent.length < 20, `${sent.length} attempts in an hour`);
  t.match(health.problems, [{ code: "notifier-failing", message: /not taken: It is down/ }]);
  t.equal(dispatcher.waiting, 3);
  fails(null);
  await clock.advance(10 * MINUTE);
  t.same(
    records.filter(({ state }) => state === "delivered").map(({ notification: { id } }) => id),
    ["1", "2", "3"],
  );
  t.same(health.problems, []);
});

t.test("Dispatcher waits as long as a receiver asks for", async (t) => {
  const { clock, dispatcher, notifier, sent, fails } = fixture();
  await dispatcher.adopt([notifier]);
  fails({ ...down, retryAfter: 20 * MINUTE });
  dispatcher.enqueue([delivery({ id: "1" })]);
  await clock.advance(19 * MINUTE);
  t.same(sent, ["1"]);
  await clock.advance(MINUTE);
  t.same(sent, ["1", "1"]);
});

t.test("Dispatcher gives up what is refused for good, and goes on", async (t) => {
  const { dispatcher, notifier, records, sent, fails, health } = fixture();
  await dispatcher.adopt([notifier]);
  fails({ retry: false, message: "Status 400", retryAfter: null });
  dispatcher.enqueue([delivery({ id: "1" })]);
  await settle();
  t.same(states(records), ["1 dead 1"]);
  t.equal(records[0]?.error, "Status 400");
  t.match(health.problems, [{ code: "notifier-failing" }]);
  fails(null);
  dispatcher.enqueue([delivery({ id: "2" })]);
  await settle();
  t.same(sent, ["1", "2"]);
  t.same(health.problems, []);
});

t.test("Dispatcher gives up after a day", async (t) => {
  const { clock, dispatcher, notifier, records, fails } = fixture();
  await dispatcher.adopt([notifier]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await clock.advance(24 * HOUR + 11 * MINUTE);
  t.match(records.at(-1), { state: "dead", error: "It is down" });
  t.equal(dispatcher.waiting, 0);
});

t.test("Dispatcher gives nothing up because the clock was set", async (t) => {
  const { clock, dispatcher, notifier, records, fails } = fixture();
  await dispatcher.adopt([notifier]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  clock.jump(48 * HOUR);
  dispatcher.enqueue([delivery({ id: "from before the start" })]);
  await clock.advance(HOUR);
  t.equal(dispatcher.waiting, 2);
  t.match(records.at(-1), { state: "waiting" });
  await clock.advance(23 * HOUR + 20 * MINUTE);
  t.same(
    records.filter(({ state }) => state === "dead").map(({ notification }) => notification.id),
    ["1", "from before the start"],
  );
});

t.test("Dispatcher leaves what waits to the next start", async (t) => {
  const { clock, dispatcher, notifier, records, fails, sent } = fixture();
  await dispatcher.adopt([notifier]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await settle();
  await dispatcher.close();
  await clock.advance(HOUR);
  t.same(states(records), ["1 waiting 1"]);
  t.same(sent, ["1"]);
});

t.test("Dispatcher gives up what waits for a notifier that the estate lost", async (t) => {
  const { dispatcher, notifier, records, fails, health } = fixture();
  await dispatcher.adopt([notifier]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await settle();
  await dispatcher.adopt([]);
  t.match(records.at(-1), { state: "dead", error: /no such notifier/ });
  t.same(health.problems, []);
  dispatcher.enqueue([delivery({ id: "2" })]);
  t.match(records.at(-1), { notification: { id: "2" }, state: "dead" });
});

t.test("Dispatcher reminds of what fires once a minute, and not before messages", async (t) => {
  const { clock, dispatcher, notifier, reminded, fails } = fixture({
    reminds: true,
    firing: [alert()],
  });
  await dispatcher.adopt([notifier]);
  await clock.advance(5 * MINUTE);
  t.same(reminded, [1, 1, 1, 1, 1]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await clock.advance(5 * MINUTE);
  t.equal(reminded.length, 5, "what waits comes first");
  await dispatcher.close();
});

t.test("Dispatcher tells a receiver that keeps states only the end of what is over", async (t) => {
  for (const reminds of [true, false]) {
    const { clock, dispatcher, notifier, sent, told, fails, records } = fixture({ reminds });
    await dispatcher.adopt([notifier]);
    fails(down);
    const over = alert({ status: "resolved", resolvedAt: clock.wall() });
    dispatcher.enqueue([delivery({ id: "1" }), delivery({ id: "2" })]);
    await clock.advance(MINUTE);
    dispatcher.enqueue([delivery({ id: "3", event: "resolved", alert: over })]);
    fails(null);
    await clock.advance(10 * MINUTE);
    t.same(sent.slice(-3), ["1", "2", "3"], "every message is settled");
    t.equal(records.filter(({ state }) => state === "delivered").length, 3);
    const state = reminds ? "over" : "firing";
    t.same(told.slice(-3), [`firing ${state}`, `firing ${state}`, "resolved over"]);
    await dispatcher.close();
  }
});

t.test("Dispatcher tries a receiver that forgets as often as it reminds it", async (t) => {
  const { clock, dispatcher, notifier, sent, fails } = fixture({ reminds: true });
  await dispatcher.adopt([notifier]);
  fails(down);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await clock.advance(HOUR);
  const before = sent.length;
  t.ok(before > 55 && before < 70, `${before} attempts in an hour`);
  await clock.advance(MINUTE);
  t.equal(sent.length, before + 1);
  await dispatcher.close();
});

t.test("Dispatcher says when a receiver takes no reminders", async (t) => {
  const firing = [alert()];
  const { clock, dispatcher, notifier, health, fails } = fixture({ reminds: true, firing });
  await dispatcher.adopt([notifier]);
  fails(down);
  await clock.advance(MINUTE);
  t.match(health.problems, [{ code: "notifier-failing", message: /told to am again: It is down/ }]);
  fails(null);
  await clock.advance(MINUTE);
  t.same(health.problems, []);
  fails(down);
  await clock.advance(MINUTE);
  t.match(health.problems, [{ code: "notifier-failing" }]);
  firing.pop();
  await clock.advance(MINUTE);
  t.same(health.problems, [], "there is nothing to be told");
  await dispatcher.close();
});

t.test("Dispatcher survives a notifier with a defect", async (t) => {
  const { clock, dispatcher, notifier, records } = fixture();
  let calls = 0;
  const defect: Notifier = {
    ...notifier,
    send: async () => {
      calls++;
      if (calls === 1) throw new Error("defect");
      return ok(null);
    },
  };
  await dispatcher.adopt([defect]);
  dispatcher.enqueue([delivery({ id: "1" })]);
  await clock.advance(MINUTE);
  t.match(records.at(-1), { state: "delivered", attempts: 2 });
});
