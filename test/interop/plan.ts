import { cipherSuite12 } from "../../src/probe/tls/cipher-suites-12.ts";
import { CIPHER_SUITES_13 } from "../../src/probe/tls/cipher-suites-13.ts";
import { completableSuites } from "../../src/probe/tls/single-hello.ts";
import {
  type Capabilities,
  type Cell,
  type CertificateType,
  CLIENT_AUTH_NAMES,
  type VersionName,
  VERSIONS,
} from "./cell.ts";

/** Codes of the groups on whose curve a certificate's key is. */
export const OWN_CURVE: Readonly<Partial<Record<CertificateType, number>>> = {
  p256: 0x17,
  p384: 0x18,
  p521: 0x19,
};

/** Suites that the engine completes in a version. */
export function knownSuites(version: VersionName): readonly number[] {
  return version === "TLSv1.3"
    ? CIPHER_SUITES_13.map(({ code }) => code)
    : completableSuites(VERSIONS[version]);
}

const RSA: readonly CertificateType[] = ["rsa-2048", "rsa-3072"];
const CURVES: readonly CertificateType[] = ["p256", "p384", "p521"];
const EDWARDS: readonly CertificateType[] = ["ed25519", "ed448"];

/** Types of certificates that go with a suite (RFC 8446 section 4.4.2.2, RFC 8422 section 5.1, RFC 8446 section 4.2.3). */
function certificatesOf(version: VersionName, suite: number): readonly CertificateType[] | null {
  if (version === "TLSv1.3") return null;
  const facts = cipherSuite12(suite);
  if (facts === undefined || "because" in facts) return [];
  const newest = version === "TLSv1.2";
  switch (facts.authentication) {
    case "dss":
      return ["dsa"];
    case "ecdsa":
      return newest ? [...CURVES, ...EDWARDS] : CURVES;
    case "rsa":
      return newest && facts.keyExchange !== "rsa" ? [...RSA, "rsa-pss"] : RSA;
  }
}

/** A cell without its client authentication. */
type Handshake = Omit<Cell, "clientAuth">;

function groupsOf(
  capabilities: Capabilities,
  { version, suite }: Pick<Cell, "version" | "suite">,
): readonly (number | null)[] {
  const facts = version === "TLSv1.3" ? undefined : cipherSuite12(suite);
  if (facts === undefined) return capabilities.groups(version, "curve");
  if ("because" in facts || facts.keyExchange === "rsa") return [null];
  const kind = facts.keyExchange === "dhe" ? "field" : "curve";
  const groups = capabilities.groups(version, kind);
  return groups.length === 0 ? [null] : groups;
}

function handshakesOf(capabilities: Capabilities, version: VersionName): readonly Handshake[] {
  const available = new Set(capabilities.suites(version));
  const suites = knownSuites(version).filter((suite) => available.has(suite));
  const certificates = capabilities
    .certificates(version)
    .filter((type) => version !== "TLSv1.3" || type !== "dsa");
  return suites.flatMap((suite) => {
    const fitting = certificatesOf(version, suite);
    return certificates
      .filter((type) => fitting?.includes(type) ?? true)
      .flatMap((certificate) =>
        groupsOf(capabilities, { version, suite }).map((group) => ({
          version,
          suite,
          group,
          certificate,
        })),
      );
  });
}

/** The whole product of what a server can do. */
export function wholeProduct(capabilities: Capabilities): readonly Cell[] {
  return capabilities.versions.flatMap((version) =>
    handshakesOf(capabilities, version).flatMap((handshake) =>
      CLIENT_AUTH_NAMES.map((clientAuth) => ({ ...handshake, clientAuth })),
    ),
  );
}

/**
 * A part of the product that has, for each version, every suite, every group, every type of certificate and
 * every kind of client authentication: each next cell is the one that has most of what is still missing.
 */
export function shareOf(capabilities: Capabilities): readonly Cell[] {
  return capabilities.versions.flatMap((version) => {
    const handshakes = handshakesOf(capabilities, version);
    const missing = new Set(handshakes.flatMap(featuresOf));
    const cells: Cell[] = [];
    const take = (handshake: Handshake): void => {
      for (const feature of featuresOf(handshake)) missing.delete(feature);
      const clientAuth = CLIENT_AUTH_NAMES[cells.length] ?? "not requested";
      cells.push({ ...handshake, clientAuth });
    };
    while (missing.size > 0) {
      let best: Handshake | undefined;
      let most = 0;
      for (const handshake of handshakes) {
        const found = featuresOf(handshake).filter((feature) => missing.has(feature)).length;
        if (found > most) [best, most] = [handshake, found];
      }
      if (best === undefined) break;
      take(best);
    }
    const [any] = handshakes;
    while (any !== undefined && cells.length < CLIENT_AUTH_NAMES.length) take(any);
    return cells;
  });
}

function featuresOf({ suite, group, certificate }: Handshake): readonly string[] {
  return [
    `suite ${suite}`,
    ...(group === null ? [] : [`group ${group}`]),
    `certificate ${certificate}`,
  ];
}
