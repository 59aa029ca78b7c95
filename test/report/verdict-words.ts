import t from "tap";
import { clientRow } from "../../src/report/check/client-row.ts";
import { leadSentences } from "../../src/report/check/lead.ts";
import { notWrong } from "../../src/report/check/not-wrong.ts";
import { NOW } from "../diagnosis/pki.ts";
import { assessments, finding, type Given } from "./fixture.ts";

const of = (given: Partial<Given>, ...findings: Given["clients"][number]["findings"]) =>
  assessments({
    sent: ["leaf", "intA"],
    held: ["rootA"],
    clients: [{ profile: "openjdk-17", findings }],
    ...given,
  });

const rowOf = (...given: Parameters<typeof of>) => of(...given).map(clientRow)[0];

t.test("clientRow() says in a word what the client does", async (t) => {
  t.match(rowOf({}), { state: "works", verdict: "connects", until: "2027-09-17", prints: "" });
  t.match(rowOf({ held: ["rootB"] }, finding({})), {
    state: "broken",
    verdict: "no trust",
    until: "–",
  });
  t.match(rowOf({ sent: ["leaf_other", "intA"] }, finding({ code: "name.mismatch" })), {
    verdict: "other name",
  });
  const failed = { outcome: "failed", stage: "hello" } as const;
  t.match(rowOf({ changes: failed }, finding({ code: "handshake.alert" })), {
    state: "broken",
    verdict: "no handshake",
  });
  t.match(rowOf({ sent: [], changes: failed }), { state: "unchecked", verdict: "no verdict" });
});

t.test("clientRow() cuts what Java prints to what tells most", async (t) => {
  const prints = (clientMessage: string): string | undefined =>
    rowOf({ held: ["rootB"] }, finding({ clientMessage }))?.prints;
  t.equal(
    prints("a.SSLException: x\nCaused by: b.PathException: y: c.BuilderException: no path"),
    "no path",
  );
  t.equal(
    prints("a.b.CertificateExpiredException: NotAfter: Mon Nov 16"),
    "CertificateExpiredException: NotAfter: Mon Nov 16",
  );
  t.equal(
    prints('x509: unknown (because of "x509: failure")'),
    'x509: unknown (because of "x509: failure")',
  );
});

t.test("leadSentences() says what happens and whose job it is", async (t) => {
  t.same(leadSentences(of({})), ["OpenJDK 17 can connect; this works until 2027-09-17 12:00 UTC."]);
  t.same(leadSentences(of({ held: ["rootB"] }, finding({ code: "chain.incomplete" }))), [
    "OpenJDK 17 cannot connect: it does not accept this server.",
    "To be repaired at the server: the certificates that it sends along.",
  ]);
  const two = [
    { profile: "openjdk-17", findings: [] },
    { profile: "openssl-3", findings: [finding({})] },
  ] as const;
  t.match(leadSentences(of({ held: ["intA"], clients: two })), [
    "1 client of 2 cannot connect.",
    /^To be repaired at the client: the list of authorities/,
  ]);
  t.same(leadSentences([]), []);
});

t.test("notWrong() lists what nobody needs to look at", async (t) => {
  const said = (...given: Parameters<typeof of>): string =>
    of(...given)
      .flatMap((assessment) => notWrong(assessment, NOW))
      .join("\n");
  t.equal(said({}), "", "nothing for a link that works");
  const untrusted = said({ held: ["rootB"] }, finding({}));
  t.match(untrusted, "the certificates that the server sends");
  t.match(untrusted, "the dates: both certificates sent are valid");
  t.notMatch(untrusted, "the truststore");
  const expired = said({ sent: ["leaf_exp", "intA"] }, finding({ code: "leaf.expired" }));
  t.notMatch(expired, "the dates");
  t.match(expired, "the truststore: 1 CA was read from trust");
  t.notMatch(
    said({ sent: ["leaf_other", "intA"] }, finding({ code: "name.mismatch" })),
    "the name",
  );
});
