import t from "tap";
import type { assess } from "../../src/diagnosis/assess.ts";
import type { AssessmentContext } from "../../src/diagnosis/assessment.ts";
import type { LoadedClient } from "../../src/links/loaded-client.ts";
import { judgeLink, sentCertificates } from "../../src/links/judge-link.ts";
import type { Estate } from "../../src/estate/estate.ts";
import { NOW } from "./fake-clock.ts";
import { certificate, handshake, observation, refused } from "./samples.ts";

const DAY = 86_400_000;

const client: LoadedClient = {
  party: {
    name: "pfs",
    profile: "openjdk-17",
    truststores: [],
    nameCheck: "https",
    ownChain: null,
  },
  identity: null,
};

const judged = (
  seen: Parameters<typeof judgeLink>[1],
  answer: (...args: Parameters<typeof assess>) => Partial<ReturnType<typeof assess>>,
  thresholds: Estate["thresholds"] = {
    warning: { kind: "duration", milliseconds: 30 * DAY },
    critical: { kind: "duration", milliseconds: 7 * DAY },
  },
) =>
  judgeLink(client, seen, {
    assess: (party, shown, context) => ({
      client: party,
      handshake: shown,
      verdict: null,
      ok: true,
      findings: [],
      breaksAt: null,
      ...answer(party, shown, context),
    }),
    thresholds,
    truststores: [],
    at: NOW,
  });

const finding = (severity: "critical" | "warning" | "info") => ({
  code: "leaf.expiring" as const,
  severity,
  summary: severity,
  evidence: { certificates: [], truststore: null, alias: null, time: null },
  remedy: [],
  clientMessage: null,
});

void t.test(
  "judgeLink() calls broken what does not work, and warns of what will not",
  async (t) => {
    const seen = observation(NOW, handshake());
    t.equal(judged(seen, () => ({})).state, "ok");
    t.equal(judged(seen, () => ({ findings: [finding("info")] })).state, "ok");
    t.equal(judged(seen, () => ({ findings: [finding("warning")] })).state, "warning");
    t.equal(
      judged(seen, () => ({ findings: [finding("critical")] })).state,
      "warning",
      "it still works",
    );
    t.equal(judged(seen, () => ({ ok: false })).state, "broken");
  },
);

void t.test(
  "judgeLink() lets the worst address count, and among equals the one that breaks first",
  async (t) => {
    const seen = observation(NOW, handshake({ address: "a" }), refused({ address: "b" }));
    const broken = judged(seen, (_party, { outcome }) => ({
      ok: outcome === "complete",
      findings: outcome === "complete" ? [] : [finding("critical")],
    }));
    t.match(broken, { state: "broken", ok: false, findings: [{ severity: "critical" }] });
    t.match(broken.addresses, [
      { address: "a", outcome: "complete", failure: null },
      { address: "b", outcome: "failed", failure: "connect-refused" },
    ]);
    const both = observation(NOW, handshake({ address: "a" }), handshake({ address: "b" }));
    const working = judged(both, (_party, { address }) => ({
      breaksAt: address === "a" ? NOW + 9 : NOW + 5,
    }));
    t.equal(working.breaksAt, NOW + 5);
  },
);

void t.test(
  "judgeLink() takes a share of the lifetime of the server's own certificate",
  async (t) => {
    const leaf = certificate({ name: "bpm", days: 100 });
    const contexts: AssessmentContext[] = [];
    judged(
      observation(NOW, handshake({ certificates: [leaf.der] }), refused()),
      (_party, _handshake, context) => {
        contexts.push(context);
        return {};
      },
      { warning: { kind: "share", share: 0.5 }, critical: { kind: "duration", milliseconds: DAY } },
    );
    t.match(contexts, [
      { at: NOW, thresholds: { warning: 100 * DAY, critical: DAY } },
      { thresholds: { warning: 0, critical: DAY } },
    ]);
  },
);

void t.test(
  "sentCertificates() keeps the order, and the fingerprint of what cannot be read",
  async (t) => {
    const leaf = certificate({ name: "bpm" });
    const sent = sentCertificates(
      handshake({ certificates: [leaf.der, Uint8Array.of(1), leaf.der] }),
    );
    t.match(sent, [
      { subject: "CN=bpm", notBefore: NOW - 100 * DAY },
      {
        sha256: "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
        subject: null,
        notAfter: null,
      },
      { subject: "CN=bpm" },
    ]);
    const many = Array.from({ length: 50 }, () => leaf.der);
    t.equal(sentCertificates(handshake({ certificates: many })).length, 16);
  },
);

void t.test(
  "judgeLink() hands the addresses and the past of the endpoint to the diagnosis",
  async (t) => {
    const contexts: AssessmentContext[] = [];
    const shown = [handshake({ address: "192.0.2.1" }), handshake({ address: "192.0.2.2" })];
    const history = { previous: [], since: NOW, addresses: [] };
    judgeLink(client, observation(NOW, ...shown), {
      assess: (party, seen, context) => {
        contexts.push(context);
        return {
          client: party,
          handshake: seen,
          verdict: null,
          ok: true,
          findings: [],
          breaksAt: null,
        };
      },
      thresholds: {
        warning: { kind: "duration", milliseconds: 30 * DAY },
        critical: { kind: "duration", milliseconds: 7 * DAY },
      },
      truststores: [],
      at: NOW,
      pastOf: ({ address }) => (address === "192.0.2.2" ? history : null),
      endpoint: {
        system: null,
        connect: null,
        target: { scheme: "https", host: "bpm", port: 443 },
        expect: { clientAuth: null, addresses: ["10.0.0.0/8"] },
      },
    });
    t.same(
      contexts.map((context) => context.addresses?.length),
      [2, 2],
    );
    t.same(
      contexts.map((context) => context.history),
      [null, history],
    );
    t.same(contexts[0]?.expectedAddresses, ["10.0.0.0/8"]);
  },
);
