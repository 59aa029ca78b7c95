import { isHelloName, knownHello } from "../../probe/hellos/known-hellos.ts";
import { offerNames } from "../../probe/hellos/outside-offer.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import { suiteNamed } from "./cipher-suite-lists.ts";

/** What one side of a link allows; null for what its configuration does not limit. */
export interface AllowedParameters {
  readonly protocols: readonly string[] | null;
  readonly cipherSuites: readonly string[] | null;
}

/** Whether two sides can agree, and if they cannot, or only barely, on what. */
export type Agreement =
  | { readonly kind: "common" }
  | {
      readonly kind: "no-common-version";
      readonly offered: readonly string[];
      readonly accepted: readonly string[];
    }
  | {
      readonly kind: "no-common-suite";
      /** Versions in which nothing is common. */
      readonly versions: readonly string[];
      readonly accepted: readonly string[];
    }
  /** Every suite that is common exchanges keys with static RSA, which current JDKs refuse. */
  | { readonly kind: "static-rsa"; readonly suites: readonly string[] };

/** Profiles without a hello of their own, with the client whose hello theirs is. */
const SAME_HELLO: ReadonlyMap<ProfileName, string> = new Map([
  ["openjdk-17-sunx509", "openjdk-17"],
  ["openssl-3-partial", "openssl-3"],
]);

const CODES: ReadonlyMap<string, number> = new Map([
  ["SSLv3", 0x0300],
  ["TLSv1", 0x0301],
  ["TLSv1.0", 0x0301],
  ["TLSv1.1", 0x0302],
  ["TLSv1.2", 0x0303],
  ["TLSv1.3", 0x0304],
]);

const same = (version: string): string => (version === "TLSv1.0" ? "TLSv1" : version);

/**
 * Compares what a client offers, by its configuration and otherwise by the hello of its profile, with what a server's
 * configuration accepts. What nobody limits never stands in the way.
 */
export function agreementOf(
  profile: ProfileName,
  client: AllowedParameters,
  server: AllowedParameters,
): Agreement {
  const name = SAME_HELLO.get(profile) ?? profile;
  const hello = isHelloName(name) ? offerNames(knownHello(name).shape) : null;
  const accepted = server.protocols === null ? null : server.protocols.map(same);
  const offered = (client.protocols ?? hello?.versions ?? []).map(same);
  if (accepted === null && client.cipherSuites === null && server.cipherSuites === null)
    return { kind: "common" };
  const versions =
    offered.length === 0
      ? (accepted ?? [])
      : offered.filter((version) => accepted === null || accepted.includes(version));
  if (accepted !== null && accepted.length > 0 && offered.length > 0 && versions.length === 0)
    return { kind: "no-common-version", offered, accepted };
  const suites = client.cipherSuites ?? hello?.cipherSuites ?? null;
  const wanted = server.cipherSuites;
  if (suites === null || wanted === null || versions.length === 0) return { kind: "common" };
  const common = suites.flatMap((suite) => {
    const facts = suiteNamed(suite);
    const usable =
      facts !== undefined &&
      wanted.includes(suite) &&
      versions.some((version) => {
        const code = CODES.get(version) ?? 0;
        return code >= facts.firstVersion && code <= facts.lastVersion;
      });
    return usable ? [facts] : [];
  });
  if (common.length === 0) return { kind: "no-common-suite", versions, accepted: wanted };
  const isJava = /^(?:openjdk|ibm-java|layer7)/u.test(profile);
  return isJava && common.every(({ keyExchange }) => keyExchange === "rsa")
    ? { kind: "static-rsa", suites: common.map(({ name: suite }) => suite) }
    : { kind: "common" };
}
