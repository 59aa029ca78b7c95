import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GROUPS } from "../../src/probe/tls/groups.ts";
import { type Capabilities, type CertificateType, VERSION_NAMES, VERSIONS } from "./cell.ts";
import { knownSuites } from "./plan.ts";

const run = promisify(execFile);

/** Everything that a build has, whatever its level of security forbids. */
export const ALL_SUITES = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

/** Suites of TLS 1.3 as OpenSSL's options name them. */
export const SUITES_13 = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_CCM_SHA256",
  "TLS_AES_128_CCM_8_SHA256",
].join(":");

/** What a library of the OpenSSL family can do. */
export interface OpensslFacts {
  /** Its first two numbers. */
  readonly release: string;
  /** Codes of its suites by its own name. */
  readonly suites: ReadonlyMap<string, number>;
  /** Names of its groups for its options, joined by colons. */
  readonly groups: string;
  readonly capabilities: Capabilities;
}

/** Names of groups in OpenSSL's options where they differ from ours. */
const GROUP_NAMES: Readonly<Record<string, string>> = {
  x25519: "X25519",
  x448: "X448",
  secp256r1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
  secp224r1: "P-224",
  brainpoolp256r1: "brainpoolP256r1",
  brainpoolp384r1: "brainpoolP384r1",
  brainpoolp512r1: "brainpoolP512r1",
  x25519mlkem768: "X25519MLKEM768",
  secp256r1mlkem768: "SecP256r1MLKEM768",
  secp384r1mlkem1024: "SecP384r1MLKEM1024",
};

/** Groups that came with a release: TLS 1.3's Brainpool curves with 3.2, hybrids with 3.5. */
function availableGroups(release: number): typeof GROUPS {
  return GROUPS.filter(({ name, kind }) => {
    if (kind === "hybrid") return release >= 3.5;
    return release >= 3.2 || !/^brainpool.*tls13$/.test(name);
  });
}

const BEFORE_12: readonly CertificateType[] = [
  "rsa-2048",
  "rsa-3072",
  "p256",
  "p384",
  "p521",
  "dsa",
];
const IN_12: readonly CertificateType[] = [...BEFORE_12, "rsa-pss", "ed25519", "ed448"];
const ML_DSA: readonly CertificateType[] = ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87"];

/** The same for given suites: codes by OpenSSL's names. */
export function describeOpenssl(
  version: string,
  suites: ReadonlyMap<string, number>,
): OpensslFacts {
  const release = /^\d+\.\d+/.exec(version)?.[0] ?? "";
  const number = Number(release);
  const groups = availableGroups(number);
  const codes = new Set(suites.values());
  return {
    release,
    suites,
    groups: groups.map(({ name }) => GROUP_NAMES[name] ?? name).join(":"),
    capabilities: {
      versions: VERSION_NAMES,
      suites: (name) => knownSuites(name).filter((code) => codes.has(code)),
      certificates: (name) => {
        if (name === "TLSv1.3")
          return [...IN_12.filter((type) => type !== "dsa"), ...(number >= 3.5 ? ML_DSA : [])];
        return VERSIONS[name] === VERSIONS["TLSv1.2"] ? IN_12 : BEFORE_12;
      },
      // A finite field before TLS 1.3 is the server's own choice.
      groups: (name, kind) =>
        kind === "field"
          ? []
          : groups
              .filter((group) =>
                name === "TLSv1.3"
                  ? group.versions !== "before-tls13"
                  : group.versions !== "tls13" && group.kind === "curve",
              )
              .map(({ code }) => code),
    },
  };
}

/** Asks the `openssl` program, whose library Debian's servers share. */
export async function opensslFacts(openssl: string): Promise<OpensslFacts> {
  const { stdout: version } = await run(openssl, ["version"]);
  const { stdout } = await run(openssl, ["ciphers", "-V", "-ciphersuites", SUITES_13, ALL_SUITES]);
  const rows = [...stdout.matchAll(/0x(..),0x(..) - (\S+)/g)];
  const suites = new Map(
    rows.map(([, high = "", low = "", name = ""]) => [name, Number.parseInt(high + low, 16)]),
  );
  return describeOpenssl(version.replace(/^\S+ /, ""), suites);
}
