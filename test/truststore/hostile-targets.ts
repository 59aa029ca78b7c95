import { encode, normaliseBer } from "../../src/x509/ber.ts";
import { readBcfksEncryption, readBcfksMac } from "../../src/truststore/bcfks-protection.ts";
import { readBcfksEntries, readBcfksStructure } from "../../src/truststore/bcfks-structure.ts";
import { readBksContent } from "../../src/truststore/bks-entries.ts";
import { ByteCursor } from "../../src/truststore/byte-cursor.ts";
import { detectFormat } from "../../src/truststore/detect.ts";
import { skipJavaObject } from "../../src/truststore/java-object-stream.ts";
import { readSafeContents } from "../../src/truststore/pkcs12-bags.ts";
import { javaViewOf } from "../../src/truststore/pkcs12-java.ts";
import { readPfx } from "../../src/truststore/pkcs12-structure.ts";
import { readSqliteTable } from "../../src/truststore/sqlite-table.ts";
import { READERS } from "../../src/truststore/readers.ts";
import { decodeStash } from "../../src/truststore/stash.ts";
import { StoreFault } from "../../src/truststore/store-error.ts";
import { splitTrustedCertificate } from "../../src/truststore/trusted-certificate.ts";
import { DerError } from "../../src/x509/der.ts";
import { writePem } from "../../src/x509/pem.ts";
import { at, publicRoots } from "./material.ts";
import { bcfksOf, bcfksEntriesOf } from "./write-bcfks.ts";
import { writeBks } from "./write-bks.ts";
import { writeKdb } from "./write-kdb.ts";
import { writeSqlite } from "./write-sqlite.ts";
import {
  authSafeOf,
  type BagPlan,
  clearSafe,
  encryptedSafe,
  oid,
  pbmac1,
  toBer,
  writeJks,
  writePfx,
} from "./write-stores.ts";

/** A parser that gets hostile bytes, with inputs from which to start. */
export interface HostileTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Byte strings that are worth inserting. */
  readonly dictionary: readonly Uint8Array[];
  /** Throws for a bug: any exception that is not a documented rejection. */
  readonly target: (input: Uint8Array) => void;
}

const root = at(publicRoots, 0);
const hex = (text: string): Uint8Array => Buffer.from(text, "hex");

/** The smallest certificates of the runtime keep the inputs short. */
const small = publicRoots.toSorted((a, b) => a.length - b.length).slice(0, 2);

const BAGS: readonly BagPlan[] = [
  { bag: { key: "shrouded" }, alias: "server", keyId: "Time 1700000000000" },
  { bag: { certificate: at(small, 0) }, alias: "server", keyId: "Time 1700000000000" },
  { bag: { certificate: at(small, 1) }, alias: "ca", trusted: true },
  { bag: { bags: [{ bag: { other: "crl" } }] } },
];
const SAFES = [clearSafe(BAGS)];
const PFX = writePfx(SAFES, pbmac1(authSafeOf(SAFES)));

/** Lets documented rejections pass. */
function rejecting(parse: (input: Uint8Array) => void): (input: Uint8Array) => void {
  return (input) => {
    try {
      parse(input);
    } catch (error) {
      if (!(error instanceof DerError || error instanceof StoreFault)) throw error;
    }
  };
}

/** A reader that does all its work before it returns; what it throws is a bug. */
function reader(
  format: Exclude<keyof typeof READERS, "pkcs12" | "bks" | "bcfks">,
): (input: Uint8Array) => void {
  return (input) => void READERS[format](input, { password: "changeit" });
}

const DER_WORDS = [
  "3080",
  "0000",
  "2480",
  "308200",
  "3084ffffffff",
  "a080",
  "0609",
  "0400",
  "0500",
  "30",
].map(hex);
const LENGTH_WORDS = ["00000000", "ffffffff", "7fffffff", "80000000", "0000", "ffff"].map(hex);

/** A sealed key as Java 17 serialises it, with short contents. */
const SEALED_KEY = hex(
  [
    "aced0005",
    "7372003363 6f6d2e73756e2e63727970746f2e70726f76696465722e5365616c65644f626a656374466f724b657950726f746563746f72",
    "cd57ca59e730bb53 02 0000 78",
    "7200196a617661782e63727970746f2e5365616c65644f626a656374",
    "3e363da6c3b75470 02 0004",
    "5b000d656e636f646564506172616d73 740002 5b42",
    "5b0010656e63727970746564436f6e74656e74 71007e0002",
    "4c0009706172616d73416c67 740012 4c6a6176612f6c616e672f537472696e673b",
    "4c00077365616c416c67 71007e0003",
    "7870",
    "757200025b42 acf317f8060854e0 02 0000 7870 00000003 300104",
    "7571007e0005 00000004 01020304",
    "740003504245",
    "740003504245",
  ]
    .join("")
    .replaceAll(" ", ""),
);
const OBJECT_WORDS = ["70", "71007e0002", "72", "73", "740001", "75", "78", "7a", "7d", "7e"].map(
  hex,
);

