import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import t, { type Test } from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { requireShared } from "../corpora.ts";
import { requireTool } from "../tools.ts";
import { askJava, type JavaPeer, type JavaQuestion } from "./ask-java.ts";
import { anchorsOf, compareWithJava } from "./java-answers.ts";
import { javaHomes, requireBouncyCastle } from "./java-peers.ts";
import { at, PASSWORD, publicRoots, requirePki, run, scratch } from "./material.ts";
import { type BksPlan, writeBks } from "./write-bks.ts";
import { derFile, writeKeystores } from "./write-keystores.ts";
import {
  authSafeOf,
  type BagPlan,
  clearSafe,
  encryptedSafe,
  type JksPlan,
  pbmac1,
  writeJks,
  writePfx,
} from "./write-stores.ts";

interface Store {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: JavaQuestion["type"];
}

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): readonly T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: SEED });
}

/** Few names, keys and certificates, so that they meet often. */
function bagPlans(certificates: readonly Uint8Array[]): fc.Arbitrary<BagPlan> {
  const attributes = {
    alias: fc.constantFrom("ca", "CA", "server", "Server", "1", "2"),
    keyId: fc.constantFrom("01", "one", "Time 1700000000000"),
    trusted: fc.boolean(),
  };
  const certificate = fc.constantFrom(...certificates).map((der) => ({ certificate: der }));
  const content = fc.oneof(
    { weight: 5, arbitrary: certificate },
    { weight: 3, arbitrary: fc.constant({ key: "shrouded" } as const) },
    { weight: 1, arbitrary: fc.constantFrom({ key: "plain" } as const, { other: "crl" } as const) },
    { weight: 1, arbitrary: certificate.map((bag) => ({ bags: [{ bag, trusted: true }] })) },
  );
  return fc
    .tuple(content, fc.record(attributes, { requiredKeys: [] }))
    .map(([bag, given]) => ({ bag, ...given }));
}

/** Random stores of every type that Java opens, as files. */
function randomStores(certificates: readonly Uint8Array[]): readonly Store[] {
  const plans = fc.array(bagPlans(certificates), { maxLength: 7 });
  const pkcs12 = sample(fc.tuple(plans, plans, fc.boolean()), 300).map(
    ([first, second, encrypted], index): Store => ({
      name: `random-${index}.p12`,
      bytes: writePfx([encrypted ? encryptedSafe(first) : clearSafe(first), clearSafe(second)]),
      type: "PKCS12",
    }),
  );
  const one = fc.array(fc.constantFrom(...certificates), { minLength: 1, maxLength: 1 });
  const chain = fc.array(fc.constantFrom(...certificates), { maxLength: 3 });
  const alias = fc.constantFrom("ca", "CA", "server", "Key", "ünï", "ÜNÏ");
  const entry: fc.Arbitrary<JksPlan> = fc.oneof(
    fc.record({ alias, certificates: one }),
    fc.record({ alias, certificates: chain, key: fc.constant(true) }),
  );
  const entries = fc.array(entry, { maxLength: 6 });
  const jks = sample(fc.tuple(entries, fc.constantFrom(1, 2)), 120).map(
    ([list, version], index): Store => ({
      name: `random-${index}.${index % 3 === 0 ? "jceks" : "jks"}`,
      bytes: writeJks(list, PASSWORD, version, index % 3 === 0 ? "jceks" : "jks"),
      type: index % 3 === 0 ? "JCEKS" : "JKS",
    }),
  );
  return [...pkcs12, ...jks];
}

/** Random stores that only BouncyCastle opens. */
function randomBks(certificates: readonly Uint8Array[]): readonly Store[] {
  const entry: fc.Arbitrary<BksPlan> = fc
    .record({
      alias: fc.constantFrom("ca", "CA", "server", "ünï"),
      type: fc.constantFrom(1, 1, 2, 3, 4),
      certificates: fc.array(fc.constantFrom(...certificates), { maxLength: 3 }),
      own: fc.constantFrom(...certificates),
    })
    .map(({ own, certificates: chain, ...plan }) => ({
      ...plan,
      certificates: plan.type === 1 ? [own] : chain,
    }));
  const entries = fc.array(entry, { maxLength: 6 });
  return sample(fc.tuple(entries, fc.constantFrom(0, 1, 2)), 100).map(
    ([list, version], index): Store => ({
      name: `random-${index}.bks`,
      bytes: writeBks(list, { version }),
      type: "BKS",
    }),
  );
}

