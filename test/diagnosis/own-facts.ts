import t from "tap";
import { assess, type RelyingParty } from "../../src/diagnosis/assess.ts";
import { JAVA_PROFILES } from "../../src/trust/profiles/java.ts";
import { createHash } from "node:crypto";
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