/** Every parser of a truststore file. */
export const hostileTargets: readonly HostileTarget[] = [
  {
    name: "readJks",
    seeds: [
      writeJks([{ alias: "ca", certificates: [at(small, 0)] }]),
      writeJks([{ alias: "key", key: true, certificates: small }], "x", 1),
    ],
    dictionary: [...LENGTH_WORDS, hex("feedfeed00000002"), hex("c080")],
    target: reader("jks"),
  },
  {
    name: "readJceks",
    seeds: [
      writeJks(
        [
          { alias: "secret", certificates: [], secret: SEALED_KEY },
          { alias: "ca", certificates: [at(small, 0)] },
        ],
        "x",
        2,
        "jceks",
      ),
    ],
    dictionary: [...LENGTH_WORDS, ...OBJECT_WORDS],
    target: reader("jceks"),
  },
  {
    name: "skipJavaObject",
    seeds: [SEALED_KEY],
    dictionary: OBJECT_WORDS,
    target: rejecting((input) => skipJavaObject(new ByteCursor(input))),
  },
  {
    name: "readBks",
    seeds: [0, 2].map((version) =>
      writeBks(
        [
          { alias: "ca", type: 1, certificates: [at(small, 0)] },
          { alias: "key", type: 2, certificates: small },
          { alias: "sealed", type: 4, certificates: [] },
        ],
        { version },
      ),
    ),
    dictionary: LENGTH_WORDS,
    target: rejecting((input) => void readBksContent(input)),
  },
  {
    name: "readBcfks",
    seeds: [bcfksOf("pbkdf2"), bcfksOf("scrypt"), bcfksOf("clear")],
    dictionary: [...DER_WORDS, oid("1.3.6.1.4.1.11591.4.11"), oid("2.16.840.1.101.3.4.1.48")],
    target: rejecting((input) => {
      const { data, integrity, authenticated } = readBcfksStructure(input);
      readBcfksMac(integrity, authenticated);
      if (data.kind === "encrypted") readBcfksEncryption(data.algorithm);
      else readBcfksEntries(data.der);
    }),
  },
  {
    name: "readBcfksEntries",
    seeds: [bcfksEntriesOf(small)],
    dictionary: DER_WORDS,
    target: rejecting((input) => void readBcfksEntries(input)),
  },
  {
    name: "readKeyDatabase",
    seeds: ([3, 4, 6] as const).map((version) =>
      writeKdb(
        [
          { label: "ca", body: { signer: at(small, 0) } },
          { label: "own", body: { personal: at(small, 1) }, flags: 0xc0 },
        ],
        { version, slotBytes: 1500 },
      ),
    ),
    dictionary: [...LENGTH_WORDS, ...DER_WORDS],
    target: reader("cms-kdb"),
  },
  {
    name: "readNss",
    seeds: [writeSqlite(small)],
    dictionary: [...LENGTH_WORDS, hex("0d"), hex("05"), hex("ce534352"), hex("ffffffffffffffffff")],
    target: reader("nss"),
  },
  {
    name: "readSqliteTable",
    seeds: [writeSqlite(small)],
    dictionary: LENGTH_WORDS,
    target: rejecting((input) => void readSqliteTable(input, "nssPublic")),
  },
  {
    name: "readPfx",
    seeds: [PFX, toBer(PFX), writePfx([encryptedSafe(BAGS.slice(0, 1))])],
    dictionary: [
      ...DER_WORDS,
      oid("1.2.840.113549.1.7.6"),
      oid("1.2.840.113549.1.5.14"),
      oid("1.2.840.113549.1.12.1.6"),
    ],
    target: rejecting((input) => {
      const { contents } = readPfx(input);
      const safes = contents.flatMap((content) =>
        content.kind === "clear"
          ? [{ bags: readSafeContents(content.safeContents, 0), seenByJava: true }]
          : [],
      );
      javaViewOf(safes);
    }),
  },
  {
    name: "readPem",
    seeds: [
      Buffer.from(
        `# text\n${writePem("CERTIFICATE", root)}${writePem("TRUSTED CERTIFICATE", at(small, 0))}`,
      ),
      Buffer.from(writePem("PKCS7", at(small, 0)), "utf16le"),
    ],
    dictionary: [
      "-----BEGIN ",
      "-----END ",
      "-----",
      "\r",
      "\ufeff",
      "Proc-Type: 4,ENCRYPTED\n\n",
      "TRUSTED ",
    ].map((word) => Buffer.from(word)),
    target: reader("pem"),
  },
  { name: "readDer", seeds: [at(small, 0)], dictionary: DER_WORDS, target: reader("der") },
  {
    name: "readPkcs7",
    seeds: [
      encode(0x30, [
        oid("1.2.840.113549.1.7.2"),
        encode(0xa0, [
          encode(0x30, [
            hex("0201013100"),
            encode(0x30, [oid("1.2.840.113549.1.7.1")]),
            encode(0xa0, [...small, encode(0xa1, [])]),
            hex("3100"),
          ]),
        ]),
      ]),
    ],
    dictionary: DER_WORDS,
    target: reader("pkcs7"),
  },
  {
    name: "readPkiPath",
    seeds: [encode(0x30, small)],
    dictionary: DER_WORDS,
    target: reader("pkipath"),
  },
  {
    name: "splitTrustedCertificate",
    seeds: [
      Buffer.concat([at(small, 0), hex("3018300a06082b06010505070301a00a06082b06010505070304")]),
    ],
    dictionary: DER_WORDS,
    target: (input) => void splitTrustedCertificate(input),
  },
  {
    name: "normaliseBer",
    seeds: [toBer(encode(0x30, [encode(0x04, [root.subarray(0, 200)])])), PFX.subarray(0, 100)],
    dictionary: DER_WORDS,
    target: rejecting((input) => void normaliseBer(input)),
  },
  {
    name: "detectFormat",
    seeds: [PFX.subarray(0, 80), root.subarray(0, 80), writeJks([]), encode(0x30, small)],
    dictionary: [...DER_WORDS, ...LENGTH_WORDS, hex("3748060200000000"), hex("0000000100000014")],
    target: (input) => void detectFormat(input),
  },
  {
    name: "decodeStash",
    seeds: [new Uint8Array(129).fill(0xf5), new Uint8Array(193)],
    dictionary: [],
    target: (input) => void decodeStash(input),
  },
];
