import t from "tap";
import { linkSignals } from "../../../src/daemon/alerts/signals.ts";
import type { LinkState, SentCertificate } from "../../../src/daemon/link-state.ts";
import type { FindingCode } from "../../../src/diagnosis/finding-codes.ts";
import { makeFinding } from "../../../src/diagnosis/make-finding.ts";
import type { Finding, Severity } from "../../../src/diagnosis/finding.ts";
import type { AlertRuleDocument } from "../../../src/estate/alerts/document.ts";
import { resolveAlerts } from "../../../src/estate/alerts/resolve.ts";
import { NOW } from "../fake-clock.ts";
import { link } from "../samples.ts";

const DAY = 86_400_000;

const UNREACHED = {
  outcome: "failed",
  version: null,
  cipherSuite: null,
  group: null,
  failure: "timeout-connect",
} as const;

const finding = (
  code: FindingCode,
  evidence: Partial<Finding["evidence"]> = {},
  severity: Severity = "critical",
): Finding => {
  const made = makeFinding(code, { severity, summary: code, remedy: [] });
  return { ...made, evidence: { ...made.evidence, ...evidence } };
};

const sent = (sha256: string, issuer: string): SentCertificate => ({
  sha256,
  subject: "CN=x",
  issuer,
  serial: "01",
  notBefore: NOW - 100 * DAY,
  notAfter: NOW + 100 * DAY,
});

const causes = (state: LinkState, rules?: readonly AlertRuleDocument[]): readonly string[] =>
  linkSignals(state, resolveAlerts(rules === undefined ? {} : { rules }).rules, NOW).map(
    ({ key }) => key,
  );

const broken = (headline: Finding, different: Partial<LinkState> = {}): LinkState =>
  link({ state: "broken", ok: false, findings: [headline], ...different });

t.test(
  "linkSignals() gives links one cause that lack the same CA in the same truststore",
  async (t) => {
    const lacks = (endpoint: string, top: string, truststore: string): readonly string[] =>
      causes(
        broken(finding("truststore.anchor-missing", { certificates: [top], truststore }), {
          endpoint,
          chain: [sent("leaf", "CN=Issuing"), sent(top, "CN=Root")],
        }),
      );
    t.same(lacks("a", "intermediate-1", "trust"), lacks("b", "intermediate-2", "trust"));
    t.notSame(lacks("a", "intermediate-1", "trust"), lacks("a", "intermediate-1", "other"));
  },
);

t.test("linkSignals() tells certificates, hosts and endpoints apart", async (t) => {
  const expired = finding("chain.intermediate-expired", { certificates: ["x"], truststore: "t1" });
  const elsewhere = finding("chain.intermediate-expired", {
    certificates: ["x"],
    truststore: "t2",
  });
  t.same(causes(broken(expired)), causes(broken(elsewhere, { endpoint: "b" })));
  const down = (url: string): readonly string[] =>
    causes(broken(finding("topology.unreachable"), { url, endpoint: url }));
  t.same(down("https://h.example:1"), down("ldaps://h.example:2"));
  t.notSame(down("https://h.example:1"), down("https://i.example:1"));
  const at = (name: string, ...places: readonly (string | null)[]): readonly string[] =>
    causes(
      broken(finding("topology.timeout"), {
        url: `https://${name}.example`,
        endpoint: name,
        addresses: places.map((address) => ({ ...UNREACHED, address })),
      }),
    );
  t.same(at("a", "192.0.2.1"), at("b", "192.0.2.1"), "forty names of one machine are one cause");
  t.notSame(at("a", "192.0.2.1"), at("a", "192.0.2.2"));
  t.same(at("a", "192.0.2.1", "192.0.2.2"), at("a", "192.0.2.2", "192.0.2.3"));
  t.notSame(at("a", "192.0.2.1", "192.0.2.2"), at("b", "192.0.2.1", "192.0.2.2"));
  t.notSame(at("a", null), at("b", null), "no name leads anywhere");
  const wrong = (endpoint: string): readonly string[] =>
    causes(broken(finding("name.mismatch"), { endpoint }));
  t.notSame(wrong("a"), wrong("b"));
});

t.test("linkSignals() tells a break by the nearest rule alone", async (t) => {
  const breaks = (days: number): readonly string[] => {
    const rules = resolveAlerts({}).rules;
    const state = link({ breaksAt: NOW + days * DAY, chain: [sent("leaf", "CN=i")] });
    return linkSignals(state, rules, NOW).map(({ rule, code }) => `${rule.name} ${code}`);
  };
  t.same(breaks(3), ["link-breaks-soon link.breaks"]);
  t.same(breaks(20), ["link-will-break link.breaks"]);
  t.same(breaks(31), []);
  const share = [{ name: "third", when: { breaksWithin: "33%" } }] as const;
  const state = (days: number): LinkState =>
    link({ breaksAt: NOW + days * DAY, chain: [sent("leaf", "CN=i")] });
  t.equal(causes(state(65), share).length, 1, "a third of 200 days is 66");
  t.equal(causes(state(67), share).length, 0);
});

t.test("linkSignals() finds codes by pattern and severity", async (t) => {
  const state = link({
    state: "warning",
    findings: [
      finding("chain.out-of-order", {}, "warning"),
      finding("chain.superfluous", {}, "info"),
      finding("leaf.expiring", {}, "warning"),
    ],
  });
  const found = (when: AlertRuleDocument["when"]): readonly string[] =>
    linkSignals(state, resolveAlerts({ rules: [{ name: "r", when }] }).rules, NOW).map(
      ({ code }) => code,
    );
  t.same(found({ finding: "chain.*" }), ["chain.out-of-order", "chain.superfluous"]);
  t.same(found({ finding: "*", severity: "warning" }), ["chain.out-of-order", "leaf.expiring"]);
  t.same(found({ finding: ["leaf.expired", "chain.empty"] }), []);
});
