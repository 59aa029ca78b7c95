import fc from "fast-check";
import t from "tap";
import { FINDING_CODES } from "../../src/diagnosis/finding-codes.ts";
import { columnsOf } from "../../src/report/columns.ts";
import { isCommand } from "../../src/report/commands.ts";
import type { CertificateName } from "../diagnosis/pki.ts";
import { assessed, finding, report } from "./fixture.ts";

const words = fc.string({ unit: "grapheme", maxLength: 200 });

const findings = fc.array(
  fc
    .record({
      code: fc.constantFrom(...FINDING_CODES),
      severity: fc.constantFrom("critical", "warning", "info"),
      summary: words,
      remedy: fc.array(
        fc.oneof(
          words,
          words.map((text) => `openssl x509 ${text}`),
        ),
        {
          maxLength: 4,
        },
      ),
      clientMessage: fc.option(words),
    })
    .map((given) => finding(given as Parameters<typeof finding>[0])),
  { maxLength: 3 },
);

const certificates = fc.array(
  fc.constantFrom<CertificateName>(
    "leaf",
    "intA",
    "rootA",
    "rootA_newkey",
    "intA_exp",
    "leaf_nyv",
    "intB",
  ),
  { maxLength: 6 },
);

const targets = fc.record({
  target: words,
  sent: certificates,
  held: certificates,
  name: words,
  store: words,
  findings,
  both: fc.boolean(),
});

t.test("check in text has no line over its width but commands and fingerprints", async (t) => {
  let longest = "";
  fc.assert(
    fc.property(
      fc.array(targets, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(60, 80),
      (given, columns) => {
        const results = given.map(({ target, sent, held, name, store, findings: found, both }) =>
          assessed(target, {
            sent,
            held,
            store,
            clients: [
              { profile: "openjdk-17", name, findings: found },
              ...(both ? [{ profile: "openssl-3" as const, findings: found }] : []),
            ],
          }),
        );
        for (const line of report("text", results, { columns }).split("\n")) {
          const isWhole = isCommand(line.trim()) || /(?:[0-9A-F]{2}:){31}/.test(line);
          if (!isWhole && columnsOf(line) > columns) longest = line;
        }
        return longest === "";
      },
    ),
    { numRuns: 60 },
  );
  t.equal(longest, "");
});