/** Stores as files, each to be opened with several passwords. */
function questionsOf(
  stores: readonly Store[],
  passwords: readonly (string | null)[],
): readonly (JavaQuestion & Store)[] {
  return stores.flatMap((store) => {
    const path = scratch(store.name.replaceAll(" ", "-"));
    writeFileSync(path, store.bytes);
    return passwords.map((password) => ({ ...store, path, password }));
  });
}

/** Asks a Java, and compares every answer with ours. */
async function compare(
  t: Test,
  questions: readonly (JavaQuestion & Store)[],
  peer: JavaPeer,
): Promise<void> {
  const answers = askJava(t, questions, peer);
  if (answers === undefined) return;
  t.equal(answers.length, questions.length);
  const agreed = await compareWithJava(t, questions, answers);
  t.equal(agreed, questions.length, `${agreed} answers, seed ${SEED}`);
  const withAnchors = answers.filter((answer) => answer.opens && answer.anchors.length > 0).length;
  t.ok(withAnchors > questions.length / 4, `${withAnchors} of ${questions.length} have anchors`);
}

const EVERY_PASSWORD = [PASSWORD, null, "wrong", ""] as const;

type NamedStore = readonly [name: string, bytes: Uint8Array, type: Store["type"]];

const namedStores = (stores: readonly NamedStore[]): readonly Store[] =>
  stores.map(([name, bytes, type]) => ({ name, bytes, type }));

/** Stores in every state of disrepair, with the type under which Java is asked to open them. */
function failingStores(): readonly Store[] {
  const root = at(publicRoots, 0);
  const trusted: readonly BagPlan[] = [{ bag: { certificate: root }, trusted: true, alias: "ca" }];
  const jks = writeJks([{ alias: "ca", certificates: [root] }]);
  const jceks = writeJks([{ alias: "ca", certificates: [root] }], PASSWORD, 2, "jceks");
  const bad = [{ alias: "ca", certificates: [Buffer.from("junk")] }];
  const badJceks = writeJks(bad, PASSWORD, 2, "jceks");
  const clear = writePfx([clearSafe(trusted)]);
  const encrypted = writePfx([encryptedSafe(trusted)]);
  const unreadable = writeJks(bad);
  const safes = [clearSafe(trusted)];
  const pem = Buffer.from("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  return namedStores([
    ["jks", jks, "JKS"],
    ["jks cut", jks.subarray(0, 100), "JKS"],
    ["jks cut in digest", jks.subarray(0, -3), "JKS"],
    ["jks version 3", writeJks([], PASSWORD, 3), "JKS"],
    [
      "jks with tag 9",
      Buffer.concat([writeJks([], PASSWORD).subarray(0, 11), Buffer.from([1, 0, 0, 0, 9])]),
      "JKS",
    ],
    ["jks with a bad certificate", unreadable, "JKS"],
    ["pkcs12", clear, "PKCS12"],
    ["pkcs12 encrypted", encrypted, "PKCS12"],
    ["pkcs12 cut", clear.subarray(0, 200), "PKCS12"],
    ["pkcs12 with PBMAC1", writePfx(safes, pbmac1(authSafeOf(safes))), "PKCS12"],
    ["pkcs12 with a bomb", writePfx([encryptedSafe(trusted, { announced: 5_000_001 })]), "PKCS12"],
    [
      "pkcs12 version 4",
      Uint8Array.from(clear, (octet, index) => (index === 6 ? 4 : octet)),
      "PKCS12",
    ],
    ["empty", new Uint8Array(0), "PKCS12"],
    ["one byte", Uint8Array.of(0x30), "PKCS12"],
    ["two bytes", Uint8Array.of(0x30, 0x82), "PKCS12"],
    ["long length", Uint8Array.of(0x30, 0x86, 0, 0, 0, 0, 0, 0), "PKCS12"],
    ["negative length", Uint8Array.of(0x30, 0x84, 0xff, 0, 0, 0), "PKCS12"],
    ["long form for a short length", Uint8Array.of(0x30, 0x81, 1, 0), "PKCS12"],
    ["certificate", root, "PKCS12"],
    ["pem", pem, "PKCS12"],
    [
      "text",
      Buffer.from(
        "hello world, this is a long text without any certificate in it at all: ".repeat(3),
      ),
      "PKCS12",
    ],
    ["jceks", jceks, "JCEKS"],
    ["jceks cut", jceks.subarray(0, 100), "JCEKS"],
    ["jceks cut in digest", jceks.subarray(0, -3), "JCEKS"],
    ["jceks version 3", writeJks([], PASSWORD, 3, "jceks"), "JCEKS"],
    ["jceks with a bad certificate", badJceks, "JCEKS"],
    ["private key", Buffer.from("3008020100300302010004 00".replaceAll(" ", ""), "hex"), "PKCS12"],
  ]);
}

