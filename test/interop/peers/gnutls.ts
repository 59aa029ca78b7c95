import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GROUPS } from "../../../src/probe/tls/groups.ts";
import { startProcess, type RunningProcess } from "../../lab/process.ts";
import { findTool } from "../../tools.ts";
import {
  type CertificateType,
  type ClientAuthMode,
  type Observation,
  type Peer,
  VERSION_NAMES,
  type VersionName,
} from "../cell.ts";
import { commonName, hearing, NOTHING_SAID, refusalOf, versionOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { knownSuites } from "../plan.ts";
import { nextPort } from "../setups.ts";

const run = promisify(execFile);

/** All that GnuTLS can do with certificates, old things included. */
const PRIORITY = [
  "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2:+VERS-TLS1.3:+GROUP-ALL",
  "3DES-CBC:+CAMELLIA-128-CBC:+CAMELLIA-256-CBC",
  "AES-128-CCM:+AES-256-CCM:+AES-128-CCM-8:+AES-256-CCM-8",
  "DHE-DSS:+DHE-RSA:+RSA:+SHA1:+SHA256:+SHA384",
  "SIGN-ALL:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256:%VERIFY_ALLOW_BROKEN",
]
  .join(":+")
  .replace(":+%", ":%");

const ASKING = {
  none: ["--disable-client-cert"],
  optional: ["--verify-client-cert"],
  required: ["--require-client-cert", "--verify-client-cert"],
} as const;

/** Suites by their name within GnuTLS. */
type Suites = ReadonlyMap<string, number>;

/** The suite of the parts in which GnuTLS describes it; the hash of an AEAD suite is not among them. */
function suiteOf(words: string, suites: Suites): number | null {
  const part = (name: string) =>
    new RegExp(`^- ${name}: (\\S+)$`, "m")
      .exec(words)?.[1]
      ?.replaceAll("-", "_")
      .replace("3DES", "3DES_EDE");
  const [exchange, cipher, mac] = [part("Key Exchange"), part("Cipher"), part("MAC")];
  const start = ["TLS", ...(exchange === undefined ? [] : [exchange]), cipher].join("_");
  if (mac !== "AEAD") return suites.get(`${start}_${mac}`) ?? null;
  const found = [...suites].find(([name]) => name === start || name.startsWith(`${start}_SHA`));
  return found?.[1] ?? null;
}

function parse(suites: Suites) {
  return (said: string): Observation | null => {
    // What it prints of a refused connection may come only with the next one.
    const words = said.slice(Math.max(0, said.lastIndexOf("* Accepted connection")));
    if (/^Error in handshake: .*\n/m.test(said)) {
      const wrong = /Error in the certificate/.test(said);
      return { ...NOTHING_SAID, refusal: wrong ? "wrong" : refusalOf(said) };
    }
    if (!/^- MAC: .*\n/m.test(words)) return null;
    const agreed = /^- Description: \(TLS([\d.]+)[^)]*\)-\((?:EC)?DHE-([A-Z\d]+)/m.exec(words);
    const version = /^- Version: TLS([\d.]+)$/m.exec(words)?.[1];
    const trusted = /Status: The certificate is trusted/.test(words);
    return {
      outcome: "accepted",
      version: versionOf(`TLSv${version}`),
      suite: suiteOf(words, suites),
      group: GROUPS.find(({ name }) => name === agreed?.[2]?.toLowerCase())?.code ?? null,
      client: trusted ? commonName(/^\tSubject: (.*)$/m.exec(words)?.[1]) : null,
      refusal: null,
      words,
    };
  };
}

const OLD: readonly CertificateType[] = ["rsa-2048", "rsa-3072", "p256", "p384", "p521", "dsa"];
const NEW: readonly CertificateType[] = ["rsa-pss", "ed25519", "ed448"];

/** `gnutls-serv`, one process for each set-up. */
export async function gnutlsPeer(identities: Identities): Promise<Peer | undefined> {
  const gnutls = findTool("gnutlsServ");
  if (gnutls === undefined) return undefined;
  const { stdout: about } = await run(gnutls, ["--version"]);
  const release = /\d+\.\d+/.exec(about)?.[0] ?? "";
  const { stdout } = await run(gnutls, ["--list", "--priority", PRIORITY]);
  const rows = [...stdout.matchAll(/^(TLS_\S+)\s+0x(..), 0x(..)\s/gm)];
  const suites = new Map(
    rows.map(([, name = "", high = "", low = ""]) => [name, Number.parseInt(high + low, 16)]),
  );
  const listed = new Set(
    [...stdout.matchAll(/GROUP-([A-Z\d]+)/g)].map(([, name = ""]) => name.toLowerCase()),
  );
  const codes = new Set(suites.values());
  const groupsOf = (version: VersionName, kind: "curve" | "field") =>
    GROUPS.filter(
      (group) =>
        listed.has(group.name) &&
        (version === "TLSv1.3" ? group.versions !== "before-tls13" : group.kind === kind),
    ).map(({ code }) => code);

  const running = new Map<string, Promise<{ port: number; process: RunningProcess }>>();
  const logs = new Map<string, () => string>();
  const start = async (certificate: CertificateType, mode: ClientAuthMode) => {
    const identity = identities.servers.get(certificate);
    if (identity === undefined) throw new Error(`There is no ${certificate} certificate`);
    const port = await nextPort();
    const process = startProcess(gnutls, [
      "--port",
      String(port),
      "--x509certfile",
      identity.chain,
      "--x509keyfile",
      identity.key,
      "--priority",
      PRIORITY,
      ...ASKING[mode],
      ...(mode === "none" ? [] : ["--x509cafile", identities.authority]),
    ]);
    await process.waitFor(/listening on IPv4 .*done/);
    logs.set(`${certificate} ${mode}`, process.output);
    return { port, process };
  };
  return {
    name: `GnuTLS ${release}`,
    capabilities: {
      versions: VERSION_NAMES,
      suites: (version) => knownSuites(version).filter((code) => codes.has(code)),
      certificates: (version) =>
        version === "TLSv1.3" || version === "TLSv1.2" ? [...OLD, ...NEW] : OLD,
      groups: groupsOf,
    },
    tellsGroup: VERSION_NAMES,
    judgesLater: [],
    port: async (certificate, mode) => {
      const key = `${certificate} ${mode}`;
      const server = running.get(key) ?? start(certificate, mode);
      running.set(key, server);
      return (await server).port;
    },
    listen: (certificate, mode) =>
      hearing(logs.get(`${certificate} ${mode}`) ?? (() => ""), parse(suites)),
    stop: async () => {
      for (const server of running.values()) await (await server).process.stop();
    },
  };
}
