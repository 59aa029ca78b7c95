import { readFileSync } from "node:fs";
import t from "tap";
import { type Handshake, NO_PHASES, NOTHING_HEARD } from "../../src/probe/handshake.ts";
import { knownHello } from "../../src/probe/hellos/known-hellos.ts";
import { mayAnswerOtherwise, outsideOffer } from "../../src/probe/hellos/outside-offer.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { signatureScheme } from "../../src/probe/tls/signature-schemes.ts";
import { Version, versionName } from "../../src/probe/tls/versions.ts";
import { clientHandshake } from "../../src/trust/client-handshake.ts";
import { applyJavaSecurity } from "../../src/trust/java/java-security.ts";
import type { Profile } from "../../src/trust/profile.ts";
import { PROFILE_NAMES } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";

const handshake = (facts: Partial<Handshake>): Handshake => ({
  ...NOTHING_HEARD,
  endpoint: { scheme: "tls", host: "server.example.com", port: 443 },
  serverName: "server.example.com",
  address: "192.0.2.1",
  dialledPort: 443,
  startedAt: "2026-11-21T10:00:00.000Z",
  outcome: "complete",
  stage: "complete",
  phases: NO_PHASES,
  ...facts,
});

const { shape } = knownHello("go");

t.test("WIDE_HELLO offers every version that is completed, modern suites first", async (t) => {
  t.same(WIDE_HELLO.versions.map(versionName), ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0"]);
  t.ok(WIDE_HELLO.cipherSuites.length <= 64, "servers are known that hang up on more");
  t.equal(new Set(WIDE_HELLO.cipherSuites).size, WIDE_HELLO.cipherSuites.length);
  const names = WIDE_HELLO.cipherSuites.map(cipherSuiteName);
  const first = (pattern: RegExp): number => names.findIndex((name) => pattern.test(name));
  const last = (pattern: RegExp): number => names.findLastIndex((name) => pattern.test(name));
  t.ok(last(/ECDHE_.*_(?:GCM|POLY1305)/) < first(/^TLS_DHE_|^TLS_RSA_|_CBC_/));
  t.ok(last(/^TLS_(?:EC)?DHE_.*_GCM/) > 0 && first(/3DES/) > first(/^TLS_RSA_WITH_AES/));
});

t.test("outsideOffer() names what a hello does not offer", async (t) => {
  t.same(outsideOffer(handshake({}), shape), [], "what is not known is not outside");
  const dhe = { kind: "dhe", group: "ffdhe2048", bits: 2048, field: null } as const;
  for (const [facts, parts] of [
    [{ version: "TLSv1.0" }, ["version"]],
    [{ version: "TLSv1.2", cipherSuite: "TLS_RSA_WITH_AES_256_CBC_SHA256" }, ["cipher-suite"]],
    [{ version: "TLSv1.3", group: "x448" }, ["group"]],
    [{ version: "TLSv1.2", group: "ffdhe2048", keyExchange: dhe }, []],
    [{ version: "TLSv1.3", group: "ffdhe2048", keyExchange: dhe }, ["group"]],
    [{ version: "TLSv1.2", signatureScheme: "ed448" }, ["signature-scheme"]],
    [{ version: "TLSv1.1", signatureScheme: "rsa_pkcs1_md5_sha1" }, ["version"]],
  ] as const)
    t.same(outsideOffer(handshake(facts), shape), parts, JSON.stringify(facts));
});

t.test(
  "mayAnswerOtherwise() asks again where the hello may have ended a conversation",
  async (t) => {
    const failed = (
      code: NonNullable<Handshake["failure"]>["code"],
      more: Partial<Handshake> = {},
    ) =>
      mayAnswerOtherwise(
        handshake({ outcome: "failed", stage: "connect", failure: { code, message: "" }, ...more }),
        shape,
      );
    const alert = { direction: "received", level: "fatal", description: "" } as const;
    t.ok(failed("alert-received", { alert: { ...alert, code: 40 } }));
    t.ok(failed("parameter-unsupported"));
    t.ok(failed("connection-reset"));
    t.notOk(failed("connection-reset", { version: "TLSv1.2" }), "the hello was answered");
    t.notOk(failed("alert-received", { alert: { ...alert, code: 112 } }), "the name is not known");
    t.notOk(failed("alert-received", { clientCertificateRequested: true }));
    t.notOk(failed("connect-refused"));
    t.notOk(failed("timeout-handshake"));
  },
);

const withList = (list: string): Profile => {
  const applied = applyJavaSecurity(
    profileOf("openjdk-17"),
    new Map([["jdk.tls.disabledAlgorithms", list]]),
  );
  if (!applied.ok) throw new Error(applied.error.message);
  return applied.value;
};

t.test("clientHandshake() takes out of a Java hello what its settings disable", async (t) => {
  const of = (list: string) => {
    const { shape: left, ...limits } = clientHandshake(withList(list));
    if (left === null) throw new Error("A Java client has a hello");
    return { left, suites: left.cipherSuites.map(cipherSuiteName), ...limits };
  };
  const everything = of("SSLv3");
  t.same(everything.left.versions.map(versionName), ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0"]);
  t.match(everything, { oldestVersion: Version.tls10, leastPrime: 0 });
  t.ok(everything.suites.includes("TLS_RSA_WITH_AES_128_CBC_SHA"));
  const late = of("SSLv3, TLSv1, TLSv1.1, TLS_RSA_*, DH keySize < 2048");
  t.match(late, { oldestVersion: Version.tls12, leastPrime: 2048 });
  t.notOk(late.suites.some((name) => name.startsWith("TLS_RSA_")));
  t.ok(late.suites.includes("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"));
  t.notOk(of("DHE_RSA").suites.some((name) => name.includes("_DHE_RSA_")));
  t.notOk(of("AES_256_GCM").suites.some((name) => name.includes("AES_256_GCM")));
  t.notOk(of("SHA1").suites.some((name) => name.endsWith("_SHA")));
  const schemes = of("ecdsa_sha1 usage HandshakeSignature").left.signatureSchemes.map(
    (code) => signatureScheme(code)?.name,
  );
  t.notOk(schemes.includes("ecdsa_sha1"));
  t.ok(schemes.includes("rsa_pkcs1_sha1"));
  t.same(
    of("TLSv1.3, TLSv1.2, TLSv1.1, TLSv1").left,
    knownHello("openjdk-17").shape,
    "a JVM without a version makes no hello; the captured one stands in",
  );
});

t.test("docs/profiles.md lists what each profile offers and completes", async (t) => {
  const page = readFileSync(new URL("../../docs/profiles.md", import.meta.url), "utf8");
  const plain = (version: number): string => versionName(version).replace("TLSv", "");
  for (const name of PROFILE_NAMES) {
    const limits = clientHandshake(profileOf(name));
    const { hello, oldestVersion, oldestSignedVersion, leastPrime } = limits;
    const oldest =
      oldestVersion === oldestSignedVersion
        ? `TLS ${plain(oldestVersion)}`
        : `TLS ${plain(oldestVersion)}, with static RSA; else TLS ${plain(oldestSignedVersion)}`;
    const offers = (limits.shape?.versions ?? []).map(plain).join(", ");
    const cells = [
      `\`${name}\``,
      hello === null ? "none" : `\`${hello}\``,
      hello === null ? "" : knownHello(hello).evidence,
      offers === "" ? "" : `TLS ${offers}`,
      oldest,
      leastPrime === 0 ? "no DHE" : String(leastPrime),
    ];
    const row = `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|\n`;
    t.ok(page.includes(row), row);
    if (leastPrime === 0)
      t.notOk(limits.shape?.cipherSuites.some((code) => /_DHE_/.test(cipherSuiteName(code))));
  }
});
