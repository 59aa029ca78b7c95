import t from "tap";
import { parseInstant } from "../../src/cli/instant.ts";

t.test("parseInstant() reads RFC 3339 times and dates", (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["2027-01-31T12:00:00Z", "2027-01-31T12:00:00.000Z"],
    ["2027-01-31t12:00:00.5z", "2027-01-31T12:00:00.500Z"],
    ["2027-01-31T12:00:00.123456789Z", "2027-01-31T12:00:00.123Z"],
    ["2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00.000Z"],
    ["2028-02-29T00:00:00-00:30", "2028-02-29T00:30:00.000Z"],
    ["2027-01-31", "2027-01-31T00:00:00.000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
  ];
  for (const [text, expected] of cases) {
    const time = parseInstant(text);
    t.equal(time === null ? null : new Date(time).toISOString(), expected, text);
  }
  t.end();
});

t.test("parseInstant() refuses everything else", (t) => {
  const texts = [
    "",
    "now",
    "2027",
    "2027-02-29",
    "2027-13-01",
    "2027-01-31T12:00:00",
    "2027-01-31 12:00:00Z",
    "2027-01-31T25:00:00Z",
    "2027-01-31T12:61:00Z",
    "2027-01-31T12:00Z",
    "2027-01-31T12:00:00+2",
    "2027-01-31T12:00:00Zulu",
    " 2027-01-31",
    "+002027-01-31",
  ];
  for (const text of texts) t.equal(parseInstant(text), null, JSON.stringify(text));
  t.end();
});
