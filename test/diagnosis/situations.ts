import t from "tap";
import { assess } from "../../src/diagnosis/assess.ts";
import type { Assessment } from "../../src/diagnosis/assessment.ts";
import type { FindingCode } from "../../src/diagnosis/finding-codes.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { type CertificateName, handshakeOf, makePki, NOW, storeOf } from "./pki.ts";

const DAY = 86_400_000;

/** What is expected for one combination: headline code (null: nothing), and whether the link works. */
interface Expectation {
  readonly ok: boolean;
  readonly headline: FindingCode | null;
}

const fine: Expectation = { ok: true, headline: null };
const works = (headline: FindingCode): Expectation => ({ ok: true, headline });
const broken = (headline: FindingCode): Expectation => ({ ok: false, headline });

/** Combinations of the failure catalogue's annex: sent, stored, and what Java, OpenSSL and Go make of it. */
const SITUATIONS: readonly {
  readonly name: string;
  readonly sent: readonly CertificateName[];
  readonly stored: readonly CertificateName[];
  readonly java: Expectation;
  readonly openssl: Expectation;
  readonly go?: Expectation;
}[] = [
  { name: "ok", sent: ["leaf", "intA"], stored: ["rootA"], java: fine, openssl: fine, go: fine },
  {
    name: "ok_root_sent",
    sent: ["leaf", "intA", "rootA"],
    stored: ["rootA"],
    java: works("chain.root-sent"),
    openssl: works("chain.root-sent"),
    go: works("chain.root-sent"),
  },
  {
    name: "missing_root",
    sent: ["leaf", "intA"],
    stored: ["rootB"],
    java: broken("truststore.anchor-missing"),
    openssl: broken("truststore.anchor-missing"),
    go: broken("truststore.anchor-missing"),
  },
  {
    name: "missing_root_sent",
    sent: ["leaf", "intA", "rootA"],
    stored: ["rootB"],
    java: broken("truststore.anchor-missing"),
    openssl: broken("truststore.anchor-missing"),
    go: broken("truststore.anchor-missing"),
  },
  {
    name: "missing_intermediate",
    sent: ["leaf"],
    stored: ["rootA"],
    java: broken("chain.incomplete"),
    openssl: broken("chain.incomplete"),
    go: broken("chain.incomplete"),
  },
  {
    name: "wrong_intermediate_unrelated",
    sent: ["leaf", "intB"],
    stored: ["rootA"],
    java: broken("chain.unrelated-intermediate"),
    openssl: broken("chain.unrelated-intermediate"),
    go: broken("chain.unrelated-intermediate"),
  },
  {
    name: "wrong_intermediate_sameDN_newkey",
    sent: ["leaf", "intA_newkey"],
    stored: ["rootA"],
    java: broken("chain.intermediate-rekeyed"),
    openssl: broken("chain.intermediate-rekeyed"),
    go: broken("chain.intermediate-rekeyed"),
  },
  {
    name: "intermediate_expired",
    sent: ["leaf", "intA_exp"],
    stored: ["rootA"],
    java: broken("chain.intermediate-expired"),
    openssl: broken("chain.intermediate-expired"),
    go: broken("chain.intermediate-expired"),
  },
  {
    name: "intermediate_expired_plus_good",
    sent: ["leaf", "intA_exp", "intA"],
    stored: ["rootA"],
    java: works("chain.intermediate-stale"),
    openssl: works("chain.intermediate-stale"),
  },
  {
    name: "out_of_order",
    sent: ["leaf", "rootA", "intA"],
    stored: ["rootA"],
    java: works("chain.out-of-order"),
    openssl: works("chain.out-of-order"),
  },
  {
    name: "dup_leaf",
    sent: ["leaf", "leaf", "intA"],
    stored: ["rootA"],
    java: works("chain.superfluous"),
    openssl: works("chain.superfluous"),
  },
  {
    name: "trust_has_intermediate_only",
    sent: ["leaf", "intA"],
    stored: ["intA"],
    java: works("truststore.intermediate-only"),
    openssl: broken("truststore.intermediate-only"),
    go: works("truststore.intermediate-only"),
  },
  {
    name: "root_expired_in_store",
    sent: ["leaf", "intA"],
    stored: ["rootA_exp"],
    java: works("truststore.anchor-expired"),
    openssl: broken("truststore.anchor-expired"),
    go: broken("truststore.anchor-expired"),
  },
  {
    name: "root_sameDN_newkey_in_store",
    sent: ["leaf", "intA"],
    stored: ["rootA_newkey"],
    java: broken("truststore.anchor-rekeyed"),
    openssl: broken("truststore.anchor-rekeyed"),
    go: broken("truststore.anchor-rekeyed"),
  },
  {
    name: "root_sameDN_both_in_store",
    sent: ["leaf", "intA"],
    stored: ["rootA_newkey", "rootA"],
    java: fine,
    openssl: fine,
    go: fine,
  },
  {
    name: "root_bcfalse_in_store",
    sent: ["leaf", "intA"],
    stored: ["rootA_bcfalse"],
    java: broken("truststore.anchor-not-ca"),
    openssl: broken("truststore.anchor-not-ca"),
  },
  {
    name: "leaf_imported_as_trust",
    sent: ["leaf", "intA"],
    stored: ["leaf"],
    java: works("truststore.leaf-pinned"),
    openssl: broken("truststore.leaf-pinned"),
    go: works("truststore.leaf-pinned"),
  },
  {
    name: "leaf_imported_then_renewed",
    sent: ["leaf_soon", "intA"],
    stored: ["leaf"],
    java: broken("truststore.leaf-pinned"),
    openssl: broken("truststore.leaf-pinned"),
  },
  {
    name: "selfsigned_untrusted",
    sent: ["ss"],
    stored: ["rootA"],
    java: broken("chain.self-signed"),
    openssl: broken("chain.self-signed"),
  },
  { name: "selfsigned_imported", sent: ["ss"], stored: ["ss"], java: fine, openssl: fine },
  {
    name: "leaf_expired",
    sent: ["leaf_exp", "intA"],
    stored: ["rootA"],
    java: broken("leaf.expired"),
    openssl: broken("leaf.expired"),
    go: broken("leaf.expired"),
  },
  {
    name: "leafexp_outoforder",
    sent: ["leaf_exp", "rootA", "intA"],
    stored: ["rootA"],
    java: broken("leaf.expired"),
    openssl: broken("leaf.expired"),
  },
  {
    name: "leaf_expired_and_untrusted",
    sent: ["leaf_exp", "intA"],
    stored: ["rootB"],
    java: broken("truststore.anchor-missing"),
    openssl: broken("truststore.anchor-missing"),
  },
  {
    name: "leaf_notyetvalid",
    sent: ["leaf_nyv", "intA"],
    stored: ["rootA"],
    java: broken("leaf.not-yet-valid"),
    openssl: broken("leaf.not-yet-valid"),
  },
  {
    name: "leaf expires soon",
    sent: ["leaf_soon", "intA"],
    stored: ["rootA"],
    java: works("leaf.expiring"),
    openssl: works("leaf.expiring"),
    go: works("leaf.expiring"),
  },
  {
    name: "host_mismatch",
    sent: ["leaf_other", "intA"],
    stored: ["rootA"],
    java: broken("name.mismatch"),
    openssl: broken("name.mismatch"),
    go: broken("name.mismatch"),
  },
  {
    name: "host_mismatch_and_untrusted",
    sent: ["leaf_other", "intA"],
    stored: ["rootB"],
    java: broken("truststore.anchor-missing"),
    openssl: broken("truststore.anchor-missing"),
  },
  {
    name: "cn_only",
    sent: ["leaf_cn", "intA"],
    stored: ["rootA"],
    java: works("name.common-name-only"),
    openssl: works("name.common-name-only"),
    go: broken("name.common-name-only"),
  },
  {
    name: "eku_client_only",
    sent: ["leaf_clienteku", "intA"],
    stored: ["rootA"],
    java: broken("leaf.extended-key-usage"),
    openssl: broken("leaf.extended-key-usage"),
  },
  {
    name: "ku_no_sig",
    sent: ["leaf_ku", "intA"],
    stored: ["rootA"],
    java: broken("leaf.key-usage"),
    openssl: fine,
  },
  {
    name: "int_eku_client_only",
    sent: ["leaf_inteku", "int_eku"],
    stored: ["rootA"],
    java: works("chain.extended-key-usage"),
    openssl: broken("chain.extended-key-usage"),
    go: broken("chain.extended-key-usage"),
  },
  {
    name: "bc_false_intermediate",
    sent: ["leaf_noca", "int_noca"],
    stored: ["rootA"],
    java: broken("chain.not-ca"),
    openssl: broken("chain.not-ca"),
    go: broken("chain.not-ca"),
  },
  {
    name: "no_keycertsign_intermediate",
    sent: ["leaf_nokcs", "int_nokcs"],
    stored: ["rootA"],
    java: broken("chain.not-ca"),
    openssl: broken("chain.not-ca"),
    go: broken("chain.not-ca"),
  },
  {
    name: "pathlen_exceeded",
    sent: ["leaf_pl", "sub", "intA"],
    stored: ["rootA"],
    java: broken("chain.path-length"),
    openssl: broken("chain.path-length"),
    go: broken("chain.path-length"),
  },
  {
    name: "empty_trust",
    sent: ["leaf", "intA"],
    stored: [],
    java: broken("truststore.no-anchors"),
    openssl: broken("truststore.no-anchors"),
    go: broken("truststore.no-anchors"),
  },
  {
    name: "trust_has_expired_int_and_root",
    sent: ["leaf", "intA"],
    stored: ["intA_exp", "rootA"],
    java: works("truststore.stale-intermediate"),
    openssl: broken("truststore.stale-intermediate"),
  },
];

