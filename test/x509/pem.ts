import fc from "fast-check";
import t from "tap";
import { readPemBlocks, writePem } from "../../src/x509/pem.ts";

t.test("readPemBlocks() returns what writePem() wrote, whatever stands around it", async (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.constantFrom("", "# comment\n", "subject=CN = x\nissuer=CN = y\n"),
      (blocks, ending, noise) => {
        const text = blocks.map((der) => noise + writePem("CERTIFICATE", der)).join("");
        const read = readPemBlocks(text.replaceAll("\n", ending));
        return (
          read.ok &&
          read.value.length === blocks.length &&
          read.value.every(({ der }, index) =>
            Buffer.from(der).equals(Buffer.from(blocks[index] ?? [])),
          )
        );
      },
    ),
    { numRuns: 500, seed: 5 },
  );
  t.pass("500 texts were read back");
});

for (const [text, code, line] of [
  ["", "no-block", 0],
  ["no pem here", "no-block", 0],
  ["x\n-----BEGIN CERTIFICATE-----\nAAAA\n", "unterminated", 2],
  ["-----BEGIN CERTIFICATE\nAAAA\n-----END CERTIFICATE-----", "unterminated", 1],
  ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END X-----", "label-mismatch", 1],
  ["\r\n\r\n-----BEGIN CERTIFICATE-----\nA!AA\n-----END CERTIFICATE-----", "base64-invalid", 4],
  ["-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "base64-invalid", 1],
] as const)
  t.test(
    `readPemBlocks(${JSON.stringify(text.slice(0, 30))}) -> ${code} in line ${line}`,
    async (t) => {
      const read = readPemBlocks(text);
      t.match(read.ok ? {} : read.error, { code, line });
    },
  );

t.test("readPemBlocks() skips headers inside a block", async (t) => {
  const read = readPemBlocks(
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
  );
  t.equal(read.ok ? read.value[0]?.der.length : -1, 3);
});
