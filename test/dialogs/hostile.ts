import fc from "fast-check";
import t from "tap";
import { DIALOG_LIMITS } from "../../src/probe/dialogs/limits.ts";
import { isUpgradeScheme, SCHEMES } from "../../src/probe/schemes.ts";
import { checkOutcome } from "./outcome.ts";
import { AGREED, converse, latin1, REFUSED } from "./scripts.ts";

const upgrades = SCHEMES.filter(isUpgradeScheme);

t.test("dialogs end with a reason when any byte of a server's words is another", async (t) => {
  for (const { scheme, server } of [...AGREED, ...REFUSED]) {
    const bytes = latin1(server.join("").slice(0, 400));
    for (let at = 0; at < bytes.length; at++)
      for (const flip of [0x01, 0x20, 0x80, 0xff]) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        checkOutcome(converse(scheme, [changed], "closed"));
      }
  }
  t.pass();
});

t.test("dialogs end with a reason when lengths lie", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    ldap: "\x30\x84\x7f\xff\xff\xff\x02",
    mysql: "\xff\xff\xff\x00\x0a8",
    mssql: "\x04\x01\xff\xff\0\0\x01\0",
    rdp: "\x03\0\xff\xff\x0e",
    postgres: "E\x7f\xff\xff\xff",
    sieve: '"IMPLEMENTATION" {999999999}\r\n',
  };
  for (const [scheme, bytes] of Object.entries(cases)) {
    if (!isUpgradeScheme(scheme)) continue;
    const { end } = converse(scheme, [latin1(bytes), new Uint8Array(DIALOG_LIMITS.totalBytes)]);
    t.equal(typeof end, "object", scheme);
  }
});

t.test("dialogs never throw", async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...upgrades),
      fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 6 }),
      fc.constantFrom("closed" as const, "reset" as const, "expired" as const),
      (scheme, chunks, last) => checkOutcome(converse(scheme, chunks, last)),
    ),
    { numRuns: 2000 },
  );
  t.pass();
});

t.test("dialogs come to the same end however a server's bytes are cut", async (t) => {
  const { length } = AGREED;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: length - 1 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
      (index, sizes) => {
        const script = AGREED[index];
        if (script === undefined) return false;
        const bytes = latin1(script.server.join(""));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        chunks.push(bytes.subarray(at));
        const filled = chunks.filter((chunk) => chunk.length > 0);
        return converse(script.scheme, filled).end === "ready";
      },
    ),
  );
  t.pass();
});

t.test("dialogs with a server that drips single bytes cost no more than they send", async (t) => {
  const start = performance.now();
  for (const scheme of upgrades)
    for (const byte of [0x61, 0x20, 0x3c, 0x30]) {
      const drop = Uint8Array.of(byte);
      converse(
        scheme,
        Array.from({ length: DIALOG_LIMITS.totalBytes + 1 }, () => drop),
      );
    }
  t.comment(`${Math.round(performance.now() - start)} ms`);
  t.pass();
});
