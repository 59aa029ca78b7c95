import { readFileSync } from "node:fs";
import t from "tap";
import { encode } from "../../src/x509/ber.ts";
import { detectFormat } from "../../src/truststore/detect.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { DetectedFormat } from "../../src/truststore/store-format.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { writePem } from "../../src/x509/pem.ts";
import { at, publicRoots, requirePki, run, scratch } from "./material.ts";
import { clearSafe, toBer, u32, writeJks, writePfx } from "./write-stores.ts";

const root = at(publicRoots, 0);
const second = at(publicRoots, 1);
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

async function read(bytes: Uint8Array): Promise<StoreFile> {
  const result = await parseStore(bytes, { password: null });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const ders = (file: StoreFile): readonly string[] =>
  file.entries.map(({ der }) => Buffer.from(der).toString("hex"));
const hexOf = (list: readonly Uint8Array[]): readonly string[] =>
  list.map((der) => Buffer.from(der).toString("hex"));

t.test("parseStore() reads one DER certificate", async (t) => {
  const file = await read(root);
  t.equal(file.format, "der");
  t.same(ders(file), hexOf([root]));
  t.match((await read(Buffer.concat([root, u32(0)]))).anomalies, [{ code: "trailing-bytes" }]);
});

t.test("parseStore() reads every public root of the runtime as a DER certificate", async (t) => {
  for (const der of publicRoots) t.equal((await read(der)).format, "der");
});

t.test("parseStore() refuses a DER certificate that is cut off at any length", async (t) => {
  for (let length = 20; length < root.length; length++) {
    const result = await parseStore(root.subarray(0, length), { password: null });
    if (result.ok || result.error.code !== "truncated") t.fail(`cut at ${length}`, { result });
  }
});

t.test("parseStore() reads PKCS#7 as openssl writes it, and as BER", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const path = scratch("chain.p7b");
  run(made.openssl, [
    "crl2pkcs7",
    "-nocrl",
    "-certfile",
    made.pki.chain,
    "-outform",
    "DER",
    "-out",
    path,
  ]);
  const bytes = readFileSync(path);
  const file = await read(bytes);
  t.equal(file.format, "pkcs7");
  t.same(ders(file).toSorted(), hexOf(made.pki.der).toSorted());
  t.same(ders(await read(toBer(bytes))), ders(file));
});

t.test("parseStore() refuses PKCS#7 without certificates", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const path = scratch("empty.p7b");
  const signedData = encode(0x30, [
    hex("020101 3100"),
    encode(0x30, [hex("06092a864886f70d010701")]),
    hex("3100"),
  ]);
  const empty = encode(0x30, [hex("06092a864886f70d010702"), encode(0xa0, [signedData])]);
  t.match(await parseStore(empty, { password: null }), { error: { code: "no-certificate" } });
  t.notOk(path === "");
});

t.test("parseStore() reads a PkiPath", async (t) => {
  for (const certificates of [[root], [root, second], publicRoots]) {
    const file = await read(encode(0x30, certificates));
    t.equal(file.format, "pkipath");
    t.same(ders(file), hexOf(certificates));
  }
});

const DETECTED: readonly (readonly [DetectedFormat, Uint8Array])[] = [
  ["jks", writeJks([])],
  ["jceks", hex("cececece 00000002 00000000")],
  ["pkcs12", writePfx([clearSafe([])])],
  ["pkcs12", toBer(writePfx([clearSafe([])]))],
  ["pem", Buffer.from(`text\n${writePem("CERTIFICATE", root)}`)],
  ["pem", Buffer.from(`0${writePem("CERTIFICATE", root)}`)],
  ["cms-kdb", Buffer.concat([hex("3748060200000000"), Buffer.from("X509KEY\0")])],
  ["cms-kdb", Buffer.concat([hex("3748040300000000"), Buffer.from("X509KYP\0")])],
  ["cms-stash", Buffer.alloc(129, 0xf5)],
  ["cms-stash", Buffer.alloc(193, 0x11)],
  ["nss", Buffer.from("SQLite format 3\0......")],
  ["windows-sst", hex("00000000 43455254 00000000")],
  ["bks", hex("00000002 00000014")],
  ["bks", Buffer.concat([hex("00000001 00000014"), Buffer.alloc(20), hex("00000400 01 0004")])],
  ["uber", Buffer.concat([hex("00000001 00000014"), Buffer.alloc(20), hex("00000400 8f1c aa")])],
  ["bcfks", encode(0x30, [encode(0x30, [encode(0x30, []), encode(4, [])]), encode(0x30, [])])],
  ["keepass", hex("03d9a29a 65fb4bb5")],
  ["java-object", hex("aced0005 7372")],
  ["zip", Buffer.from("PK\x03\x04....")],
  ["unknown", Buffer.from("hello")],
  ["unknown", Uint8Array.of(0x30)],
  ["unknown", encode(0x30, [encode(0x0c, [Buffer.from("text")])])],
];
t.test("detectFormat() tells formats by content", async (t) => {
  for (const [format, bytes] of DETECTED)
    t.equal(detectFormat(bytes), format, Buffer.from(bytes.subarray(0, 12)).toString("hex"));
});

t.test("detectFormat() tells keys, requests and revocation lists of openssl", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const { openssl, pki } = made;
  const convert = (command: string, out: string, ...options: readonly string[]): DetectedFormat => {
    const path = scratch(out);
    run(openssl, [command, ...options, "-outform", "DER", "-out", path]);
    return detectFormat(readFileSync(path));
  };
  t.equal(convert("pkey", "key.der", "-in", pki.leafKey), "private-key");
  t.equal(convert("ec", "ec.der", "-in", pki.leafKey), "private-key");
  t.equal(
    convert("pkcs8", "p8.der", "-topk8", "-in", pki.leafKey, "-passout", "pass:x"),
    "private-key",
  );
  t.equal(
    convert("req", "req.der", "-new", "-key", pki.leafKey, "-subj", "/CN=x"),
    "certificate-request",
  );
  t.equal(convert("x509", "leaf.der", "-in", pki.leaf), "der");
});

t.test(
  "parseStore() names a store that it does not read, with the command that converts it",
  async (t) => {
    for (const [format, bytes] of DETECTED) {
      const result = await parseStore(bytes, { password: null, fileName: "my store.x" });
      if (result.ok || result.error.code !== "unsupported-format") continue;
      t.equal(result.error.format, format);
      t.ok(result.error.remedy.length > 0, format);
    }
    const dbm = hex("00061561 00000002");
    t.match(await parseStore(dbm, { password: null, fileName: "/home/my user/cert8.db" }), {
      error: {
        code: "unsupported-format",
        message:
          "The content of the file is: NSS database (cert8.db); this is not read as a truststore",
        remedy: [
          "certutil -L -d 'dbm:/home/my user'",
          "certutil -L -d 'dbm:/home/my user' -n NICKNAME -a >> ca.pem",
        ],
      },
    });
  },
);

t.test("parseStore() tells what an unknown file begins with", async (t) => {
  t.match(await parseStore(Buffer.from("<html>no store</html>"), { password: null }), {
    error: {
      code: "unknown-format",
      message:
        /^The file begins with 3c 68 74 6d 6c 3e 6e 6f and is no truststore of a known format/,
    },
  });
});