const pki = await makePki();

function assessSituation(
  profile: ProfileName,
  sent: readonly CertificateName[],
  stored: readonly CertificateName[],
): Assessment {
  const store = storeOf(
    "store",
    stored.map((name) => pki[name]),
  );
  return assess(
    { name: "client", profile, truststores: [store], nameCheck: "https", ownChain: null },
    handshakeOf(sent.map((name) => pki[name])),
    { at: NOW, thresholds: { warning: 30 * DAY, critical: 7 * DAY }, otherTruststores: [store] },
  );
}

for (const { name, sent, stored, java, openssl, go } of SITUATIONS)
  for (const [profile, expected] of [
    ["openjdk-17", java],
    ["openssl-3", openssl],
    ["go", go],
  ] as const) {
    if (expected === undefined) continue;
    t.test(`assess() names ${name} for ${profile}`, async (t) => {
      const { ok, findings, verdict } = assessSituation(profile, sent, stored);
      const headline = findings[0];
      t.equal(ok, expected.ok, "works");
      t.equal(headline?.code ?? null, expected.headline, headline?.summary ?? "no finding");
      t.equal(
        headline === undefined || headline.severity !== "critical" || !expected.ok,
        true,
        "severity",
      );
      if (!expected.ok) {
        t.ok((headline?.remedy.length ?? 0) > 0, "has a remedy");
        t.not(verdict?.clientMessage, null, "tells what the client prints");
      }
    });
  }