for (const { release, java } of javaHomes())
  t.test(`parseStore() sees and words what Java ${release} does`, async (t) => {
    const made = requirePki(t);
    if (made === undefined) return;
    const random = randomStores([...made.pki.der, ...publicRoots.slice(0, 3)]);
    const questions = [
      ...questionsOf(random, [PASSWORD, null]),
      ...questionsOf(failingStores(), EVERY_PASSWORD),
    ];
    await compare(t, questions, { java });
  });

t.test("parseStore() sees and words what Java with BouncyCastle does", async (t) => {
  const made = requirePki(t);
  const peer = made === undefined ? undefined : requireBouncyCastle(t);
  if (made === undefined || peer === undefined) return;
  const certificates = [at(publicRoots, 0)];
  const ca = {
    kind: "cert",
    alias: "ca",
    files: [derFile("words-ca", at(publicRoots, 0))],
  } as const;
  const path = scratch("words.bcfks");
  writeKeystores(
    peer.java,
    [{ path, type: "BCFKS", variant: "pbkdf2:PRF_SHA512", password: PASSWORD, entries: [ca] }],
    peer.jar,
  );
  const bcfks = readFileSync(path);
  const bks = writeBks([{ alias: "ca", type: 1, certificates }]);
  const changed = (bytes: Uint8Array, at: number): Uint8Array =>
    Uint8Array.from(bytes, (octet, index) => (index === at ? octet ^ 0xff : octet));
  const failing = namedStores([
    ["bks", bks, "BKS"],
    ["bks cut", bks.subarray(0, 100), "BKS"],
    ["bks cut in its HMAC", bks.subarray(0, -1), "BKS"],
    ["bks with another certificate", changed(bks, 200), "BKS"],
    ["bks with type 9", Uint8Array.from(bks, (octet, at) => (at === 32 ? 9 : octet)), "BKS"],
    ["bcfks", bcfks, "BCFKS"],
    ["bcfks with another MAC", changed(bcfks, bcfks.length - 1), "BCFKS"],
    ["bcfks with another ciphertext", changed(bcfks, 300), "BCFKS"],
  ]);
  const random = randomBks([...made.pki.der, ...publicRoots.slice(0, 3)]);
  await compare(t, questionsOf([...random, ...failing], EVERY_PASSWORD), peer);
});

t.test("readPkcs12() and readJks() agree with the store oracle on counts", async (t) => {
  const oracle = requireShared(t, "oracle/JavaStores.java");
  const java = oracle === undefined ? undefined : requireTool(t, "java");
  const made = java === undefined ? undefined : requirePki(t);
  if (oracle === undefined || java === undefined || made === undefined) return;
  const root = at(publicRoots, 0);
  const files = {
    "oracle.jks": writeJks([
      { alias: "ca", certificates: [root] },
      { alias: "Upper", certificates: [at(publicRoots, 1)] },
      { alias: "key", key: true, certificates: made.pki.der },
    ]),
    "oracle.p12": writePfx([
      clearSafe([
        { bag: { certificate: root }, trusted: true },
        { bag: { certificate: at(publicRoots, 1) } },
      ]),
    ]),
    "oracle-encrypted.p12": writePfx([
      encryptedSafe([{ bag: { certificate: root }, trusted: true }]),
    ]),
  };
  const paths = Object.entries(files).map(([name, bytes]) => {
    writeFileSync(scratch(name), bytes);
    return scratch(name);
  });
  const lines = run(java, [oracle, paths.join(",")])
    .trimEnd()
    .split("\n");
  for (const [index, bytes] of Object.values(files).entries()) {
    const line = at(lines, index);
    for (const [label, password] of [
      ["changeit", PASSWORD],
      ["null", null],
      ["wrong", "wrong"],
    ] as const) {
      const answer = new RegExp(`PKCS12,${label}=(\\S+)`).exec(line)?.[1] ?? "";
      const read = await parseStore(bytes, { password });
      const opens = read.ok ? read.value.java.opens : read.error.code === "password-required";
      const count = read.ok ? anchorsOf(read.value).length : 0;
      if (opens) t.match(answer, new RegExp(`^\\d+/${count}$`), `${line} ${label}`);
      else t.match(answer, /^ERR/, `${line} ${label}`);
    }
  }
});
