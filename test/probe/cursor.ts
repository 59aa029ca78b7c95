import fc from "fast-check";
import t from "tap";
import { Cursor, DecodeError } from "../../src/probe/tls/cursor.ts";
import { Writer } from "../../src/probe/tls/writer.ts";

const small = fc.uint8Array({ maxLength: 200 });

t.test("Cursor reads back what Writer wrote", async (t) => {
  fc.assert(
    fc.property(
      fc.nat(0xff),
      fc.nat(0xffff),
      fc.nat(0xffffff),
      small,
      small,
      small,
      (a, b, c, short, medium, long) => {
        const bytes = new Writer(1)
          .uint8(a)
          .uint16(b)
          .uint24(c)
          .vector8(() => undefined);
        bytes.vector8(() => void bytes.bytes(short));
        bytes.vector16(() => void bytes.bytes(medium));
        bytes.vector24(() => void bytes.vector16(() => void bytes.bytes(long)));
        const cursor = new Cursor(bytes.finish());
        t.equal(cursor.uint8("a"), a);
        t.equal(cursor.uint16("b"), b);
        t.equal(cursor.uint24("c"), c);
        t.equal(cursor.vector8("empty").length, 0);
        t.same([...cursor.vector8("short")], [...short]);
        t.same([...cursor.vector16("medium")], [...medium]);
        const inner = cursor.list24("list");
        t.same([...inner.vector16("long")], [...long]);
        inner.finish("list");
        cursor.finish("all");
        return true;
      },
    ),
    { numRuns: 100 },
  );
});

t.test("Cursor fails at the exact byte of every cut", async (t) => {
  const writer = new Writer();
  writer.uint16(0x0303).vector8(() => void writer.bytes(Uint8Array.of(1, 2, 3)));
  writer.vector16(() => void writer.uint16(7));
  const whole = writer.finish();
  const read = (bytes: Uint8Array): void => {
    const cursor = new Cursor(bytes);
    cursor.uint16("version");
    cursor.vector8("identifier");
    const list = cursor.list16("list");
    list.uint16("entry");
    list.finish("list");
    cursor.finish("message");
  };
  t.doesNotThrow(() => read(whole));
  const offsets = Array.from(whole, (_, length) => {
    try {
      read(whole.subarray(0, length));
    } catch (error) {
      return error instanceof DecodeError ? error.offset : error;
    }
    return null;
  });
  t.same(offsets, [0, 0, 2, 3, 3, 3, 6, 6, 8, 8]);
  t.throws(() => read(Uint8Array.of(...whole, 0)), {
    name: "DecodeError",
    offset: 10,
    message: "message is followed by 1 unexpected bytes at byte 10",
  });
});

t.test("Cursor refuses a vector that is shorter than its minimum", async (t) => {
  t.throws(() => new Cursor(Uint8Array.of(0, 0)).vector16("cookie", 1), {
    message: "cookie of 0 bytes is shorter than 1 at byte 2",
  });
});

t.test("Writer refuses a vector that its length cannot express", async (t) => {
  const writer = new Writer();
  t.throws(() => writer.vector8(() => void writer.bytes(new Uint8Array(256))), {
    name: "RangeError",
  });
});
