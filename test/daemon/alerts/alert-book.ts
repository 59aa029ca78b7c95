import fc from "fast-check";
import t from "tap";
import { AlertBook, type AlertChange } from "../../../src/daemon/alerts/alert-book.ts";
import type { Alert } from "../../../src/daemon/alerts/alert.ts";
import { linkSignals } from "../../../src/daemon/alerts/signals.ts";
import { linkKey, type LinkState } from "../../../src/daemon/link-state.ts";
import { makeFinding } from "../../../src/diagnosis/make-finding.ts";
import type { EstateAlerts } from "../../../src/estate/alerts/alerts.ts";
import type { AlertsDocument } from "../../../src/estate/alerts/document.ts";
import { resolveAlerts } from "../../../src/estate/alerts/resolve.ts";
import { NOW } from "../fake-clock.ts";
import { link } from "../samples.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const expired = makeFinding("chain.intermediate-expired", {
  severity: "critical",
  summary: "The intermediate CA Issuing expired",
  remedy: ["Replace it"],
});

const broken = (endpoint: string, different: Partial<LinkState> = {}): LinkState =>
  link({
    endpoint,
    state: "broken",
    ok: false,
    findings: [{ ...expired, evidence: { ...expired.evidence, certificates: ["ab".repeat(32)] } }],
    ...different,
  });

/** A book with a clock and short words for what it tells. */
function openBook(document: AlertsDocument = {}, saved: readonly Alert[] = [], start = NOW) {
  const settings: EstateAlerts = resolveAlerts(document);
  let ids = 0;
  let at = start;
  const book = new AlertBook(settings, saved, () => `id-${ids++}`);
  const told: string[] = [];
  const tell = (changes: readonly AlertChange[]): readonly AlertChange[] => {
    for (const { kind, alert } of changes)
      told.push(`${(at - start) / SECOND} ${kind} ${alert.rule} ${alert.links.length}`);
    return changes;
  };
  return {
    book,
    told,
    put: (state: LinkState) =>
      book.put(linkKey(state.client, state.endpoint), linkSignals(state, settings.rules, at), at),
    /** Lets seconds pass, with a tick in each. */
    pass: (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        at += SECOND;
        tell(book.tick(at));
      }
    },
  };
}

t.test("AlertBook makes one alert of forty links that one certificate breaks", async (t) => {
  const { book, told, put, pass } = openBook();
  for (let index = 0; index < 40; index++)
    put(broken(`endpoint-${index}`, { client: `c${index % 3}` }));
  pass(60);
  t.same(told, ["1 pending link-broken 40", "60 firing link-broken 40"]);
  t.equal(book.active.length, 1);
  for (let index = 0; index < 40; index++)
    put(link({ endpoint: `endpoint-${index}`, client: `c${index % 3}` }));
  pass(121);
  t.same(told.slice(2), ["61 changed link-broken 40", "180 resolved link-broken 40"]);
  t.same(book.active, []);
});

t.test("AlertBook tells nothing of what is over before its time", async (t) => {
  const { told, put, pass } = openBook();
  put(broken("a"));
  pass(59);
  put(link({ endpoint: "a" }));
  pass(300);
  t.same(told, ["1 pending link-broken 1", "60 dropped link-broken 1"]);
});

t.test("AlertBook believes an end only after a while, and a flapping one later", async (t) => {
  const rules = [{ name: "r", when: "broken", for: "0s" }] as const;
  const { told, put, pass } = openBook({ rules, flapping: { changes: 4, within: "10m" } });
  put(broken("a"));
  pass(10);
  put(link({ endpoint: "a" }));
  pass(100);
  put(broken("a"));
  pass(10);
  t.same(told, ["1 firing r 1", "11 changed r 1", "111 changed r 1"], "it was gone too shortly");
  put(link({ endpoint: "a" }));
  pass(300);
  t.same(told.slice(3), ["121 changed r 1"], "four changes within ten minutes: not believed yet");
  pass(421);
  t.same(told.slice(4), [`${120 + 600} resolved r 1`]);
});

t.test("AlertBook keeps alerts and pending ones over a restart", async (t) => {
  const first = openBook();
  first.put(broken("a"));
  first.put(broken("b"));
  first.pass(60);
  const other = makeFinding("leaf.expired", { severity: "critical", summary: "x", remedy: [] });
  first.put(broken("c", { findings: [other] }));
  first.pass(30);
  const saved = first.book.active.map((alert) => ({ ...alert, told: true }));
  t.same(
    saved.map(({ status }) => status),
    ["firing", "pending"],
  );

  const second = openBook({}, saved, NOW + 90 * SECOND);
  second.pass(10);
  t.same(second.told, [], "nothing is repeated");
  second.put(broken("a"));
  second.put(broken("c", { findings: [other] }));
  second.pass(19);
  t.same(second.told, []);
  second.pass(1);
  t.same(second.told, ["30 firing link-broken 1"], "what was pending has waited before");
  second.put(link({ endpoint: "a" }));
  second.pass(200);
  t.equal(second.book.active.length, 2, "b was not looked at yet");
  second.put(link({ endpoint: "b" }));
  second.pass(121);
  t.match(second.told.at(-1), /resolved link-broken 2$/);
});

