import { execFile } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import t from "tap";
import { repeatDigest } from "../../src/truststore/digest-rounds.ts";
import { DIGESTS } from "../../src/truststore/digests.ts";
import { derivePkcs12Now, type Pkcs12KdfInput } from "../../src/truststore/pkcs12-kdf-steps.ts";
import { derivePkcs12, KeyPurpose } from "../../src/truststore/pkcs12-kdf.ts";
import { bmpPassword } from "../../src/truststore/password-forms.ts";
import { scratch } from "./material.ts";

const input = (digest: string, iterations: number, length: number): Pkcs12KdfInput => {
  const found = [...DIGESTS.values()].find(({ name }) => name === digest);
  if (found === undefined) throw new Error(`No digest ${digest}`);
  return {
    digest: found,
    purpose: KeyPurpose.key,
    password: bmpPassword("pässwörd€"),
    salt: Buffer.from("0102030405060708", "hex"),
    iterations,
    length,
  };
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

t.test("repeatDigest() gives what node:crypto gives, call by call", async (t) => {
  for (const { name, size } of DIGESTS.values())
    for (let trial = 0; trial < 20; trial++) {
      const block = randomBytes(size);
      let expected: Uint8Array = block;
      const rounds = trial * trial;
      for (let round = 0; round < rounds; round++) expected = hash(name, expected, "buffer");
      if (hex(repeatDigest(name, block, rounds)) !== hex(expected))
        t.fail(`${name} of ${hex(block)}, ${rounds} times`);
    }
  t.pass("every digest agrees");
});

t.test("derivePkcs12() gives the same octets in a thread, in steps and at once", async (t) => {
  const unavailable = { inThread: () => Promise.reject(new Error("No threads here")) };
  for (const [digest, iterations, length] of [
    ["sha1", 50_000, 24],
    ["sha256", 30_000, 32],
    ["sha512", 20_001, 70],
    ["sha1", 10, 5],
  ] as const) {
    const given = input(digest, iterations, length);
    const expected = hex(derivePkcs12Now(given));
    t.equal(hex(await derivePkcs12(given)), expected, `${digest} in a thread`);
    t.equal(hex(await derivePkcs12(given, unavailable)), expected, `${digest} without threads`);
  }
});

t.test("derivePkcs12() serves many callers at once", async (t) => {
  const inputs = Array.from({ length: 12 }, (_, index) => input("sha1", 21_000 + index, 20));
  const derived = await Promise.all(inputs.map((each) => derivePkcs12(each)));
  t.same(
    derived.map(hex),
    inputs.map((each) => hex(derivePkcs12Now(each))),
  );
});

t.test("derivePkcs12() holds the event loop for a fraction of its time", async (t) => {
  const given = input("sha1", 1_000_000, 40);
  await derivePkcs12(input("sha1", 30_000, 20));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const [ofThread, ofProcess] = [process.threadCpuUsage(), process.cpuUsage()];
  await derivePkcs12(given);
  const held = process.threadCpuUsage(ofThread).user;
  const total = process.cpuUsage(ofProcess).user;
  clearInterval(timer);
  t.ok(turns > 20, `${turns} turns`);
  t.ok(held < total / 4, `${Math.round(held / 1000)} ms in the thread of the event loop`);
});

t.test("derivePkcs12() lets a process end as soon as it has its result", async (t) => {
  const module = new URL("../../src/truststore/pkcs12-kdf.ts", import.meta.url);
  const digests = new URL("../../src/truststore/digests.ts", import.meta.url);
  const program = scratch("derive.mjs");
  writeFileSync(
    program,
    `import { derivePkcs12 } from ${JSON.stringify(fileURLToPath(module))};
     import { SHA_1 } from ${JSON.stringify(fileURLToPath(digests))};
     const derived = await derivePkcs12({ digest: SHA_1, purpose: 1, password: new Uint8Array(2), salt: new Uint8Array(8), iterations: 100000, length: 8 });
     process.on("exit", () => console.log(derived.length, Math.round(performance.now() - done) < 1000));
     const done = performance.now();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  t.equal(stdout.trim(), "8 true");
});
