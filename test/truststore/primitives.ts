import { createHash } from "node:crypto";
import fc from "fast-check";
import t from "tap";
import { ByteCursor, decodeModifiedUtf8 } from "../../src/truststore/byte-cursor.ts";
import { DIGESTS } from "../../src/truststore/digests.ts";
import { passwordForms } from "../../src/truststore/password-forms.ts";
import { derivePkcs12, KeyPurpose } from "../../src/truststore/pkcs12-kdf.ts";
import { decryptRc2Cbc } from "../../src/truststore/rc2.ts";
import { decodeText } from "../../src/truststore/text-encoding.ts";
import { requireTool } from "../tools.ts";
import { at, run } from "./material.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// RFC 2268 section 5: key, effective bits, plaintext, ciphertext.
for (const [key, bits, plaintext, ciphertext] of [
  ["0000000000000000", 63, "0000000000000000", "ebb773f993278eff"],
  ["ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"],
  ["3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"],
  ["88", 64, "0000000000000000", "61a8a244adacccf0"],
  ["88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"],
  ["88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"],
  ["88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"],
  [
    "88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e",
    129,
    "0000000000000000",
    "5b78d3a43dfff1f1",
  ],
] as const)
  t.test(
    `decryptRc2Cbc() undoes RC2 with a key of ${key.length / 2} octets and ${bits} bits`,
    async (t) => {
      const plain = decryptRc2Cbc(hex(key), bits, new Uint8Array(8), hex(ciphertext));
      t.equal(hexOf(plain), plaintext);
    },
  );

t.test("decryptRc2Cbc() chains blocks with the vector", async (t) => {
  const [key, block] = [hex("88bca90e90875a7f0f79c384627bafb2"), "2269552ab0f85ca6"];
  const plain = decryptRc2Cbc(key, 128, hex("0102030405060708"), hex(block + block));
  t.equal(hexOf(plain), `0102030405060708${block}`);
});

t.test("derivePkcs12() agrees with openssl", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const names = new Map(
    ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512"].map((name) => [name.toLowerCase(), name]),
  );
  for (const digest of DIGESTS.values()) {
    const name = names.get(digest.name);
    if (name === undefined) continue;
    for (const [purpose, length, iterations, password, salt] of [
      [KeyPurpose.key, 24, 1, "secret", "0a58cf64530d823f"],
      [KeyPurpose.iv, 8, 1000, "pässwörd€", "642b99ab44fb4b1f"],
      [KeyPurpose.mac, 20, 2, "", "01"],
      [KeyPurpose.key, 200, 3, "x".repeat(100), "00".repeat(200)],
    ] as const) {
      const bmp = at(passwordForms(password), 0).bmp;
      const expected = run(openssl, [
        "kdf",
        "-keylen",
        String(length),
        "-kdfopt",
        `digest:${name}`,
        "-kdfopt",
        `hexpass:${hexOf(bmp)}`,
        "-kdfopt",
        `hexsalt:${salt}`,
        "-kdfopt",
        `iter:${iterations}`,
        "-kdfopt",
        `id:${purpose}`,
        "PKCS12KDF",
      ]);
      const derived = await derivePkcs12({
        digest,
        purpose,
        password: bmp,
        salt: hex(salt),
        iterations,
        length,
      });
      t.equal(
        hexOf(derived),
        expected.trim().replaceAll(":", "").toLowerCase(),
        `${name} ${length}`,
      );
    }
  }
});

t.test("derivePkcs12() lets other work run during many iterations", async (t) => {
  const digest = at([...DIGESTS.values()], 1);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await derivePkcs12({
    digest,
    purpose: KeyPurpose.mac,
    password: hex("0000"),
    salt: hex("01"),
    iterations: 100_000,
    length: 20,
  });
  clearInterval(timer);
  t.ok(turns >= 3, `${turns} turns of the event loop`);
});

t.test("DIGESTS state the sizes that node:crypto has", async (t) => {
  for (const { name, size } of DIGESTS.values())
    t.equal(createHash(name).update("").digest().length, size, name);
});

t.test("decodeModifiedUtf8() reads what Java's writeUTF writes", async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const bytes: number[] = [];
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit !== 0 && unit < 0x80) bytes.push(unit);
        else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 63));
        else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63));
      }
      return decodeModifiedUtf8(Uint8Array.from(bytes)) === text;
    }),
    { seed: 3 },
  );
  for (const invalid of ["80", "c0", "c041", "e282", "e28241", "f09f9880", "ff"])
    t.equal(decodeModifiedUtf8(hex(invalid)), null, invalid);
});

t.test("ByteCursor names what it was reading when the bytes run out", async (t) => {
  const cursor = new ByteCursor(hex("0001 00000002 ffffffffffffffff 0001 41"));
  t.equal(cursor.u16("a"), 1);
  t.equal(cursor.u32("b"), 2);
  t.equal(cursor.i64("c"), -1);
  t.equal(cursor.javaText("d"), "A");
  t.equal(cursor.remaining, 0);
  t.throws(() => cursor.u32("the count"), {
    message: "File ends inside the count: 4 bytes are needed at offset 17, 0 are left",
    error: { code: "truncated", offset: 17 },
  });
  t.equal(new ByteCursor(hex("7fffffffffffffff")).i64("a date"), null, "not a safe integer");
});

t.test("decodeText() tells encodings", async (t) => {
  for (const [bytes, text, encoding] of [
    [hex("41"), "A", "UTF-8"],
    [hex("efbbbf41"), "A", "UTF-8"],
    [hex("c3a4"), "ä", "UTF-8"],
    [hex("e4"), "ä", "ISO 8859-1"],
    [hex("fffe4100"), "A", "UTF-16LE"],
    [hex("feff0041"), "A", "UTF-16BE"],
    [hex("41004200"), "AB", "UTF-16LE"],
    [hex("00410042"), "AB", "UTF-16BE"],
    [hex("fffe410042"), "A", "UTF-16LE"],
    [hex(""), "", "UTF-8"],
  ] as const)
    t.match(decodeText(bytes), { text, encoding });
});
