import t, { type Test } from "tap";
import type { CertificateSpec } from "../differential/certificate-spec.ts";
import type { FindingCode } from "../../src/diagnosis/finding-codes.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { checkRecords } from "../cli/records.ts";
import { requireTool } from "../tools.ts";
import type { ServerWishes } from "./scenarios/chain-server.ts";
import { runCommand } from "../cli/command-thread.ts";
import { type Lab, openLab, STORE_PASSWORD } from "./scenarios/lab.ts";
import { startTcpServer } from "./scenarios/odd-servers.ts";
import { hierarchy, HOST, intermediate, leaf, pemOf, root, selfSigned } from "./scenarios/pki.ts";

const corp = hierarchy("Corp");
const other = hierarchy("Other");
const people = root("People Root");
const rekeyed = root("Corp Root", { key: "p384" });
const expiredIssuing = intermediate("Corp Issuing", corp.root, { from: -900, until: -5 });
const previousLeaf = leaf(corp.issuing, { key: "p521" });

/** What a link departs from good order in; two faults go together where they touch different parts. */
interface Fault {
  readonly anchors?: readonly CertificateSpec[];
  readonly store?: "wrong-password" | "unmarked";
  readonly issuing?: "absent" | "expired";
  readonly order?: "mixed";
  readonly issuer?: "itself";
  readonly dates?: { readonly from: number; readonly until: number };
  readonly names?: readonly string[];
  readonly key?: string;
  readonly versions?: ServerWishes;
  readonly clientAuth?: ServerWishes;
  readonly answer?: "plain";
}

/** Faults that on-call engineers meet often, by their case of the catalogue. */
const FAULTS = {
  A5: { store: "wrong-password" },
  A9: { store: "unmarked" },
  A1: { anchors: [other.root] },
  A11: { anchors: [previousLeaf] },
  A15: { anchors: [rekeyed] },
  B11: { issuer: "itself" },
  B1: { issuing: "absent" },
  B4: { issuing: "expired" },
  B6: { order: "mixed" },
  B21: { key: "rsa-1024" },
  C1: { dates: { from: -400, until: -5 } },
  C5: { names: ["portal.lab.example"] },
  D7: { answer: "plain" },
  E1: { versions: { minVersion: "TLSv1", maxVersion: "TLSv1.1" } },
  F2: { clientAuth: { requestCert: true, rejectUnauthorized: true, ca: pemOf(people) } },
} as const satisfies Readonly<Record<string, Fault>>;

type FaultId = keyof typeof FAULTS;
type Pair = `${FaultId}+${FaultId}`;

/**
 * What is said of both, the headline first, besides notes that harm nobody. One finding where the other fault cannot be
 * seen: nobody knows what a store holds that does not open, what stands above an issuer that is not sent, and what a
 * server would send that does not speak TLS.
 */
