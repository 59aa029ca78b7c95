import t from "tap";
import { assess } from "../../src/diagnosis/assess.ts";
import type { RelyingParty } from "../../src/diagnosis/assessment.ts";
import { JAVA_PROFILES } from "../../src/trust/profiles/java.ts";
import { createHash } from "node:crypto";
import type { Handshake } from "../../src/probe/handshake.ts";
import { handshakeOf, makePki, NOW, storeOf } from "./pki.ts";

const DAY = 86_400_000;
const pki = await makePki();
const client: RelyingParty = {
  name: "payments",
  profile: "openjdk-17",
  truststores: [storeOf("store", [pki.rootA])],
  nameCheck: "https",
  ownChain: null,
};
const context = {
  at: NOW,
  thresholds: { warning: 0, critical: 0 },
  otherTruststores: [],
};
const handshake = handshakeOf([pki.leaf, pki.intA]);

t.test("assess() says that a process may still use the truststore of before", async (t) => {
  const running = { startedAt: NOW - 3 * DAY, storeChangedAt: NOW - DAY };
  const { ok, findings } = assess({ ...client, running }, handshake, context);
  t.equal(ok, true);
  t.match(findings, [{ code: "truststore.process-outdated", severity: "warning" }]);
  t.match(findings[0]?.summary, /after payments was started on 2026-11-18/);
});

t.test("assess() says nothing about a process that is younger than its truststore", async (t) => {
  const running = { startedAt: NOW - DAY, storeChangedAt: NOW - 3 * DAY };
  const { findings } = assess({ ...client, running }, handshake, context);
  t.same(findings, []);
});

t.test(
  "assess() takes a link on which the request is refused for one that does not work",
  async (t) => {
    const answered = (status: number, changes: Partial<Handshake> = {}): Handshake => ({
      ...handshake,
      clientCertificateRequested: true,
      clientCertificateAnswer: { kind: "empty", reason: "not-configured" },
      request: {
        method: "HEAD",
        path: "/",
        status,
        reason: null,
        location: null,
        strictTransportSecurity: null,
        server: null,
        date: null,
        expectStatus: [],
        failure: null,
        timeMs: 1,
      },
      ...changes,
    });
    const refused = assess(client, answered(400), context);
    t.match([refused.ok, refused.breaksAt], [false, null]);
    t.match(refused.findings, [{ code: "client-auth.required", severity: "critical" }]);
    t.equal(assess(client, answered(400), { ...context, onlyAcceptance: true }).ok, false);
    t.equal(assess(client, answered(200), context).ok, true);
    const forbidden = assess(client, answered(403), context);
    t.equal(forbidden.ok, true, "the application may refuse everybody");
    const own = { ...client, ownChain: [Uint8Array.from(pki.leaf_exp.der)] };
    const sha256 = createHash("sha256").update(pki.leaf_exp.der).digest("hex");
    const sent = { clientCertificateAnswer: { kind: "sent", sha256 } } as const;
    const expired = assess(own, answered(400, sent), context);
    t.equal(expired.ok, false);
    t.match(expired.findings[0]?.summary, /then refuses the client certificate: it answers 400/);
  },
);

t.test("assess() believes a clock in the server's hellos when two of them agree", async (t) => {
  const expired = handshakeOf([pki.leaf_exp, pki.intA]);
  const reading = (ahead: number, after: number): Handshake =>
    handshakeOf([pki.leaf_exp], {
      version: "TLSv1.2",
      startedAt: new Date(NOW + after).toISOString(),
      serverHello: {
        sessionIdLength: 0,
        sessionIdEchoed: false,
        compression: "null",
        secureRenegotiation: true,
        extendedMasterSecret: true,
        encryptThenMac: false,
        ticketPromised: false,
        time: new Date(NOW + after + ahead).toISOString(),
      },
    });
  const codes = (...readings: readonly Handshake[]) => {
    const experiments = readings.map((each) => ({
      variation: "tls12-only" as const,
      handshake: each,
    }));
    const investigation = { about: expired, experiments };
    const { findings } = assess(client, expired, { ...context, investigation });
    return findings.map(({ code }) => code);
  };
  const back = -30 * DAY;
  t.same(codes(reading(back, 0), reading(back + 900, 60)), ["leaf.client-clock"]);
  t.same(codes(reading(back, 0)), ["leaf.expired"], "one may be drawn by lot");
  t.same(codes(reading(back, 0), reading(back * 3, 60)), ["leaf.expired"], "two that differ are");
  t.same(codes(reading(-20_000, 0), reading(-20_000, 60)), ["leaf.expired"], "the clock is right");
  const decades = -30 * 365 * DAY;
  t.same(codes(reading(decades, 0), reading(decades, 60)), ["leaf.expired"], "none is so far off");
});

t.test(
  "assess() tells a CA that the JDK distrusts by name from a CA that is missing",
  async (t) => {
    const [java] = JAVA_PROFILES.filter(({ name }) => name === "openjdk-17");
    if (java?.rules.kind !== "java") throw new Error("No rules of Java");
    const anchor = createHash("sha256").update(pki.rootA.der).digest("hex");
    const rules = {
      ...java,
      rules: {
        ...java.rules,
        distrust: [{ owner: "Corp", anchors: [anchor], issuedAfter: "2020-01-01" }],
      },
    };
    const { ok, findings } = assess({ ...client, rules }, handshake, context);
    t.equal(ok, false);
    t.match(findings, [
      {
        code: "chain.distrusted",
        severity: "critical",
        clientMessage: /anchored by a distrusted legacy Corp root CA/,
      },
    ]);
  },
);
