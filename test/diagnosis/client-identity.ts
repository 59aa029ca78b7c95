import t from "tap";
import { assess } from "../../src/diagnosis/assess.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import { handshakeOf, makePki, NOW, storeOf } from "./pki.ts";

const pki = await makePki();

/** What a client makes of a server that asks for a certificate, when its own cannot be used. */
function withUnusableIdentity(changes: Partial<Handshake>) {
  return assess(
    {
      name: "client",
      profile: "openjdk-17",
      truststores: [storeOf("store", [pki.rootA])],
      nameCheck: "https",
      ownChain: null,
      ownProblem: "The key in client.key does not belong to the certificate in client.pem",
    },
    {
      ...handshakeOf([pki.leaf, pki.intA]),
      clientCertificateRequested: true,
      clientCertificateAnswer: { kind: "empty", reason: "not-configured" },
      ...changes,
    },
    { at: NOW, thresholds: { warning: 0, critical: 0 }, otherTruststores: [] },
  );
}

t.test("assess() blames a key that does not fit for the certificate that is missing", async (t) => {
  const { findings } = withUnusableIdentity({
    outcome: "failed",
    failure: { code: "client-certificate-required", message: "Server requires one" },
  });
  t.match(findings[0], {
    code: "client-auth.key-mismatch",
    severity: "critical",
    summary: /requires one: The key in client\.key does not belong/,
  });
  t.notOk(findings.some(({ code }) => code === "client-auth.required"));
});

t.test("assess() tells of a key that does not fit where the server does without", async (t) => {
  const { findings } = withUnusableIdentity({});
  t.equal(findings[0]?.code, "client-auth.key-mismatch");
});
