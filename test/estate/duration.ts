import t from "tap";
import { parseDuration, parseThreshold, thresholdMilliseconds } from "../../src/estate/duration.ts";

void t.test("parseDuration() reads seconds to days and nothing else", async (t) => {
  for (const [text, milliseconds] of [
    ["30s", 30_000],
    ["5m", 300_000],
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["0s", 0],
    ["5", null],
    ["5 m", null],
    ["-5m", null],
    ["1.5h", null],
    ["5M", null],
    ["5ms", null],
    ["9999999999d", null],
    ["5m\n", null],
    ["", null],
  ] as const)
    t.equal(parseDuration(text), milliseconds, JSON.stringify(text));
});

void t.test("parseThreshold() reads a duration or a share of a lifetime", async (t) => {
  t.same(parseThreshold("30d"), { kind: "duration", milliseconds: 2_592_000_000 });
  t.same(parseThreshold("33%"), { kind: "share", share: 0.33 });
  for (const text of ["0%", "100%", "3.3%", "-1%", "%", "30"]) t.equal(parseThreshold(text), null);
});

void t.test("thresholdMilliseconds() applies a share to the lifetime", async (t) => {
  const day = 86_400_000;
  t.equal(thresholdMilliseconds({ kind: "share", share: 0.33 }, 100 * day), 33 * day);
  t.equal(thresholdMilliseconds({ kind: "share", share: 0.33 }, -5), 0, "an inverted validity");
  t.equal(thresholdMilliseconds({ kind: "duration", milliseconds: day }, 5), day);
});