const EXPECTED: Readonly<Partial<Record<Pair, readonly FindingCode[]>>> = {
  "A5+A1": ["truststore.wrong-password"],
  "A5+A11": ["truststore.wrong-password"],
  "A5+A15": ["truststore.wrong-password"],
  "A5+B11": ["truststore.wrong-password"],
  "A5+B1": ["truststore.wrong-password", "chain.incomplete"],
  "A5+B4": ["truststore.wrong-password", "chain.intermediate-expired"],
  "A5+B6": ["truststore.wrong-password", "chain.out-of-order"],
  "A5+B21": ["truststore.wrong-password", "chain.weak-key"],
  "A5+C1": ["truststore.wrong-password", "leaf.expired"],
  "A5+C5": ["truststore.wrong-password", "name.mismatch"],
  "A5+D7": ["truststore.wrong-password", "topology.not-tls"],
  "A5+E1": ["truststore.wrong-password", "handshake.version"],
  "A5+F2": ["truststore.wrong-password", "client-auth.required"],
  "A9+A1": ["truststore.no-java-anchors", "truststore.anchor-missing"],
  "A9+A11": ["truststore.no-java-anchors", "truststore.leaf-pinned"],
  "A9+A15": ["truststore.no-java-anchors", "truststore.anchor-rekeyed"],
  "A9+B11": ["truststore.no-java-anchors", "chain.self-signed"],
  "A9+B1": ["truststore.no-java-anchors", "chain.incomplete"],
  "A9+B4": ["truststore.no-java-anchors", "chain.intermediate-expired"],
  "A9+B6": ["truststore.no-java-anchors", "chain.out-of-order"],
  "A9+B21": ["truststore.no-java-anchors", "chain.weak-key"],
  "A9+C1": ["truststore.no-java-anchors", "leaf.expired"],
  "A9+C5": ["truststore.no-java-anchors", "name.mismatch"],
  "A9+D7": ["topology.not-tls", "truststore.no-java-anchors"],
  "A9+E1": ["handshake.version", "truststore.no-java-anchors"],
  "A9+F2": ["truststore.no-java-anchors", "client-auth.required"],
  "A1+B1": ["chain.incomplete"],
  "A1+B4": ["truststore.anchor-missing", "chain.intermediate-expired"],
  "A1+B6": ["truststore.anchor-missing", "chain.out-of-order"],
  "A1+B21": ["truststore.anchor-missing", "chain.weak-key"],
  "A1+C1": ["truststore.anchor-missing", "leaf.expired"],
  "A1+C5": ["truststore.anchor-missing", "name.mismatch"],
  "A1+D7": ["topology.not-tls"],
  "A1+E1": ["handshake.version", "truststore.anchor-missing"],
  "A1+F2": ["truststore.anchor-missing", "client-auth.required"],
  "A11+B1": ["truststore.leaf-pinned", "chain.incomplete"],
  "A11+B4": ["truststore.leaf-pinned", "chain.intermediate-expired"],
  "A11+B6": ["truststore.leaf-pinned", "chain.out-of-order"],
  "A11+B21": ["truststore.leaf-pinned", "chain.weak-key"],
  "A11+C1": ["truststore.leaf-pinned", "leaf.expired"],
  "A11+C5": ["truststore.leaf-pinned", "name.mismatch"],
  "A11+D7": ["topology.not-tls"],
  "A11+E1": ["handshake.version", "truststore.leaf-pinned"],
  "A11+F2": ["truststore.leaf-pinned", "client-auth.required"],
  "A15+B1": ["chain.incomplete"],
  "A15+B4": ["truststore.anchor-rekeyed", "chain.intermediate-expired"],
  "A15+B6": ["truststore.anchor-rekeyed", "chain.out-of-order"],
  "A15+B21": ["truststore.anchor-rekeyed", "chain.weak-key"],
  "A15+C1": ["truststore.anchor-rekeyed", "leaf.expired"],
  "A15+C5": ["truststore.anchor-rekeyed", "name.mismatch"],
  "A15+D7": ["topology.not-tls"],
  "A15+E1": ["handshake.version", "truststore.anchor-rekeyed"],
  "A15+F2": ["truststore.anchor-rekeyed", "client-auth.required"],
  "B11+B21": ["chain.self-signed", "chain.weak-key"],
  "B11+C1": ["chain.self-signed", "leaf.expired"],
  "B11+C5": ["chain.self-signed", "name.mismatch"],
  "B11+E1": ["handshake.version", "chain.self-signed"],
  "B11+F2": ["chain.self-signed", "client-auth.required"],
  "B1+B21": ["chain.incomplete", "chain.weak-key"],
  "B1+C1": ["chain.incomplete", "leaf.expired"],
  "B1+C5": ["chain.incomplete", "name.mismatch"],
  "B1+E1": ["handshake.version", "chain.incomplete"],
  "B1+F2": ["chain.incomplete", "client-auth.required"],
  "B4+B6": ["chain.intermediate-expired", "chain.out-of-order"],
  "B4+B21": ["chain.intermediate-expired", "chain.weak-key"],
  "B4+C1": ["chain.intermediate-expired", "leaf.expired"],
  "B4+C5": ["chain.intermediate-expired", "name.mismatch"],
  "B4+E1": ["handshake.version", "chain.intermediate-expired"],
  "B4+F2": ["chain.intermediate-expired", "client-auth.required"],
  "B6+B21": ["chain.weak-key", "chain.out-of-order"],
  "B6+C1": ["leaf.expired", "chain.out-of-order"],
  "B6+C5": ["name.mismatch", "chain.out-of-order"],
  "B6+E1": ["handshake.version", "chain.out-of-order"],
  "B6+F2": ["client-auth.required", "chain.out-of-order"],
  "B21+C1": ["leaf.expired", "chain.weak-key"],
  "B21+C5": ["name.mismatch", "chain.weak-key"],
  "B21+E1": ["handshake.version", "chain.weak-key"],
  "B21+F2": ["client-auth.required", "chain.weak-key"],
  "C1+C5": ["leaf.expired", "name.mismatch"],
  "C1+E1": ["handshake.version", "leaf.expired"],
  "C1+F2": ["leaf.expired", "client-auth.required"],
  "C5+E1": ["handshake.version", "name.mismatch"],
  "C5+F2": ["name.mismatch", "client-auth.required"],
  "E1+F2": ["handshake.version", "client-auth.required"],
};

/** Where OpenSSL meets the two in another order: it refuses old versions and small keys while it looks at the chain. */
const EXPECTED_OF_OPENSSL: typeof EXPECTED = {
  "A1+E1": ["truststore.anchor-missing", "handshake.version"],
  "A11+E1": ["truststore.leaf-pinned", "handshake.version"],
  "A15+E1": ["truststore.anchor-rekeyed", "handshake.version"],
  "B11+E1": ["chain.self-signed", "handshake.version"],
  "B1+E1": ["chain.incomplete", "handshake.version"],
  "B4+B21": ["chain.weak-key", "chain.intermediate-expired"],
  "B4+E1": ["chain.intermediate-expired", "handshake.version"],
  "B21+C1": ["chain.weak-key", "leaf.expired"],
  "B21+C5": ["chain.weak-key", "name.mismatch"],
  "B21+E1": ["chain.weak-key", "handshake.version"],
  "B21+F2": ["chain.weak-key", "client-auth.required"],
  "C1+E1": ["leaf.expired", "handshake.version"],
  "C5+E1": ["name.mismatch", "handshake.version"],
};