t.test("assess() finds the anchor in another store of the estate", async (t) => {
  const own = storeOf("own", [pki.rootB]);
  const other = storeOf("corp", [pki.rootA]);
  const { findings } = assess(
    {
      name: "client",
      profile: "openjdk-17",
      truststores: [own],
      nameCheck: "https",
      ownChain: null,
    },
    handshakeOf([pki.leaf, pki.intA]),
    { at: NOW, thresholds: { warning: 0, critical: 0 }, otherTruststores: [own, other] },
  );
  t.equal(findings[0]?.code, "truststore.anchor-elsewhere");
  t.match(findings[0]?.summary, /Root A is missing in own, but corp \(alias ca-0\) holds it/);
});

t.test("assess() reports independent defects behind the headline", async (t) => {
  const { findings } = assessSituation("openssl-3", ["leaf_exp", "intA"], ["rootB"]);
  t.same(
    findings.map(({ code }) => code),
    ["truststore.anchor-missing", "leaf.expired"],
  );
});

t.test("assess() says when an accepted chain stops being accepted, per client", async (t) => {
  const java = assessSituation("openjdk-17", ["leaf", "intA"], ["rootA"]);
  t.equal(java.breaksAt, NOW + 300 * DAY);
  const pinned = assessSituation("openjdk-17", ["leaf", "intA"], ["leaf"]);
  t.equal(pinned.breaksAt, null, "Java never looks at the dates of a pinned leaf");
  const go = assessSituation("go", ["leaf_soon", "intA"], ["rootA"]);
  t.equal(go.breaksAt, NOW + 10 * DAY);
});

t.test("assess() keeps a mismatch visible for a client that checks no name", async (t) => {
  const { ok, findings } = assess(
    {
      name: "client",
      profile: "openjdk-17-sunx509",
      truststores: [storeOf("store", [pki.rootA])],
      nameCheck: "none",
      ownChain: null,
    },
    handshakeOf([pki.leaf_other, pki.intA]),
    { at: NOW, thresholds: { warning: 0, critical: 0 }, otherTruststores: [] },
  );
  t.equal(ok, true);
  t.match(findings[0], { code: "name.unchecked-mismatch", severity: "warning" });
});
