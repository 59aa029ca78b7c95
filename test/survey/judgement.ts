import { getDiffieHellman } from "node:crypto";
import t from "tap";
import { fieldWeakness } from "../../src/diagnosis/survey/field-weakness.ts";
import { MOZILLA_GUIDELINE } from "../../src/diagnosis/survey/guideline.ts";
import { knownField } from "../../src/diagnosis/survey/known-fields.ts";
import { rateSurvey } from "../../src/diagnosis/survey/rate-survey.ts";
import { surveyFindings } from "../../src/diagnosis/survey/survey-findings.ts";
import type { KeyExchangeRecord } from "../../src/probe/handshake.ts";
import type {
  AddressSurvey,
  SuiteSurvey,
  SurveyedVersion,
  VersionSurvey,
} from "../../src/probe/survey/survey-record.ts";
import { NAMED_CIPHER_SUITES, cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { CIPHER_SUITES_13 } from "../../src/probe/tls/cipher-suites-13.ts";
import { GROUPS } from "../../src/probe/tls/groups.ts";
import { unreachedAddress } from "../../src/probe/survey/survey-address.ts";

const PLACE = { scheme: "tls", host: "server.example", port: 443 } as const;

function dhe(prime: string, group: string | null = null): KeyExchangeRecord {
  const bits = BigInt(`0x${prime}`).toString(2).length;
  return { kind: "dhe", group, bits, field: { prime, generator: "02" } };
}

const known = (name: string): string => getDiffieHellman(name).getPrime("hex");

t.test("fieldWeakness() names what is wrong with a field", async (t) => {
  const modp14 = BigInt(`0x${known("modp14")}`);
  t.match(fieldWeakness(dhe("ff".repeat(64))), /^has 512 bits: it can be broken/);
  t.match(
    fieldWeakness(dhe(known("modp1"))),
    /Oakley group 1 of RFC 2409, which many servers share/,
  );
  t.match(fieldWeakness(dhe(known("modp2"))), /^has 1024 bits: fewer than 2048 .*Oakley group 2/);
  t.equal(fieldWeakness(dhe(known("modp14"))), null);
  t.equal(fieldWeakness(dhe(known("modp18"))), null);
  t.equal(fieldWeakness(dhe((modp14 + 2n).toString(16))), "is none: its modulus is not a prime");
  t.equal(
    fieldWeakness(dhe((modp14 + 2n).toString(16), "ffdhe2048")),
    null,
    "named ones are trusted",
  );
  t.equal(fieldWeakness({ kind: "ecdhe", group: "x25519", bits: null, field: null }), null);
});

t.test("fieldWeakness() tells a prime that is not safe", async (t) => {
  // 2^2203 - 1 is a Mersenne prime; half of its predecessor is even divisible by three.
  const mersenne = ((1n << 2203n) - 1n).toString(16);
  t.match(fieldWeakness(dhe(mersenne)), /^has a prime that is not safe/);
});

t.test("knownField() knows the fields of RFC 2409 and RFC 3526", async (t) => {
  t.equal(knownField(known("modp5").toUpperCase()), "group 5 of RFC 3526");
  t.equal(knownField("17"), null);
});

const suite = (name: string, keyExchange: KeyExchangeRecord | null = null): SuiteSurvey => ({
  code: NAMED_CIPHER_SUITES.find((code) => cipherSuiteName(code) === name) ?? -1,
  name,
  keyExchange,
});

function offered(version: SurveyedVersion, suites: readonly SuiteSurvey[]): VersionSurvey {
  return { version, state: "offered", failure: null, cipherSuites: suites, preference: "client" };
}

function surveyed(part: Partial<AddressSurvey>): AddressSurvey {
  const failure = { code: "cancelled", message: "" } as const;
  return { ...unreachedAddress("192.0.2.1", 443, failure), failure: null, ...part };
}

const codesOf = (part: Partial<AddressSurvey>): readonly string[] =>
  surveyFindings(PLACE, surveyed(part)).map(({ code }) => code);

t.test(
  "surveyFindings() finds nothing wrong with a server that offers what it should",
  async (t) => {
    const versions = [
      offered("TLSv1.3", [suite("TLS_AES_128_GCM_SHA256")]),
      offered("TLSv1.2", [suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")]),
    ];
    t.strictSame(codesOf({ versions }), []);
  },
);

t.test("surveyFindings() names obsolete versions and weak suites with their reason", async (t) => {
  const weak: readonly (readonly [string, RegExp])[] = [
    ["TLS_DH_anon_WITH_AES_128_CBC_SHA", /proves nobody's identity/],
    ["TLS_RSA_EXPORT_WITH_RC4_40_MD5", /weakened for export/],
    ["TLS_RSA_WITH_NULL_SHA", /encrypts nothing/],
    ["TLS_RSA_WITH_RC4_128_SHA", /uses RC4/],
    ["TLS_RSA_WITH_DES_CBC_SHA", /too short/],
    ["TLS_RSA_WITH_3DES_EDE_CBC_SHA", /64 bits/],
  ];
  for (const [name, reason] of weak) {
    const [old, bad] = surveyFindings(
      PLACE,
      surveyed({ versions: [offered("TLSv1.0", [suite(name)])] }),
    );
    t.match(old, { code: "handshake.obsolete-version", summary: /TLSv1\.0/ });
    t.match(bad, { code: "handshake.weak-cipher-suite", summary: reason }, name);
  }
});

t.test("surveyFindings() judges each field once, anonymous suites aside", async (t) => {
  const weak = dhe(known("modp2"));
  const versions = [
    offered("TLSv1.2", [
      suite("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", weak),
      suite("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", weak),
    ]),
  ];
  t.strictSame(codesOf({ versions }), ["handshake.weak-key-exchange"]);
  const anonymous = [offered("TLSv1.2", [suite("TLS_DH_anon_WITH_AES_128_GCM_SHA256", weak)])];
  t.strictSame(codesOf({ versions: anonymous }), ["handshake.weak-cipher-suite"]);
});

t.test("surveyFindings() names protections that are missing", async (t) => {
  const { features } = surveyed({});
  const cases = [
    [{ secureRenegotiation: false }, "handshake.insecure-renegotiation"],
    [{ compression: true }, "handshake.compression"],
    [{ heartbeat: true }, "handshake.heartbeat"],
    [{ fallbackSignal: false }, "handshake.no-fallback-signal"],
  ] as const;
  for (const [change, code] of cases)
    t.strictSame(codesOf({ features: { ...features, ...change } }), [code]);
});

const RULES = MOZILLA_GUIDELINE.profiles;

t.test("MOZILLA_GUIDELINE names only what the engine knows", async (t) => {
  const suites = new Set(
    [...NAMED_CIPHER_SUITES, ...CIPHER_SUITES_13.map(({ code }) => code)].map(cipherSuiteName),
  );
  const groups = new Set(GROUPS.map(({ name }) => name));
  for (const { cipherSuites, groups: wanted } of Object.values(RULES)) {
    for (const name of cipherSuites) t.ok(suites.has(name), name);
    for (const name of wanted) t.ok(groups.has(name), name);
  }
});

/** What a profile asks for, to the letter. */
function exemplary(profile: keyof typeof RULES): AddressSurvey {
  const { versions, cipherSuites, groups } = RULES[profile];
  const ofVersion = (version: string): readonly SuiteSurvey[] =>
    cipherSuites
      .filter((name) => name.includes("_WITH_") === (version !== "TLSv1.3"))
      .map((name) => suite(name));
  return surveyed({
    versions: versions.map((version) => offered(version as SurveyedVersion, ofVersion(version))),
    groups: [{ version: "TLSv1.3", groups, preference: "client", ignoresOffer: false }],
  });
}

t.test("rateSurvey() is content with what a profile asks for, and with no more", async (t) => {
  for (const profile of ["modern", "intermediate"] as const) {
    const rating = rateSurvey(exemplary(profile)).find((each) => each.profile === profile);
    t.match(rating, { meets: true, deviations: [] }, profile);
  }
  t.match(rateSurvey(exemplary("intermediate")), [
    { profile: "modern", meets: false, deviations: [{ change: "Switch off TLSv1.2" }] },
    { profile: "intermediate", meets: true },
  ]);
  t.match(rateSurvey(exemplary("modern")), [
    { profile: "modern", meets: true },
    { profile: "intermediate", meets: false, deviations: [{ change: "Switch on TLSv1.2" }] },
  ]);
});

t.test("rateSurvey() says what to change in suites, groups and preference", async (t) => {
  const base = exemplary("modern");
  const [tls13] = base.versions;
  if (tls13 === undefined) throw new Error("There is a version");
  const changed = (part: Partial<VersionSurvey>): AddressSurvey => ({
    ...base,
    versions: [{ ...tls13, ...part }],
  });
  const changes = (survey: AddressSurvey): readonly string[] =>
    rateSurvey(survey)[0]?.deviations.map(({ change }) => change) ?? [];
  const extra = ["TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"].map((name) => suite(name));
  t.strictSame(changes(changed({ cipherSuites: [...tls13.cipherSuites, ...extra] })), [
    "Remove TLS_AES_128_CCM_SHA256, TLS_AES_128_CCM_8_SHA256",
  ]);
  t.match(changes(changed({ cipherSuites: extra })), [
    /^Take up TLS_AES_128_GCM_SHA256, .* instead$/,
  ]);
  t.match(changes(changed({ preference: "server" })), [/^Let clients choose/]);
  const [groups] = base.groups;
  if (groups === undefined) throw new Error("There are groups");
  t.strictSame(changes({ ...base, groups: [{ ...groups, groups: ["x25519", "x448"] }] }), [
    "Add the group x25519mlkem768",
    "Add the group secp256r1",
    "Add the group secp384r1",
    "Remove the groups x448",
  ]);
});

t.test("rateSurvey() does not judge a server whose versions remained unclear", async (t) => {
  const base = exemplary("modern");
  const unclear = { ...offered("TLSv1.2", []), state: "unclear" } as const;
  t.strictSame(rateSurvey({ ...base, versions: [...base.versions, unclear] }), []);
});