/** Two faults that no link has at once. */
function areAlternatives(a: FaultId, b: FaultId): boolean {
  const both = new Set<FaultId>([a, b]);
  const sharePart = Object.keys(FAULTS[a]).some((part) => part in FAULTS[b]);
  const isServers = (id: FaultId): boolean => /^[BCEF]/.test(id);
  // who speaks no TLS sends no certificate; who signs its own needs no CA; a chain of one has no order
  if (both.has("D7") && [a, b].some(isServers)) return true;
  if (
    both.has("B11") &&
    (["A1", "A11", "A15", "B1", "B4", "B6"] as const).some((id) => both.has(id))
  )
    return true;
  return sharePart || (both.has("B1") && both.has("B6"));
}

interface PairLink {
  readonly port: number;
  readonly store: string;
  readonly password: string | null;
}

async function build(lab: Lab, fault: Fault): Promise<PairLink> {
  const { port } = fault.answer === "plain" ? await startPlainServer(lab) : await serve(lab, fault);
  const anchors = fault.anchors ?? (fault.issuer === "itself" ? [other.root] : [corp.root]);
  const pem = lab.pem("trust.pem", anchors);
  if (fault.store === undefined) return { port, store: pem, password: null };
  const store = lab.path("trust.p12");
  const words = ["-nokeys", "-in", pem, "-out", store, "-passout", `pass:${STORE_PASSWORD}`];
  await lab.openssl("pkcs12", "-export", ...words);
  const password = fault.store === "wrong-password" ? "not this one" : STORE_PASSWORD;
  return { port, store, password };
}

function startPlainServer(lab: Lab): Promise<{ readonly port: number }> {
  return lab.keep(
    startTcpServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    ),
  );
}

function serve(lab: Lab, fault: Fault): Promise<{ readonly port: number }> {
  const wishes = {
    ...fault.dates,
    ...(fault.names === undefined ? {} : { names: fault.names }),
    ...(fault.key === undefined ? {} : { key: fault.key }),
  };
  const server = { ...fault.versions, ...fault.clientAuth };
  if (fault.issuer === "itself") return lab.serve([selfSigned(wishes)], server);
  const issuing = fault.issuing === "expired" ? expiredIssuing : corp.issuing;
  const above = fault.order === "mixed" ? [corp.root, issuing] : [issuing];
  const sent = [leaf(corp.issuing, wishes), ...(fault.issuing === "absent" ? [] : above)];
  return lab.serve(sent, server);
}

async function judgePair(t: Test, pair: Pair, fault: Fault): Promise<void> {
  const lab = openLab(pair);
  try {
    const { port, store, password } = await build(lab, fault);
    process.env["LAB_STORE_PASSWORD"] = password ?? "";
    // of a store that Java cannot use, only what Java says
    const profiles: readonly ProfileName[] =
      password === null ? ["openjdk-17", "openssl-3", "go"] : ["openjdk-17"];
    const { stdout, stderr } = await runCommand([
      "check",
      `https://${HOST}`,
      "--connect",
      `127.0.0.1:${port}`,
      "--format",
      "ndjson",
      "--truststore",
      store,
      ...(password === null ? [] : ["--truststore-password", "env:LAB_STORE_PASSWORD"]),
      ...profiles.flatMap((profile) => ["--as", profile]),
    ]);
    t.equal(stderr, "");
    const records = checkRecords(t, stdout);
    t.same(
      records.map(({ profile }) => profile),
      profiles,
    );
    for (const { profile, findings } of records) {
      const said = findings.filter(
        ({ code, severity }) => severity !== "info" || code === "chain.out-of-order",
      );
      const ofOpenssl = profile === "openssl-3" ? EXPECTED_OF_OPENSSL[pair] : undefined;
      t.same(
        said.map(({ code }) => code),
        ofOpenssl ?? EXPECTED[pair],
        `${profile}: ${said.map(({ summary }) => summary).join(" | ")}`,
      );
      t.equal(said[0]?.severity === "warning", pair === "B6+B21" && profile !== "openssl-3");
    }
  } finally {
    await lab.stop();
  }
}

t.test("check lists both of two faults, the one to repair first as headline", async (t) => {
  if (requireTool(t, "openssl") === undefined) return;
  const ids = Object.keys(FAULTS) as readonly FaultId[];
  for (const [index, a] of ids.entries())
    for (const b of ids.slice(index + 1)) {
      const pair: Pair = `${a}+${b}`;
      if (areAlternatives(a, b)) {
        t.equal(EXPECTED[pair], undefined, `${pair} is no pair`);
        continue;
      }
      await t.test(pair, (t) => judgePair(t, pair, { ...FAULTS[a], ...FAULTS[b] }));
    }
});
