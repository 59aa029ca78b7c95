import t from "tap";
import { assess } from "../../../src/diagnosis/assess.ts";
import type { RelyingParty } from "../../../src/diagnosis/assessment.ts";
import { parseEstate } from "../../../src/estate/load-estate.ts";
import { exitCodeOf } from "../../../src/report/exit-code.ts";
import { handshakeOf, storeOf } from "../../diagnosis/pki.ts";
import { DAY, issue, makeKeys, NOW } from "../../forecast/world.ts";

const [key, leafKey] = await makeKeys(2);
if (key === undefined || leafKey === undefined) throw new Error("No keys");
const root = issue("Root", key, 3000, { ca: true });
const other = issue("Other", leafKey, 3000, { ca: true });
const leaf = issue("a", leafKey, -5, { issuer: root, san: ["a.example.com"] });
const handshake = handshakeOf([leaf], {
  endpoint: { scheme: "https", host: "a.example.com", port: 443 },
  serverName: "a.example.com",
});
const failed = { ...handshake, outcome: "failed", certificates: [] } as const;
const CONTEXT = {
  at: NOW,
  thresholds: { warning: 30 * DAY, critical: 7 * DAY },
  otherTruststores: [],
};

const lax: RelyingParty = {
  name: "lax",
  profile: "openssl-3",
  truststores: [],
  peerCheck: "none",
  nameCheck: "none",
  ownChain: null,
};

t.test("assess() lets a client that checks nothing connect, and says so", async (t) => {
  const unchecked = assess(lax, handshake, CONTEXT);
  t.match(unchecked, { ok: true, verdict: null, breaksAt: null });
  t.match(
    unchecked.findings.map(({ code, severity }) => `${severity} ${code}`),
    ["warning estate.peer-check-off"],
    "that the certificate is over is no finding of this client",
  );
  t.equal(exitCodeOf(unchecked), 1);
  const broken = assess(lax, failed, CONTEXT);
  t.strictSame([broken.ok, exitCodeOf(broken)], [false, 3]);
  const quick = assess(lax, handshake, { ...CONTEXT, onlyAcceptance: true });
  t.match(quick, { ok: true, findings: [] });
});

t.test("assess() tells what its truststores would say if it checked", async (t) => {
  const summaryWith = (anchor: typeof root, at: number): string | undefined =>
    assess({ ...lax, truststores: [storeOf("trust", [anchor])] }, handshake, { ...CONTEXT, at })
      .findings[0]?.summary;
  t.match(summaryWith(root, NOW - 30 * DAY), /switched on it would accept this server$/);
  t.match(summaryWith(root, NOW), /switched on it would refuse this server: .* expired/);
  t.match(summaryWith(other, NOW - 30 * DAY), /switched on it would refuse this server: /);
});

t.test("assess() compares names where only the check of chains is off", async (t) => {
  const named: RelyingParty = { ...lax, nameCheck: "https" };
  t.equal(assess(named, handshake, CONTEXT).ok, true);
  const elsewhere = {
    ...handshake,
    endpoint: { ...handshake.endpoint, host: "b.example.com" },
    serverName: "b.example.com",
  };
  const mismatch = assess(named, elsewhere, CONTEXT);
  t.strictSame(
    [mismatch.ok, mismatch.findings.map(({ code }) => code), exitCodeOf(mismatch)],
    [false, ["name.mismatch", "estate.peer-check-off"], 2],
  );
  t.equal(assess(lax, elsewhere, CONTEXT).ok, true);
});

t.test("parseEstate() asks for a truststore unless the client checks nothing", async (t) => {
  const parsed = (client: string) =>
    parseEstate("e.yaml", `version: 1\nclients:\n  c: { profile: go${client} }\n`);
  const bare = parsed(", peerCheck: none");
  t.match(bare, { ok: true, value: { clients: [{ peerCheck: "none", truststores: [] }] } });
  for (const wrong of ["", ", peerCheck: chain"])
    t.match(parsed(wrong), {
      ok: false,
      error: [{ line: 3, path: "clients.c.trust", message: `Missing key "trust"` }],
    });
  t.match(parsed(", peerCheck: maybe, trust: x"), {
    ok: false,
    error: [{ message: /chain, none/ }],
  });
});
