import { encode, normaliseBer } from "../../src/x509/ber.ts";
import { detectFormat } from "../../src/truststore/detect.ts";
import { readSafeContents } from "../../src/truststore/pkcs12-bags.ts";
import { javaViewOf } from "../../src/truststore/pkcs12-java.ts";
import { readPfx } from "../../src/truststore/pkcs12-structure.ts";
import { READERS } from "../../src/truststore/readers.ts";
import { decodeStash } from "../../src/truststore/stash.ts";
import { StoreFault } from "../../src/truststore/store-error.ts";
import { splitTrustedCertificate } from "../../src/truststore/trusted-certificate.ts";
import { DerError } from "../../src/x509/der.ts";
import { writePem } from "../../src/x509/pem.ts";
import { at, publicRoots } from "./material.ts";
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
function reader(format: Exclude<keyof typeof READERS, "pkcs12">): (input: Uint8Array) => void {
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
