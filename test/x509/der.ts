import fc from "fast-check";
import t from "tap";
import { DerError, DerReader, onlyElement, readElement, Tag } from "../../src/x509/der.ts";
import {
  readBitString,
  readBoolean,
  readOid,
  readSmallInteger,
  readTime,
} from "../../src/x509/der-values.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DerError) return error.code;
    throw error;
  }
  return "accepted";
}

for (const [hex, code] of [
  ["", "truncated"],
  ["30", "truncated"],
  ["3001", "truncated"],
  ["3080", "indefinite-length"],
  ["308100", "length-not-minimal"],
  ["30820001", "length-not-minimal"],
  ["3085ffffffffff", "length-too-large"],
  ["1f8101", "tag-unsupported"],
  ["300100", "accepted"],
] as const)
  t.test(`readElement(${hex}) -> ${code}`, async (t) => {
    const buffer = bytes(hex);
    t.equal(
      codeOf(() => readElement(buffer, 0, buffer.length)),
      code,
    );
  });

t.test("onlyElement() names the octets behind the element", async (t) => {
  t.throws(() => onlyElement(bytes("0200ff"), Tag.integer, "an INTEGER"), {
    code: "trailing-data",
    offset: 2,
    message: "1 octets left behind an INTEGER at offset 2",
  });
});

t.test("DerReader.expect() names what it found instead", async (t) => {
  const reader = new DerReader(bytes("0500"));
  t.throws(() => reader.expect(Tag.integer, "a serial number"), {
    code: "tag-unexpected",
    message: "Expected a serial number, found tag 0x5 at offset 0",
  });
});

for (const [hex, code] of [
  ["010100", "accepted"],
  ["0101ff", "accepted"],
  ["010101", "value-invalid"],
  ["0100", "value-invalid"],
] as const)
  t.test(`readBoolean(${hex}) -> ${code}`, async (t) => {
    const buffer = bytes(hex);
    t.equal(
      codeOf(() => readBoolean(readElement(buffer, 0, buffer.length))),
      code,
    );
  });

for (const [hex, value] of [
  ["020100", 0],
  ["02017f", 127],
  ["02020080", 128],
  ["0203010000", 65_536],
] as const)
  t.test(`readSmallInteger(${hex}) -> ${value}`, async (t) => {
    const buffer = bytes(hex);
    t.equal(readSmallInteger(readElement(buffer, 0, buffer.length)), value);
  });

for (const hex of ["0200", "02020001", "0202ff80", "020180"])
  t.test(`readSmallInteger(${hex}) rejects an empty, padded or negative number`, async (t) => {
    const buffer = bytes(hex);
    t.equal(
      codeOf(() => readSmallInteger(readElement(buffer, 0, buffer.length))),
      "value-invalid",
    );
  });

for (const [hex, oid] of [
  ["0603550403", "2.5.4.3"],
  ["06092a864886f70d01010b", "1.2.840.113549.1.1.11"],
  ["06082b06010505070301", "1.3.6.1.5.5.7.3.1"],
  ["0603883703", "2.999.3"],
] as const)
  t.test(`readOid(${hex}) -> ${oid}`, async (t) => {
    const buffer = bytes(hex);
    t.equal(readOid(readElement(buffer, 0, buffer.length)), oid);
  });

t.test("readOid() rejects padded and unfinished arcs", async (t) => {
  for (const hex of ["0600", "06028001", "060181"]) {
    const buffer = bytes(hex);
    t.equal(
      codeOf(() => readOid(readElement(buffer, 0, buffer.length))),
      "value-invalid",
      hex,
    );
  }
});

const timeElement = (tag: number, text: string): Uint8Array =>
  Uint8Array.from([tag, text.length, ...Buffer.from(text, "latin1")]);

for (const [tag, text, expected] of [
  [Tag.utcTime, "261121053344Z", "2026-11-21T05:33:44.000Z"],
  [Tag.utcTime, "500101000000Z", "1950-01-01T00:00:00.000Z"],
  [Tag.utcTime, "491231235959Z", "2049-12-31T23:59:59.000Z"],
  [Tag.utcTime, "2611210533+0130", "2026-11-21T04:03:00.000Z"],
  [Tag.generalizedTime, "20500101000000Z", "2050-01-01T00:00:00.000Z"],
  [Tag.generalizedTime, "20260228120000.25Z", "2026-02-28T12:00:00.250Z"],
  [Tag.generalizedTime, "99991231235959Z", "9999-12-31T23:59:59.000Z"],
] as const)
  t.test(`readTime(${text}) -> ${expected}`, async (t) => {
    const buffer = timeElement(tag, text);
    t.equal(new Date(readTime(readElement(buffer, 0, buffer.length))).toISOString(), expected);
  });

t.test("readTime() rejects days, months and hours that do not exist", async (t) => {
  for (const text of [
    "260230000000Z",
    "261301000000Z",
    "261121240000Z",
    "261121006000Z",
    "26112105",
  ]) {
    const buffer = timeElement(Tag.utcTime, text);
    t.equal(
      codeOf(() => readTime(readElement(buffer, 0, buffer.length))),
      "value-invalid",
      text,
    );
  }
});

t.test("readBitString() rejects impossible counts of unused bits", async (t) => {
  for (const hex of ["0300", "030108", "030101"]) {
    const buffer = bytes(hex);
    t.equal(
      codeOf(() => readBitString(readElement(buffer, 0, buffer.length))),
      "value-invalid",
      hex,
    );
  }
});

t.test("readElement() either fails with a DerError or stays inside its buffer", async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (buffer) => {
      try {
        const element = readElement(buffer, 0, buffer.length);
        return element.end <= buffer.length && element.content <= element.end;
      } catch (error) {
        return error instanceof DerError && error.offset <= buffer.length;
      }
    }),
    { numRuns: 20_000, seed: 1 },
  );
  t.pass("20,000 buffers were read");
});
