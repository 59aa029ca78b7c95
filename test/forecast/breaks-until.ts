import t from "tap";
import { hash } from "node:crypto";
import { breaksUntil, findBreak } from "../../src/trust/breaks-at.ts";
import { judge } from "../../src/trust/judge.ts";
import { judgeWithBreak } from "../../src/trust/judge-with-break.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import type { JudgeInput } from "../../src/trust/verdict.ts";
import { internCertificate } from "../../src/x509/certificate-cache.ts";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { DAY, issue, makeKeys, NOW } from "./world.ts";

const certificateOf = ({ der }: IssuedCertificate) => {
  const parsed = internCertificate(der);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
};

const question = (
  profile: ProfileName,
  chain: readonly IssuedCertificate[],
  anchors: readonly IssuedCertificate[],
): JudgeInput => ({
  profile,
  chain: chain.map(({ der }) => der),
  anchors: anchors.map(certificateOf),
  host: "a.example.com",
  nameCheck: "https",
  purpose: "server",
  at: NOW,
  version: "TLSv1.3",
  cipherSuite: "TLS_AES_128_GCM_SHA256",
  maxPathLength: null,
});

t.test("breaksUntil() tells every certificate that ends, as each client counts", async (t) => {
  const [rootKey, caKey, leafKey] = await makeKeys(3);
  if (rootKey === undefined || caKey === undefined || leafKey === undefined) return;
  const root = issue("Root", rootKey, 100, { ca: true });
  const ca = issue("CA", caKey, 60, { ca: true, issuer: root });
  const leaf = issue("a", leafKey, 30, { issuer: ca, san: ["a.example.com"] });
  const days = (profile: ProfileName, until: number): readonly number[] => {
    const input = question(profile, [leaf, ca], [root]);
    const first = findBreak(input, judge(input));
    return first === null
      ? []
      : breaksUntil(input, first, NOW + until * DAY).map(({ time }) => (time - NOW) / DAY);
  };
  t.strictSame(days("openssl-3", 365), [30, 60, 100]);
  t.strictSame(days("openssl-3", 60), [30, 60], "up to the end and no further");
  t.strictSame(days("openssl-3", 29), []);
  t.strictSame(days("openjdk-17", 365), [30, 60], "Java does not look at the dates of anchors");
});

t.test("breaksUntil() leaves out what another path stands in for", async (t) => {
  const [rootKey, caKey, leafKey] = await makeKeys(3);
  if (rootKey === undefined || caKey === undefined || leafKey === undefined) return;
  const root = issue("Root", rootKey, 900, { ca: true });
  const old = issue("CA", caKey, 40, { ca: true, issuer: root });
  const renewed = issue("CA", caKey, 500, { ca: true, issuer: root });
  const leaf = issue("a", leafKey, 20, { issuer: old, san: ["a.example.com"] });
  const input = question("openssl-3", [leaf, old], [renewed, root]);
  const first = findBreak(input, judge(input));
  t.ok(first);
  const breaks = first === null ? [] : breaksUntil(input, first, NOW + 365 * DAY);
  t.strictSame(
    breaks.map(({ time }) => (time - NOW) / DAY),
    [20],
  );
});

t.test(
  "judge() takes certificates as renewed, and judgeWithBreak() does not mix them up",
  async (t) => {
    const [rootKey, leafKey] = await makeKeys(2);
    if (rootKey === undefined || leafKey === undefined) return;
    const root = issue("Root", rootKey, 900, { ca: true });
    const leaf = issue("a", leafKey, -5, { issuer: root, san: ["a.example.com"] });
    const input = question("go", [leaf], [root]);
    const renewed = new Set([hash("sha256", leaf.der, "hex")]);
    t.equal(judgeWithBreak(input).verdict.accepted, false);
    const then = judgeWithBreak({ ...input, renewed });
    t.equal(then.verdict.accepted, true);
    t.equal(then.breaks?.time, NOW + 900 * DAY, "its own end is of no consequence");
    t.equal(judgeWithBreak(input).verdict.accepted, false);
    t.same(
      judge({ ...input, renewed }).path.map(({ der }) => Buffer.from(der).equals(leaf.der)),
      [true, false],
      "the path has the certificates as they are",
    );
  },
);
