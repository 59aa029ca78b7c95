import t from "tap";
import type { EstateAlerts, EstateNotifier } from "../../src/estate/alerts/alerts.ts";
import { parseWeekly } from "../../src/estate/windows/weekly.ts";
import { parseEstate } from "../../src/estate/load-estate.ts";

const MINUTE = 60_000;

function sections(text: string): {
  readonly alerts: EstateAlerts;
  readonly notifiers: readonly EstateNotifier[];
} {
  const estate = parseEstate("/etc/estate/e.yaml", `version: 1\n${text}`);
  if (!estate.ok) throw new Error(JSON.stringify(estate.error));
  return estate.value;
}

const mistakes = (text: string): readonly string[] => {
  const estate = parseEstate("e.yaml", `version: 1\n${text}`);
  if (estate.ok) return [];
  return estate.error.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

t.test("parseEstate() has rules for broken links, breaks ahead and itself", async (t) => {
  const { alerts, notifiers } = sections("");
  t.same(
    alerts.rules.map(({ name, condition, hold, severity }) => [
      name,
      condition.kind,
      hold / MINUTE,
      severity,
    ]),
    [
      ["link-broken", "broken", 1, "critical"],
      ["link-breaks-soon", "breaks", 1, "critical"],
      ["link-will-break", "breaks", 1, "warning"],
      ["watcher-blind", "blind", 1, "critical"],
      ["watcher", "watcher", 5, "warning"],
    ],
  );
  t.same(alerts.maintenance, []);
  t.equal(alerts.page, null);
  t.same(notifiers, []);
});

t.test("parseEstate() reads rules, windows and notifiers", async (t) => {
  const { alerts, notifiers } = sections(`
truststores: { corp: { path: corp.pem } }
alerts:
  page: https://watch.example.com/map
  resolveAfter: 10m
  flapping: { changes: 4 }
  rules:
    - name: chains
      when: { finding: [chain.*, leaf.expired], severity: critical }
      for: 10m
      labels: { team: pki }
      links: { clients: pfs-*, labels: { stage: prod } }
      notify: am
    - { name: third, when: { breaksWithin: 33% } }
  maintenance:
    - { name: patch night, weekly: "Sat-Sun 22:00-02:30", timeZone: Europe/Berlin }
    - { name: move, from: "2027-01-01T20:00:00+01:00", until: "2027-01-02T04:00:00Z", links: { endpoints: [a, b] } }
notify:
  am: { alertmanager: { url: "https://am.example.com", truststore: corp } }
  hook: { webhook: { url: "http://127.0.0.1:8080/x", secret: { env: HOOK } }, resolved: false }
  chat: { slack: { url: { file: slack-url } } }
  duty: { pagerduty: { routingKey: { env: PD } } }
  mail: { email: { server: mail.example.com, from: a@example.com, to: b@example.com } }
`);
  t.match(alerts, {
    page: "https://watch.example.com/map/",
    resolveAfter: 10 * MINUTE,
    flapping: { changes: 4, within: 60 * MINUTE },
    rules: [
      {
        condition: {
          kind: "finding",
          codes: ["chain.*", "leaf.expired"],
          severities: ["critical"],
        },
        links: { clients: ["pfs-*"], endpoints: [], labels: { stage: "prod" } },
        hold: 10 * MINUTE,
        severity: "warning",
        notify: ["am"],
      },
      { condition: { kind: "breaks", within: { kind: "share", share: 0.33 } }, notify: null },
    ],
    maintenance: [
      {
        time: {
          kind: "weekly",
          days: [0, 6],
          from: 22 * 60,
          until: 150,
          timeZone: "Europe/Berlin",
        },
      },
      {
        time: {
          kind: "once",
          from: Date.parse("2027-01-01T19:00:00Z"),
          until: Date.parse("2027-01-02T04:00:00Z"),
        },
        links: { endpoints: ["a", "b"] },
      },
    ],
  });
  t.match(notifiers, [
    { name: "am", kind: "alertmanager", truststore: "corp", token: null, resolved: true },
    { name: "hook", kind: "webhook", secret: { kind: "env", name: "HOOK" }, resolved: false },
    { name: "chat", kind: "slack", url: { kind: "file", path: "/etc/estate/slack-url" } },
    { name: "duty", kind: "pagerduty", url: "https://events.pagerduty.com/v2/enqueue" },
    { name: "mail", kind: "email", host: "mail.example.com", port: 587, security: "starttls" },
  ]);
});

t.test("parseEstate() tells mistakes in alerts and notifiers with their place", async (t) => {
  t.same(
    mistakes(`alerts:
  rules:
    - { name: a, when: sometimes }
    - { name: b, when: broken, notify: [am, mial] }
    - { name: c, when: { finding: Chain.Incomplete } }
  maintenance:
    - { name: d, weekly: "Someday 1-2" }
    - { name: e, from: "2027-01-02T00:00:00Z", until: "2027-01-01T00:00:00Z" }
    - { name: f, weekly: "Sat 01:00-02:00", timeZone: Mars/North }
notify:
  mail: { email: { server: m, from: a@b.example, to: "no address" } }
  none: {}
  am: { alertmanager: { url: "https://user:secret@am.example.com" } }
`).map((text) => text.replace(/, found.*/, "")),
    [
      "4:24 Expected broken, watcher, blind, { breaksWithin: 14d } or { finding: chain.* }",
      '5:45 Unknown notifier "mial"',
      "6:35 Expected a finding code such as chain.incomplete, or a pattern such as chain.*",
      "8:26 Expected days and times such as Sat 22:00-02:00 or Mon-Fri 12:00-13:00",
      "9:7 Expected either weekly, or from and an until that is later",
      "10:55 Expected a time zone such as Europe/Berlin",
      "12:54 Expected a mail address",
      "13:9 Expected exactly one of alertmanager, webhook, slack, pagerduty, email",
      "14:30 Expected an http or https URL without credentials",
    ],
  );
  t.notMatch(
    mistakes(`notify: { s: { slack: { url: "https://hooks.example.com/SECRET" } } }`).join(),
    /SECRET/,
  );
});

t.test("parseWeekly() reads days and times", async (t) => {
  t.same(parseWeekly("Sat 22:00-02:00"), { days: [6], from: 1320, until: 120 });
  t.same(parseWeekly("fri-mon 00:00-24:00"), { days: [0, 1, 5, 6], from: 0, until: 1440 });
  t.same(parseWeekly("Mon,Wed 08:15-09:45"), { days: [1, 3], from: 495, until: 585 });
  t.equal(parseWeekly("daily 01:00-02:00")?.days.length, 7);
  for (const text of [
    "",
    "Sat",
    "Sat 25:00-26:00",
    "Sat 10:60-11:00",
    "Sat 10:00-10:00",
    "Xyz 01:00-02:00",
    "Sat-Sun-Mon 01:00-02:00",
  ])
    t.equal(parseWeekly(text), null, text);
});
