import t from "tap";
import { survey } from "../../src/probe/survey/survey.ts";
import type { AddressSurvey } from "../../src/probe/survey/survey-record.ts";
import { requireTool, type Tool } from "../tools.ts";
import { differences, nmap, type Scan, sslscan, testssl } from "./scanners.ts";
import {
  createLab,
  everything,
  intermediate,
  java,
  type Lab,
  legacy,
  modern,
  postQuantum,
  proxied,
  type SurveyedServer,
} from "./servers.ts";

type Scanner = "sslscan" | "nmap" | "testssl";

/** A server, what it takes, and which scanners are asked as well. */
interface Peer {
  readonly start: (lab: Lab) => Promise<SurveyedServer>;
  readonly needs: readonly Tool[];
  readonly scanners: readonly Scanner[];
}

/** Differences by scanner, each with its reason. */
type Explained = Readonly<Partial<Record<Scanner, Readonly<Record<string, string>>>>>;

const BOTH = ["sslscan", "nmap"] as const;

const PEERS: Readonly<Record<string, Peer>> = {
  everything: { start: everything, needs: [], scanners: BOTH },
  modern: { start: modern, needs: ["nginx"], scanners: [...BOTH, "testssl"] },
  intermediate: { start: intermediate, needs: ["nginx"], scanners: BOTH },
  proxied: { start: proxied, needs: ["haproxy"], scanners: BOTH },
  legacy: { start: legacy, needs: ["gnutlsServ"], scanners: BOTH },
  java: { start: java, needs: ["java", "javac"], scanners: BOTH },
  postQuantum: { start: postQuantum, needs: [], scanners: ["sslscan"] },
};

const EXPLAINED: Readonly<Record<string, Explained>> = {
  postQuantum: {
    sslscan: {
      "TLSv1.3 group secp256r1mlkem768 not seen": "sslscan 2.0 knows no group with ML-KEM",
      "TLSv1.3 group x25519mlkem768 not seen": "sslscan 2.0 knows no group with ML-KEM",
    },
  },
};

async function scan(
  scanner: Scanner,
  program: string,
  openssl: string,
  port: number,
): Promise<Scan> {
  switch (scanner) {
    case "sslscan":
      return sslscan(program, port);
    case "nmap":
      return nmap(program, port);
    case "testssl":
      return testssl(program, openssl, port);
  }
}

async function surveyOf(port: number): Promise<AddressSurvey> {
  const endpoint = { scheme: "tls", host: "127.0.0.1", port } as const;
  const { addresses } = await survey(endpoint, { perSecond: Infinity });
  const [first] = addresses;
  if (first === undefined) throw new Error("There is no address");
  return first;
}

for (const [name, { start, needs, scanners }] of Object.entries(PEERS))
  t.test(`survey() of the server ${name} agrees with ${scanners.join(", ")}`, async (t) => {
    const openssl = requireTool(t, "openssl");
    const programs = new Map([...needs, ...scanners].map((tool) => [tool, requireTool(t, tool)]));
    if (openssl === undefined || [...programs.values()].includes(undefined)) return;
    const lab = await createLab(openssl, t.testdir(), (tool) =>
      tool === "openssl" ? openssl : (programs.get(tool) ?? ""),
    );
    const server = await start(lab);
    t.teardown(() => server.stop());
    const surveyed = await surveyOf(server.port);
    t.equal(surveyed.failure, null);
    t.ok(surveyed.versions.every(({ state }) => state !== "unclear"));
    for (const scanner of scanners) {
      const heard = await scan(scanner, programs.get(scanner) ?? "", openssl, server.port);
      t.ok(heard.suites.size > 0, `${scanner} found something`);
      const explained = Object.keys(EXPLAINED[name]?.[scanner] ?? {});
      t.strictSame(
        differences(surveyed, heard).toSorted(),
        explained.toSorted(),
        `what ${scanner} sees differently is explained`,
      );
    }
  });

t.test("differences() tells everything in which a scan can differ", async (t) => {
  const suite = { code: 0xc02f, name: "A", keyExchange: null };
  const version = { state: "offered", failure: null, preference: "server" } as const;
  const surveyed = {
    versions: [
      { ...version, version: "TLSv1.3", cipherSuites: [{ ...suite, name: "B" }] },
      { ...version, version: "TLSv1.2", cipherSuites: [suite, { ...suite, name: "C" }] },
    ],
    groups: [{ version: "TLSv1.3", groups: ["x25519"], preference: null, ignoresOffer: false }],
  } as const;
  const scanned = {
    suites: new Map([["TLSv1.2", new Set(["C", "D"])]]),
    preferences: new Map([["TLSv1.2", "client"]]),
    firsts: new Map([["TLSv1.2", "C"]]),
    groups: new Map([["TLSv1.3", new Set(["x448", "not-named-here"])]]),
  };
  t.strictSame(differences(surveyed, scanned), [
    "TLSv1.3 not seen",
    "TLSv1.2 A not seen",
    "TLSv1.2 D seen only there",
    "TLSv1.2 preference is client's there",
    "TLSv1.2 C is first there",
    "TLSv1.3 group x25519 not seen",
    "TLSv1.3 group x448 seen only there",
  ]);
});
