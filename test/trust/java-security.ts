import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { applyJavaSecurity, readJavaSecurity } from "../../src/trust/java/java-security.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import { atUpdate, javaOf } from "../differential/contests.ts";
import { javaOracle } from "../differential/java-oracle.ts";
import { randomFrom } from "../differential/random.ts";
import { runContest } from "../differential/run.ts";
import { requireTool } from "../tools.ts";

t.test(
  "readJavaSecurity() reads continuation lines, escapes, comments and both separators",
  async (t) => {
    const text = [
      "# jdk.a=commented",
      "! so is this",
      "jdk.certpath.disabledAlgorithms=MD2, \\",
      "    MD5, \\",
      "  RSA keySize < 2048",
      "jdk.tls.disabledAlgorithms : SSLv3",
      "with\\ blank\\:colon = \\u0041\\tB\\\\",
      "empty",
      "twice=1",
      "twice=2",
    ].join("\n");
    const read = readJavaSecurity(text);
    t.same(read.ok ? Object.fromEntries(read.value) : read.error, {
      "jdk.certpath.disabledAlgorithms": "MD2, MD5, RSA keySize < 2048",
      "jdk.tls.disabledAlgorithms": "SSLv3",
      "with blank:colon": "A\tB\\",
      empty: "",
      twice: "2",
    });
  },
);

t.test("readJavaSecurity() names the line of a bad escape and of an include", async (t) => {
  const escape = readJavaSecurity("a=1\nb=\\u12");
  t.match(escape, { ok: false, error: { code: "malformed-escape", message: /^Line 2:/ } });
  const include = readJavaSecurity("include other.security");
  t.match(include, { ok: false, error: { code: "include", message: /other\.security/ } });
});

t.test(
  "applyJavaSecurity() changes trust manager, distrust and anchor rules, and refuses nonsense",
  async (t) => {
    const base = profileOf("openjdk-17");
    const applied = applyJavaSecurity(
      base,
      new Map([
        ["ssl.TrustManagerFactory.algorithm", "IbmX509"],
        ["jdk.security.caDistrustPolicies", "ENTRUST_TLS"],
        ["jdk.security.allowNonCaAnchor", "true"],
      ]),
    );
    const rules = applied.ok ? applied.value.rules : null;
    t.match(rules, { validator: "simple", allowNonCaAnchor: true });
    t.same(rules?.kind === "java" ? rules.distrust.map(({ owner }) => owner) : [], ["Entrust"]);
    t.match(
      applyJavaSecurity(base, new Map([["jdk.certpath.disabledAlgorithms", "RSA keySize ~ 3"]])),
      { ok: false, error: { code: "malformed-value", message: /~ is not a legal Operator/ } },
    );
    t.match(applyJavaSecurity(profileOf("go"), new Map()), {
      ok: false,
      error: { code: "not-java" },
    });
  },
);

const PARTS = [
  "MD5",
  "SHA1",
  "SHA-256",
  "SHA256withECDSA",
  "SHA224",
  "EC",
  "RSA",
  "secp384r1",
  "NIST P-256",
  "Ed25519",
  "EdDSA",
  "RSASSA-PSS",
  "RSA keySize < 2048",
  "RSA keySize <= 1024",
  "RSA keySize == 2048",
  "RSA keySize != 2048",
  "RSA keySize > 1024",
  "EC keySize < 384",
  "EC keySize >= 384",
  "SHA1 jdkCA",
  "SHA1 usage TLSServer",
  "SHA256 usage TLSClient",
  "SHA384 usage TLSServer & denyAfter 2020-01-01",
  "SHA512 denyAfter 2039-01-01",
  "RSA keySize < 2048 & usage TLSServer",
  "SHA256 usage SignedJAR TLSServer",
  "EC keySize < 300 & denyAfter 2021-06-01",
  "include jdk.disabled.namedCurves",
] as const;

t.test("judge() with a java.security file equals the real JSSE with the same file", async (t) => {
  const java = javaOf(17) ?? requireTool(t, "java");
  if (java === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "java-security-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const around = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  for (let seed = 1; seed <= 4; seed++) {
    const random = randomFrom(seed * 7919);
    const list = (): string => random.shuffle(PARTS).slice(0, random.between(1, 4)).join(", ");
    const text = [
      `jdk.certpath.disabledAlgorithms=${list().replaceAll(", ", ", \\\n    ")}`,
      ...(random.chance(0.6) ? [`jdk.tls.disabledAlgorithms=${list()}`] : []),
      "jdk.disabled.namedCurves=secp256k1, secp521r1",
    ].join("\n");
    const file = join(folder, `${seed}.security`);
    writeFileSync(file, text);
    const oracle = await javaOracle({
      name: "openjdk-17",
      java,
      options: [`-Djava.security.properties=${file}`],
    });
    const read = readJavaSecurity(text);
    const applied = read.ok
      ? applyJavaSecurity(atUpdate(profileOf("openjdk-17"), oracle.version), read.value)
      : read;
    if (!applied.ok) {
      t.fail(applied.error.message);
      continue;
    }
    const outcome = await runContest(
      { oracle, profile: applied.value },
      { seed: seed * 10_000, cases: 200, around, limit: 2 },
    );
    await oracle.close();
    for (const { difference } of outcome.disagreements)
      t.comment(`ours:   ${difference.ours}\ntheirs: ${difference.theirs}`);
    t.same(
      outcome.disagreements.map((each) => each.case.seed),
      [],
      text,
    );
  }
});
