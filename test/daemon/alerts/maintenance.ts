import t from "tap";
import { closesAt, isOpen, type TimeWindow } from "../../../src/estate/windows/time-window.ts";
import { fitsPattern, isSelected } from "../../../src/daemon/alerts/select-links.ts";
import { parseWeekly } from "../../../src/estate/windows/weekly.ts";

function weekly(text: string, timeZone: string): TimeWindow {
  const time = parseWeekly(text);
  if (time === null) throw new Error(text);
  return { kind: "weekly", ...time, timeZone };
}

const openAt = (time: TimeWindow, instant: string): boolean => isOpen(time, Date.parse(instant));

t.test("isOpen() knows days and hours of a time zone, over midnight too", async (t) => {
  const night = weekly("Sat 22:00-02:00", "Europe/Berlin");
  t.notOk(openAt(night, "2026-11-21T20:59:59Z"));
  t.ok(openAt(night, "2026-11-21T21:00:00Z"), "22:00 of Saturday in Berlin");
  t.ok(openAt(night, "2026-11-22T00:59:59Z"), "01:59 of Sunday");
  t.notOk(openAt(night, "2026-11-22T01:00:00Z"));
  t.notOk(openAt(night, "2026-11-20T21:30:00Z"), "Friday");
  t.ok(openAt(night, "2026-07-18T20:00:00Z"), "summer time");
  const day = weekly("Sun 00:00-24:00", "Pacific/Auckland");
  t.ok(openAt(day, "2026-11-21T12:00:00Z"), "Sunday has begun there");
  t.notOk(openAt(day, "2026-11-22T12:00:00Z"));
});

t.test("isOpen() ends a single window at its end", async (t) => {
  const once: TimeWindow = { kind: "once", from: 1000, until: 2000 };
  t.same(
    [999, 1000, 1999, 2000].map((at) => isOpen(once, at)),
    [false, true, true, false],
  );
});

t.test("closesAt() tells the end of a window that is open, on the next day too", async (t) => {
  const night = weekly("Sat 22:00-02:00", "Europe/Berlin");
  const end = Date.parse("2026-11-22T01:00:00Z");
  for (const instant of ["2026-11-21T21:00:00Z", "2026-11-21T23:30:59Z", "2026-11-22T00:59:59Z"])
    t.equal(closesAt(night, Date.parse(instant)), end, instant);
  t.equal(closesAt(night, end), null);
  t.equal(closesAt({ kind: "once", from: 1000, until: 2000 }, 1500), 2000);
  t.equal(closesAt({ kind: "once", from: 1000, until: 2000 }, 2500), null);
});

t.test("fitsPattern() takes stars for anything", async (t) => {
  for (const [pattern, text, fits] of [
    ["a", "a", true],
    ["a", "ab", false],
    ["a*", "abc", true],
    ["*c", "abc", true],
    ["a*c", "ac", true],
    ["a*a", "a", false],
    ["*b*", "abc", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*bb*c", "abc", false],
    ["*ab", "aab", true],
    ["chain.*", "chainx", false],
    ["*", "", true],
    ["", "", true],
  ] as const)
    t.equal(fitsPattern(pattern, text), fits, `${pattern} ${text}`);
  t.notOk(fitsPattern("*a".repeat(10_000), "a".repeat(9_999)));
});

t.test("isSelected() asks for every part that is given", async (t) => {
  const link = { client: "pfs-1", endpoint: "bpm", labels: { stage: "prod", team: "x" } };
  const all = { clients: [], endpoints: [], labels: {} };
  t.ok(isSelected(all, link));
  t.ok(
    isSelected({ clients: ["a", "pfs-*"], endpoints: ["bpm"], labels: { stage: "prod" } }, link),
  );
  t.notOk(isSelected({ ...all, clients: ["pfs"] }, link));
  t.notOk(isSelected({ ...all, labels: { stage: "test" } }, link));
  t.notOk(isSelected({ ...all, labels: { toString: "x" } }, link));
});
