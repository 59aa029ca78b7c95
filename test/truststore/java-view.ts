import { writeFileSync } from "node:fs";
import fc from "fast-check";
import t from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { requireShared } from "../corpora.ts";
import { requireTool } from "../tools.ts";
import { askJava, type JavaQuestion } from "./ask-java.ts";
import { at, PASSWORD, publicRoots, requirePki, run, scratch } from "./material.ts";
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

/** Fingerprints of what we say Java takes as anchors, in ascending order. */
function anchorsOf(file: StoreFile): readonly string[] {
  const visible = file.entries.filter(({ visibleToJava }) => visibleToJava.visible);
  return [...new Set(visible.map(({ sha256 }) => sha256))].toSorted();
}

/** Java's exception chain in the form of our messages: the outermost exception, and its cause where we name one. */
const comparable = (message: string): string =>
  message.replace(/ \(caused by .*$/s, "").replace(/ <- .*$/s, "");

interface Store {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: "JKS" | "PKCS12";
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

t.test("readPkcs12() and readJks() see what the real Java sees, in random stores", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const certificates = [...made.pki.der, ...publicRoots.slice(0, 3)];
  const plans = fc.array(bagPlans(certificates), { maxLength: 7 });
  const pkcs12 = sample(fc.tuple(plans, plans, fc.boolean()), 300).map(
    ([first, second, encrypted], index): Store => ({
      name: `random-${index}.p12`,
      bytes: writePfx([encrypted ? encryptedSafe(first) : clearSafe(first), clearSafe(second)]),
      type: "PKCS12",
    }),
  );
  const jksPlan: fc.Arbitrary<JksPlan> = fc.record({
    alias: fc.constantFrom("ca", "CA", "server", "ünï", "ÜNÏ"),
    certificates: fc.array(fc.constantFrom(...certificates), { minLength: 1, maxLength: 1 }),
  });
  const jksKey: fc.Arbitrary<JksPlan> = fc.record({
    alias: fc.constantFrom("ca", "key", "Key"),
    certificates: fc.array(fc.constantFrom(...certificates), { maxLength: 3 }),
    key: fc.constant(true),
  });
  const jks = sample(
    fc.tuple(fc.array(fc.oneof(jksPlan, jksKey), { maxLength: 6 }), fc.constantFrom(1, 2)),
    100,
  ).map(([entries, version], index): Store => ({
    name: `random-${index}.jks`,
    bytes: writeJks(entries, PASSWORD, version),
    type: "JKS",
  }));
  const stores = [...pkcs12, ...jks];
  const questions = stores.flatMap(({ name, bytes, type }): readonly JavaQuestion[] => {
    const path = scratch(name);
    writeFileSync(path, bytes);
    return [PASSWORD, null].map((password) => ({ path, type, password }));
  });
  const answers = askJava(t, questions);
  if (answers === undefined) return;
  t.equal(answers.length, questions.length);
  let withAnchors = 0;
  for (const [index, { password, path }] of questions.entries()) {
    const store = at(stores, index >> 1);
    const answer = at(answers, index);
    const read = await parseStore(store.bytes, { password });
    if (!read.ok) {
      if (read.error.code !== "password-required" || !answer.opens || answer.size > 8)
        t.fail(`${path}: ${read.error.code}`, { answer });
      continue;
    }
    const ours = anchorsOf(read.value);
    if (ours.length > 0) withAnchors++;
    if (!answer.opens || !read.value.java.opens || ours.join(",") !== answer.anchors.join(","))
      t.fail(`${path} with password ${password}, seed ${SEED}`, { ours, answer });
  }
  t.ok(withAnchors > 200, `${withAnchors} of ${questions.length} stores have anchors`);
});

t.test("parseStore() words failures as the real Java does", async (t) => {
  const root = at(publicRoots, 0);
  const trusted: readonly BagPlan[] = [{ bag: { certificate: root }, trusted: true, alias: "ca" }];
  const jks = writeJks([{ alias: "ca", certificates: [root] }]);
  const clear = writePfx([clearSafe(trusted)]);
  const encrypted = writePfx([encryptedSafe(trusted)]);
  const unreadable = writeJks([{ alias: "ca", certificates: [Buffer.from("junk")] }]);
  const safes = [clearSafe(trusted)];
  const pem = Buffer.from("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const stores: readonly (readonly [name: string, bytes: Uint8Array, type: Store["type"]])[] = [
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
    ["jceks", Buffer.concat([Buffer.from("cececece00000002", "hex"), Buffer.alloc(64)]), "PKCS12"],
    ["bks", Buffer.concat([Buffer.from("0000000200000014", "hex"), Buffer.alloc(64)]), "PKCS12"],
    ["private key", Buffer.from("3008020100300302010004 00".replaceAll(" ", ""), "hex"), "PKCS12"],
  ];
  const questions = stores.flatMap(([name, bytes, type]): readonly JavaQuestion[] => {
    const path = scratch(`words-${name.replaceAll(" ", "-")}`);
    writeFileSync(path, bytes);
    return [PASSWORD, null, "wrong", ""].map((password) => ({ path, type, password }));
  });
  const answers = askJava(t, questions);
  if (answers === undefined) return;
  for (const [index, { password }] of questions.entries()) {
    const [name, bytes] = at(stores, index >> 2);
    const answer = at(answers, index);
    const read = await parseStore(bytes, { password });
    const what = `${name} with password ${password}`;
    const ours = read.ok
      ? read.value.java.opens
        ? null
        : read.value.java.message
      : read.error.javaMessage;
    if (!read.ok && password === null && bytes[0] === 0x30 && answer.opens) {
      t.ok(answer.opens && answer.anchors.length === 0, what);
      t.match(ours, /the trustAnchors parameter must be non-empty$/);
    } else if (answer.opens) {
      // PEM and certificates are readable for us; Java opens none of these.
      t.equal(ours, null, what);
      if (read.ok) t.same(anchorsOf(read.value), answer.anchors, what);
    } else if (ours?.endsWith("CertificateException") === true)
      t.ok(answer.message.startsWith(ours));
    else if (ours !== null) t.equal(comparable(ours), comparable(answer.message), what);
    else t.fail(`${what}: Java says ${answer.message}`);
  }
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
