import fc from "fast-check";
import t from "tap";
import { onlyElement, Tag } from "../../src/x509/der.ts";
import { formatAddress, parseAddress } from "../../src/x509/general-name.ts";
import { type Name, namesEqual, readName } from "../../src/x509/name.ts";
import { isIPv6 } from "node:net";

/** DER of a name with one attribute per RDN. */
function name(...attributes: readonly (readonly [oid: string, tag: number, text: string])[]): Name {
  const rdns = attributes.map(([oid, tag, text]) =>
    wrap(
      0x31,
      wrap(0x30, [...Buffer.from(oid, "hex"), ...wrap(tag, [...Buffer.from(text, "latin1")])]),
    ),
  );
  const der = Uint8Array.from(wrap(0x30, rdns.flat()));
  return readName(onlyElement(der, Tag.sequence, "a Name"));
}

const wrap = (tag: number, content: readonly number[]): number[] => [
  tag,
  content.length,
  ...content,
];

const CN = "0603550403";
const O = "060355040a";
const DC = "060a0992268993f22c640119";

t.test("namesEqual() folds case, blanks and string type as each client does", async (t) => {
  const plain = name([O, Tag.printableString, "Example Corp"], [CN, Tag.printableString, "Root"]);
  const folded = name([O, Tag.utf8String, " EXAMPLE  corp"], [CN, Tag.utf8String, "root "]);
  t.equal(namesEqual(plain, folded, "java"), true);
  t.equal(namesEqual(plain, folded, "openssl"), true);
  t.equal(namesEqual(plain, folded, "bytes"), false);
});

t.test(
  "namesEqual() as java leaves IA5String and Teletex values alone, openssl does not",
  async (t) => {
    const lower = name([DC, Tag.ia5String, "example"]);
    const upper = name([DC, Tag.ia5String, "EXAMPLE"]);
    t.equal(namesEqual(lower, upper, "java"), false);
    t.equal(namesEqual(lower, upper, "openssl"), true);
    const teletex = name([O, Tag.teletexString, "Corp"]);
    const utf8 = name([O, Tag.utf8String, "Corp"]);
    t.equal(namesEqual(teletex, utf8, "java"), false);
    t.equal(namesEqual(teletex, utf8, "openssl"), true);
  },
);

t.test("namesEqual() is not fooled by separators inside a value", async (t) => {
  const one = name([CN, Tag.utf8String, "a\n2.5.4.10=b"]);
  const two = name([CN, Tag.utf8String, "a"], [O, Tag.utf8String, "b"]);
  t.equal(namesEqual(one, two, "java"), false);
  t.equal(namesEqual(one, two, "openssl"), false);
});

t.test("readName() shows the most specific part first and quotes what needs it", async (t) => {
  t.equal(
    name([O, Tag.utf8String, "A, B"], [CN, Tag.utf8String, 'x"y']).text,
    'CN="x\\"y", O="A, B"',
  );
});

t.test("formatAddress() and parseAddress() are inverse for every address", async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
      const text = formatAddress(octets) ?? "";
      return isIPv6(text) && Buffer.from(parseAddress(text) ?? []).equals(Buffer.from(octets));
    }),
    { numRuns: 5000, seed: 3 },
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }),
      (octets) => {
        const text = formatAddress(Uint8Array.from(octets)) ?? "";
        return isIPv6(text) && Buffer.from(parseAddress(text) ?? []).equals(Buffer.from(octets));
      },
    ),
    { numRuns: 5000, seed: 4 },
  );
  t.pass("10,000 addresses");
});

t.test("parseAddress() rejects what only looks like an address", async (t) => {
  for (const text of [
    "",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4.5",
    "::1::",
    "12345::",
    "1:2:3:4:5:6:7",
    "host",
    "1:2:3:4:5:6:7:8:9",
  ])
    t.equal(parseAddress(text), null, text);
  t.same([...(parseAddress("::ffff:10.0.0.1") ?? [])].slice(10), [255, 255, 10, 0, 0, 1]);
});
