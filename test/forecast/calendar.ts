import t from "tap";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { forecast } from "../../src/links/forecast/forecast.ts";
import { forecastCalendar } from "../../src/report/forecast/ics/forecast-calendar.ts";
import { calendarText, contentLine } from "../../src/report/forecast/ics/content-line.ts";
import { readCalendar, textOf, valueOf } from "./calendar-reader.ts";
import { DAY, hostOf, issue, makeKeys, NOW, surroundingsOf } from "./world.ts";

const [key] = await makeKeys(1);
if (key === undefined) throw new Error("No key");
const root = issue("Root", key, 3000, { ca: true });

const calendarOf = (
  name: string | IssuedCertificate,
  options: { readonly at?: number; readonly second?: boolean } = {},
): string => {
  const leaf =
    typeof name === "string" ? issue(name, key, 50, { issuer: root, san: [hostOf("a")] }) : name;
  const at = options.at ?? NOW;
  const result = forecast({
    ...surroundingsOf({
      clients: {
        one: { profile: "openjdk-17", anchors: [root] },
        ...(options.second === true ? { two: { profile: "go", anchors: [root] } } : {}),
      },
      endpoints: { a: [[leaf]] },
    }),
    at,
    until: NOW + 365 * DAY,
  });
  return forecastCalendar({ result, file: "anchorwatch.yaml", source: "live", code: 0 });
};

t.test(
  "forecastCalendar() writes an entry for each piece of work, as RFC 5545 has it",
  async (t) => {
    const calendar = readCalendar(calendarOf("a"));
    t.equal(calendar.name, "VCALENDAR");
    t.equal(valueOf(calendar, "VERSION"), "2.0");
    t.match(valueOf(calendar, "PRODID"), /./);
    t.equal(calendar.components.length, 1);
    const [entry] = calendar.components;
    if (entry === undefined) return;
    t.equal(entry.name, "VEVENT");
    t.equal(valueOf(entry, "DTSTAMP"), "20261121T120000Z");
    t.equal(valueOf(entry, "DTSTART"), "20270110T120000Z");
    t.match(valueOf(entry, "UID"), /^[0-9a-f]{16}@anchorwatch$/);
    t.equal(textOf(valueOf(entry, "SUMMARY")), "Renew the certificate of a (saves 1 link)");
    const description = textOf(valueOf(entry, "DESCRIPTION"));
    t.match(description, "By 2027-01-10 12:00 UTC: endpoint a\n");
    t.match(description, "- one to a\n");
    t.match(description, "\n1. ");
    for (const alarm of entry.components) {
      t.equal(alarm.name, "VALARM");
      t.equal(valueOf(alarm, "ACTION"), "DISPLAY");
      t.match(valueOf(alarm, "TRIGGER"), /^-P\d+D$/);
      t.equal(valueOf(alarm, "DESCRIPTION"), valueOf(entry, "SUMMARY"));
    }
    t.ok(entry.components.length > 0);
  },
);

t.test("forecastCalendar() gives the same work the same UID, whatever else changed", async (t) => {
  const uidOf = (text: string): string => {
    const [entry] = readCalendar(text).components;
    return entry === undefined ? "" : valueOf(entry, "UID");
  };
  const leaf = issue("a", key, 50, { issuer: root, san: [hostOf("a")] });
  const others = issue("b", key, 50, { issuer: root, san: [hostOf("a")] });
  const found = calendarOf(leaf);
  t.not(uidOf(found), uidOf(calendarOf(others)));
  const later = calendarOf(leaf, { at: NOW + DAY, second: true });
  t.match(later, /saves 2 links/);
  t.equal(uidOf(later), uidOf(found));
});

t.test("forecastCalendar() writes a calendar without entries when nothing ends", async (t) => {
  const calendar = readCalendar(
    forecastCalendar({
      result: { at: NOW, until: NOW + DAY, links: [], works: [] },
      file: "a,b;c\\d.yaml",
      source: "live",
      code: 0,
    }),
  );
  t.strictSame(calendar.components, []);
  t.equal(textOf(valueOf(calendar, "X-WR-CALNAME")), "Anchorwatch a,b;c\\d.yaml");
});

t.test("forecastCalendar() keeps hostile names inside of their values", async (t) => {
  for (const name of [
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
    "\u{1f512}".repeat(60),
    "a;b,c\\n\\;",
    "é".repeat(100),
    "\u0000\u0007\u001b[31m",
  ]) {
    const calendar = readCalendar(calendarOf(name).replaceAll("\ufffd", "?"));
    t.equal(calendar.components.length, 1, JSON.stringify(name));
    const [entry] = calendar.components;
    t.match(entry === undefined ? "" : textOf(valueOf(entry, "SUMMARY")), / \(saves 1 link\)$/);
  }
});

t.test(
  "contentLine() folds at 75 octets, and textOf its inverse gets everything back",
  async (t) => {
    for (let length = 60; length < 240; length++)
      for (const unit of ["a", "é", "€", "\u{1f512}"]) {
        const text = `${"x".repeat(length % 7)}${unit.repeat(length)}`;
        const line = contentLine("SUMMARY", calendarText(text));
        const physical = line.slice(0, -2).split("\r\n");
        const widths = physical.map((each) => Buffer.byteLength(each));
        if (
          Math.max(...widths) > 75 ||
          physical.join("\n").replaceAll("\n ", "") !== `SUMMARY:${text}`
        )
          t.fail(`${length} × ${unit}`);
      }
    t.equal(contentLine("A", "b".repeat(73)), `A:${"b".repeat(73)}\r\n`);
    t.equal(contentLine("A", "b".repeat(74)), `A:${"b".repeat(73)}\r\n b\r\n`);
    t.equal(calendarText("a\nb\r\nc;d,e\\"), "a\\nb\\nc\\;d\\,e\\\\");
  },
);
