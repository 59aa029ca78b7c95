import fc from "fast-check";
import t from "tap";
import { encode, normaliseBer } from "../../src/x509/ber.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { DerError } from "../../src/x509/der.ts";
import { hostileTargets } from "./hostile-targets.ts";
import { at, PASSWORD, publicRoots } from "./material.ts";
import { clearSafe, encryptedSafe, toBer, writePfx } from "./write-stores.ts";

/** Runs a target and tells which change of which seed it broke on. */
function survives(target: (input: Uint8Array) => void, input: Uint8Array, what: string): void {
  try {
    target(input);
  } catch (error) {
    throw new Error(what, { cause: error });
  }
}

for (const { name, seeds, target } of hostileTargets) {
  t.test(`${name}() rejects its inputs cut at any length as data`, async (t) => {
    for (const [index, seed] of seeds.entries())
      for (let length = 0; length <= seed.length; length++)
        survives(target, seed.subarray(0, length), `seed ${index} cut at ${length}`);
    t.pass("nothing was thrown");
  });

  t.test(`${name}() rejects its inputs with any octet changed as data`, async (t) => {
    for (const [index, seed] of seeds.entries())
      for (let at = 0; at < seed.length; at++)
        for (const value of [0, 0x80, 0xff, (seed[at] ?? 0) ^ 1, (seed[at] ?? 0) ^ 0x20]) {
          const changed = Uint8Array.from(seed);
          changed[at] = value;
          survives(target, changed, `seed ${index} with ${value} at ${at}`);
        }
    t.pass("nothing was thrown");
  });
}

t.test("parseStore() returns typed failures for stores with random changes", async (t) => {
  const plans = [{ bag: { certificate: at(publicRoots, 0) }, trusted: true, alias: "ca" }];
  const seeds = [
    writePfx([encryptedSafe(plans)]),
    writePfx([clearSafe(plans), encryptedSafe(plans)]),
    ...hostileTargets.flatMap((target) => target.seeds),
  ];
  const change = fc.record({ position: fc.nat(100_000), value: fc.nat(255), insert: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(PASSWORD, null, ""),
      async (seed, changes, password) => {
        const bytes = [...seed];
        for (const { position, value, insert } of changes)
          bytes.splice(position % bytes.length, insert ? 0 : 1, value);
        const result = await parseStore(Uint8Array.from(bytes), { password });
        if (!result.ok) return /^[A-Z].*[^.]$/s.test(result.error.message);
        return result.value.entries.length <= 20_000;
      },
    ),
    { numRuns: 3_000, seed: 20_261_121 },
  );
  t.pass("3000 changed stores were read or refused");
});

t.test(
  "parseStore() returns typed failures for random bytes behind any magic number",
  async (t) => {
    const heads = [
      "feedfeed00000002",
      "cececece",
      "3082",
      "3080",
      "374806",
      "0000000100000014",
      "fffe",
      "efbbbf",
      "",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 200 }),
        async (head, tail) => {
          const bytes = Buffer.concat([Buffer.from(head, "hex"), tail]);
          const result = await parseStore(bytes, { password: PASSWORD });
          return result.ok || result.error.message.length < 400;
        },
      ),
      { numRuns: 3_000, seed: 20_261_121 },
    );
    t.pass("3000 inputs were read or refused");
  },
);

t.test("normaliseBer() refuses nesting that only eats the stack", async (t) => {
  let nested: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < 70; i++) nested = encode(0x30, [nested]);
  t.throws(() => normaliseBer(nested), { code: "too-deep" });
  const indefinite = Buffer.alloc(200_000, Buffer.from([0x30, 0x80]));
  t.throws(() => normaliseBer(indefinite), { code: "too-deep" });
  t.match(await parseStore(indefinite, { password: null }), { ok: false });
});

t.test("normaliseBer() gives back DER as it is, and DER for every BER form of it", async (t) => {
  fc.assert(
    fc.property(derElement(3), (der) => {
      const read = normaliseBer(der);
      return !read.changed && read.consumed === der.length && Buffer.compare(read.der, der) === 0;
    }),
    { seed: 7 },
  );
  fc.assert(
    fc.property(derElement(3), fc.integer({ min: 1, max: 20 }), (der, segment) => {
      const read = normaliseBer(toBer(der, segment));
      return Buffer.compare(read.der, der) === 0;
    }),
    { seed: 7 },
  );
  t.throws(() => normaliseBer(Uint8Array.of(0x04, 0x80, 0, 0)), { code: "indefinite-length" });
  t.throws(() => normaliseBer(Uint8Array.of(0x30, 0x80, 0)), { code: "truncated" });
  t.throws(() => normaliseBer(Uint8Array.of(0x24, 0x02, 0x05, 0x00)), { code: "tag-unexpected" });
  try {
    normaliseBer(new Uint8Array(0));
    t.fail("nothing was refused");
  } catch (error) {
    t.ok(error instanceof DerError);
  }
});

/** Primitive strings and sequences of them. */
function derElement(depth: number): fc.Arbitrary<Uint8Array> {
  const leaf = fc
    .tuple(fc.constantFrom(0x02, 0x04, 0x0c, 0x80), fc.uint8Array({ maxLength: 300 }))
    .map(([tag, content]) => encode(tag, [content]));
  if (depth === 0) return leaf;
  const inner = fc
    .tuple(fc.constantFrom(0x30, 0x31, 0xa0), fc.array(derElement(depth - 1), { maxLength: 3 }))
    .map(([tag, parts]) => encode(tag, parts));
  return fc.oneof(leaf, inner);
}
