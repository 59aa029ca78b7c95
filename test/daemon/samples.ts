import { generateKeyPairSync } from "node:crypto";
import { issueCertificate, type IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { systemClock } from "../../src/daemon/clock.ts";
import type { LinkState } from "../../src/daemon/link-state.ts";
import type { DaemonLog } from "../../src/daemon/log.ts";
import { createLog } from "../../src/daemon/log.ts";
import type { Observation } from "../../src/daemon/observe.ts";
import { type Handshake, NO_PHASES, NOTHING_HEARD } from "../../src/probe/handshake.ts";
import { NOW } from "./fake-clock.ts";

const DAY = 86_400_000;

/** A log that keeps its lines. */
export const keptLog = (): { readonly log: DaemonLog; readonly lines: string[] } => {
  const lines: string[] = [];
  return {
    log: createLog({ format: "json", level: "debug", write: (line) => lines.push(line) }),
    lines,
  };
};

/** What a watcher without trouble reads of itself. */
export const untroubled = {
  clock: systemClock,
  problems: () => [],
  history: () => ({ waiting: 0 }),
  notifications: () => new Map([["chat", 0]]),
  threads: () => 0,
} as const;

/** A log that says nothing. */
export const silent: DaemonLog = createLog({ format: "json", level: "silent" });

/** What a certificate of a test says. */
export interface SampleCertificate {
  readonly name: string;
  readonly issuer?: IssuedCertificate;
  readonly ca?: boolean;
  readonly san?: readonly string[];
  /** Days from now. */
  readonly days?: number;
  readonly now?: number;
}

/** A certificate with a fresh P-256 key. */
export const certificate = ({
  name,
  issuer,
  ca = false,
  san = [],
  days = 365,
  now = NOW,
}: SampleCertificate): IssuedCertificate =>
  issueCertificate({
    subject: [["CN", name]],
    key: { kind: "p-256", ...generateKeyPairSync("ec", { namedCurve: "P-256" }) },
    issuer,
    san,
    notBefore: now - 100 * DAY,
    notAfter: now + days * DAY,
    ca,
    eku: ca ? [] : ["serverAuth", "clientAuth"],
  });

/** A complete handshake, or what differs from it. */
export const handshake = (different: Partial<Handshake> = {}): Handshake => ({
  ...NOTHING_HEARD,
  endpoint: { scheme: "https", host: "bpm.example.com", port: 9443 },
  serverName: "bpm.example.com",
  address: "192.0.2.1",
  dialledPort: 9443,
  startedAt: new Date(NOW).toISOString(),
  outcome: "complete",
  stage: "complete",
  version: "TLSv1.3",
  cipherSuite: "TLS_AES_128_GCM_SHA256",
  group: "x25519",
  signatureScheme: "ecdsa_secp256r1_sha256",
  phases: { dns: 1, connect: 2, proxy: null, dialog: null, hello: 3, complete: 4 },
  ...different,
});

/** A handshake that was refused. */
export const refused = (different: Partial<Handshake> = {}): Handshake =>
  handshake({
    outcome: "failed",
    stage: "connect",
    failure: { code: "connect-refused", message: "Nothing listens on 192.0.2.1:9443" },
    version: null,
    cipherSuite: null,
    group: null,
    signatureScheme: null,
    phases: { ...NO_PHASES, dns: 1 },
    ...different,
  });

/** What a look gave, without client certificates. */
export const observation = (at: number, ...handshakes: readonly Handshake[]): Observation => ({
  at,
  handshakes: handshakes.map((each) => ({ identity: null, handshake: each })),
});

/** A link that works, or what differs from it. */
export const link = (different: Partial<LinkState> = {}): LinkState => ({
  client: "pfs",
  endpoint: "bpm-east",
  profile: "openjdk-17",
  url: "https://bpm.example.com:9443",
  labels: {},
  state: "ok",
  ok: true,
  trusted: true,
  nameMatch: true,
  findings: [],
  breaksAt: null,
  addresses: [],
  chain: [],
  checkedAt: NOW,
  since: NOW,
  ...different,
});