t.test("AlertBook fires nothing after a restart that was not seen again", async (t) => {
  const first = openBook();
  first.put(broken("a"));
  first.pass(30);
  const second = openBook({}, first.book.active, NOW + 3600 * SECOND);
  second.pass(600);
  t.same(second.told, []);
  second.book.retain(new Set(), NOW + 5000 * SECOND);
  second.pass(1);
  t.match(second.told, [/dropped/], "the link is none of the estate's any more");
});

t.test("AlertBook holds its peace while every link is in maintenance", async (t) => {
  const maintenance = [
    {
      name: "move",
      from: new Date(NOW).toISOString(),
      until: new Date(NOW + 10 * MINUTE).toISOString(),
      links: { endpoints: "test-*" },
    },
  ];
  const { told, put, pass } = openBook({ maintenance });
  put(broken("test-a"));
  pass(599);
  t.same(told, ["1 pending link-broken 1"]);
  pass(1);
  t.same(told.slice(1), ["600 firing link-broken 1"]);

  const mixed = openBook({ maintenance });
  mixed.put(broken("test-a"));
  mixed.put(broken("prod-a"));
  mixed.pass(60);
  t.same(mixed.told, ["1 pending link-broken 2", "60 firing link-broken 2"]);
});

t.test("AlertBook drops alerts of rules that are gone", async (t) => {
  const { book, told, put, pass } = openBook();
  put(broken("a"));
  pass(60);
  book.configure(resolveAlerts({ rules: [] }), NOW + 60 * SECOND);
  pass(121);
  t.match(told.at(-1), /resolved link-broken/);
});

t.test("AlertBook measures times anew when the clock is set", async (t) => {
  const { book, told, put, pass } = openBook();
  put(broken("a"));
  pass(30);
  book.shift(-3600 * SECOND);
  t.equal(book.active[0]?.since, NOW - 3600 * SECOND);
  book.shift(3600 * SECOND);
  pass(30);
  t.same(told, ["1 pending link-broken 1", "60 firing link-broken 1"]);
});

t.test(
  "AlertBook tells each beginning once and its end once, whatever comes in between",
  async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("break"), link: fc.nat(4) }),
      fc.record({ kind: fc.constant("mend"), link: fc.nat(4) }),
      fc.record({ kind: fc.constant("pass"), link: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ kind: fc.constant("restart"), link: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const settings = resolveAlerts({});
        let ids = 0;
        let at = NOW;
        const open = (saved: readonly Alert[]): AlertBook =>
          new AlertBook(settings, saved, () => `id-${ids++}`);
        let book = open([]);
        const ends = new Map<string, string>();
        const isBroken = new Set<number>();
        const tick = (): boolean => {
          for (const { kind, alert } of book.tick(at)) {
            const before = ends.get(alert.id);
            const isRight =
              kind === "firing"
                ? before === undefined
                : kind === "resolved"
                  ? before === "firing" && isBroken.size === 0
                  : true;
            if (!isRight) return false;
            if (kind === "firing" || kind === "resolved") ends.set(alert.id, kind);
          }
          return book.active.length <= 1;
        };
        const put = (index: number): void => {
          const state = isBroken.has(index) ? broken(`${index}`) : link({ endpoint: `${index}` });
          book.put(linkKey("pfs", `${index}`), linkSignals(state, settings.rules, at), at);
        };
        for (const { kind, link: value } of steps) {
          switch (kind) {
            case "break":
              isBroken.add(value);
              put(value);
              break;
            case "mend":
              isBroken.delete(value);
              put(value);
              break;
            case "restart":
              // what is on disk is what a tick told
              if (!tick()) return false;
              book = open(book.active);
              for (let index = 0; index < 5; index++) put(index);
              break;
            case "pass":
              for (let second = 0; second < value; second++) {
                at += SECOND;
                if (!tick()) return false;
              }
          }
        }
        for (let second = 0; second < 4000; second += 10) {
          at += 10 * SECOND;
          if (!tick()) return false;
        }
        const last = book.active.at(0);
        return isBroken.size > 0
          ? last?.status === "firing" && last.links.length === isBroken.size
          : last === undefined;
      }),
      { numRuns: 200 },
    );
  },
);
