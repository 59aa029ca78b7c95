import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { GROUPS } from "../../../src/probe/tls/groups.ts";
import { startProcess } from "../../lab/process.ts";
import { findTool } from "../../tools.ts";
import { type JavaHome, javaHomes } from "../../truststore/java-peers.ts";
import { type CertificateType, type Peer, VERSION_NAMES } from "../cell.ts";
import type { Identities } from "../identities.ts";
import { linePeer } from "./line-peer.ts";

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL("jsse-matrix.java", import.meta.url));

/** Names of the JDK for the algorithms of keys. */
const ALGORITHMS: Readonly<Partial<Record<CertificateType, string>>> = {
  "rsa-2048": "RSA",
  "rsa-3072": "RSA",
  "rsa-pss": "RSASSA-PSS",
  p256: "EC",
  p384: "EC",
  p521: "EC",
  ed25519: "EdDSA",
  ed448: "EdDSA",
  dsa: "DSA",
};

/** The JDK signs with DSA keys in TLS 1.2 alone: 'Unsupported signature algorithm: DSA' is what older versions end with. */
const NEW: readonly CertificateType[] = ["rsa-pss", "ed25519", "ed448", "dsa"];

/** Groups of the JDK, by jdk.tls.namedGroups. */
const NAMED_GROUPS = [
  "x25519",
  "secp256r1",
  "secp384r1",
  "secp521r1",
  "x448",
  "ffdhe2048",
  "ffdhe3072",
  "ffdhe4096",
  "ffdhe6144",
  "ffdhe8192",
];

async function startJava({ java, release }: JavaHome, identities: Identities, classes: string) {
  const setups = [...identities.servers].flatMap(([type, { chain, key }]) => {
    const algorithm = ALGORITHMS[type];
    if (algorithm === undefined) return [];
    return ["none", "optional", "required"].flatMap((mode) => [
      `${type}-${mode}`,
      mode,
      chain,
      key,
      algorithm,
    ]);
  });
  const running = startProcess(java, [
    `-Djdk.tls.namedGroups=${NAMED_GROUPS.join()}`,
    "-cp",
    classes,
    "JsseMatrix",
    identities.authority,
    ...setups,
  ]);
  const groups = GROUPS.filter(({ name }) => NAMED_GROUPS.includes(name));
  const types = Object.keys(ALGORITHMS) as readonly CertificateType[];
  return linePeer(running, {
    name: `Java ${release}`,
    judgesLater: [],
    // The JDK drops leading zero bytes of a finite field's secret, as versions before TLS 1.3 do; RFC 8446
    // section 7.4.1 keeps them. One handshake in 256 ends with keys that differ.
    mayFail: ({ version, group }) =>
      version === "TLSv1.3" && groups.some(({ code, kind }) => code === group && kind === "field"),
    capabilities: {
      versions: VERSION_NAMES,
      certificates: (version) =>
        version === "TLSv1.3" || version === "TLSv1.2"
          ? types
          : types.filter((type) => !NEW.includes(type)),
      groups: (version, kind) =>
        groups
          .filter((group) => version === "TLSv1.3" || group.kind === kind)
          .map(({ code }) => code),
    },
  });
}

/** One virtual machine with a server for each set-up, for each release of Java. */
export async function javaPeers(identities: Identities): Promise<readonly Peer[]> {
  const javac = findTool("javac");
  const homes = javaHomes().filter(({ release }) => release === 17 || release === 25);
  if (javac === undefined || homes.length === 0) return [];
  const classes = join(identities.directory, "java");
  mkdirSync(classes);
  await run(javac, ["--release", "17", "-d", classes, SOURCE]);
  return Promise.all(homes.map((home) => startJava(home, identities, classes)));
}
