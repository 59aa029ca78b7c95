import { createPublicKey, encapsulate } from "node:crypto";
import t from "tap";
import { finiteFieldPrime } from "../../src/probe/tls/finite-field-primes.ts";
import {
  FIELD_SIZES,
  type Group,
  GROUPS,
  groupByCode,
  groupName,
  type HybridGroup,
  shareableGroup,
  shareLength,
} from "../../src/probe/tls/groups.ts";
import {
  generateKeyPairs,
  generateKeyShare,
  keyShareOf,
} from "../../src/probe/tls/key-agreement.ts";
import { RUNTIME } from "../../src/probe/tls/runtime-support.ts";

for (const group of GROUPS) {
  if (group.kind === "hybrid") continue;
  t.test(`generateKeyShare() agrees with itself in ${group.name}`, async (t) => {
    const [ours, theirs] = [generateKeyShare(group), generateKeyShare(group)];
    t.equal(ours.publicKey.length, shareLength(group));
    const secret = ours.agree(theirs.publicKey);
    t.ok(secret !== null && secret.length > 0);
    t.same(theirs.agree(ours.publicKey), secret);
    t.notSame(ours.publicKey, theirs.publicKey);
  });
}

t.test("KeyShare.agree() refuses what is not a value of its group", async (t) => {
  for (const group of GROUPS) {
    const share = generateKeyShare(group);
    const { length } = share.publicKey;
    t.equal(share.agree(new Uint8Array(length)), null, `${group.name}: zeros`);
    t.equal(share.agree(share.publicKey.subarray(1)), null, `${group.name}: cut`);
    t.equal(share.agree(new Uint8Array()), null, `${group.name}: nothing`);
    t.equal(
      share.agree(Buffer.concat([share.publicKey, Uint8Array.of(0)])),
      null,
      `${group.name}: longer`,
    );
  }
});

t.test("KeyShare.agree() refuses points that are not on their curve", async (t) => {
  for (const group of GROUPS) {
    if (group.kind !== "curve" || group.keyType === "OKP") continue;
    const share = generateKeyShare(group);
    const bent = new Uint8Array(generateKeyShare(group).publicKey);
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    t.equal(share.agree(bent), null, group.name);
    const compressed = generateKeyShare(group).publicKey.slice(0, 1 + group.size);
    compressed[0] = 2;
    t.equal(share.agree(compressed), null, `${group.name}, compressed`);
  }
});

t.test("KeyShare.agree() refuses finite field values of small subgroups", async (t) => {
  for (const size of FIELD_SIZES) {
    const group = GROUPS.find((candidate) => candidate.kind === "field" && candidate.bits === size);
    if (group === undefined) throw new Error(`No group has ${size} bits`);
    const prime = finiteFieldPrime(size);
    const share = generateKeyShare(group);
    const one = new Uint8Array(prime.length);
    one[one.length - 1] = 1;
    const below = new Uint8Array(prime);
    below[below.length - 1] = (below.at(-1) ?? 0) - 1;
    for (const [what, value] of Object.entries({ one, below, prime }))
      t.equal(share.agree(value), null, `${group.name}: ${what}`);
  }
});

t.test(
  "KeyShare.agree() gives secrets of the prime's length, leading zeros included",
  async (t) => {
    const group = groupByCode(0x0100);
    if (group === undefined) throw new Error("ffdhe2048 is missing");
    const ours = generateKeyShare(group);
    let zeros = 0;
    for (let round = 0; round < 2000 && zeros === 0; round++) {
      const theirs = generateKeyShare(group);
      const secret = ours.agree(theirs.publicKey);
      if (secret?.length !== 256) return void t.fail(`${secret?.length} bytes`);
      if (secret[0] !== 0 && theirs.publicKey[0] !== 0) continue;
      zeros++;
      t.same(theirs.agree(ours.publicKey), secret);
    }
    t.equal(zeros, 1, "a leading zero came up");
    return undefined;
  },
);

/** The server's half of a hybrid, made with the runtime alone (draft-ietf-tls-ecdhe-mlkem section 4). */
function answer(group: HybridGroup, clientShare: Uint8Array) {
  const curve = generateKeyShare(group.curve);
  const curveLength = shareLength(group.curve);
  const cut = group.kemFirst ? clientShare.length - curveLength : curveLength;
  const [first, second] = [clientShare.subarray(0, cut), clientShare.subarray(cut)];
  const [point, kemKey] = group.kemFirst ? [second, first] : [first, second];
  const jwk = {
    kty: "AKP",
    alg: group.kem.toUpperCase(),
    pub: Buffer.from(kemKey).toString("base64url"),
  };
  const { sharedKey, ciphertext } = encapsulate(createPublicKey({ key: jwk, format: "jwk" }));
  const fromCurve = curve.agree(point);
  if (fromCurve === null) throw new Error("The client's point is none");
  const join = (curvePart: Uint8Array, kemPart: Uint8Array): Uint8Array =>
    Buffer.concat(group.kemFirst ? [kemPart, curvePart] : [curvePart, kemPart]);
  return { share: join(curve.publicKey, ciphertext), secret: join(fromCurve, sharedKey) };
}

t.test("generateKeyShare() agrees with a server that encapsulates", async (t) => {
  if (!RUNTIME.mlKem) {
    t.plan(0, "this runtime has no ML-KEM");
    return;
  }
  const hybrids = GROUPS.filter((group): group is HybridGroup => group.kind === "hybrid");
  t.same(
    hybrids.map(({ code, name }) => [code, name, shareLength(groupByCode(code) as Group)]),
    [
      [0x11ec, "x25519mlkem768", 1216],
      [0x11eb, "secp256r1mlkem768", 1249],
      [0x11ed, "secp384r1mlkem1024", 1665],
    ],
  );
  for (const group of hybrids) {
    const ours = generateKeyShare(group);
    const { share, secret } = answer(group, ours.publicKey);
    t.same(ours.agree(share), secret, group.name);
    // ML-KEM does not refuse a changed ciphertext, it gives another secret (FIPS 203 section 6.3).
    const changed = new Uint8Array(share);
    const at = group.kemFirst ? 0 : share.length - 1;
    changed[at] = (changed[at] ?? 0) ^ 1;
    t.notSame(ours.agree(changed), secret, `${group.name}, changed`);
  }
});

t.test("keyShareOf() makes the same share from the same keys", async (t) => {
  for (const group of GROUPS) {
    const pairs = generateKeyPairs(group);
    t.same(keyShareOf(group, pairs).publicKey, keyShareOf(group, pairs).publicKey, group.name);
    if (group.kind === "hybrid")
      t.throws(() => keyShareOf(group, [pairs[0]]), { name: "RangeError" });
  }
});

t.test("shareableGroup() keeps old codes of brainpool curves out of TLS 1.3", async (t) => {
  t.equal(shareableGroup(0x001a), undefined);
  t.equal(groupByCode(0x001a)?.name, "brainpoolp256r1");
  t.equal(shareableGroup(0x001d)?.name, "x25519");
  t.equal(groupName(0x6399), "x25519kyber768draft00");
  t.equal(groupName(0x1a1a), "0x1a1a");
});
