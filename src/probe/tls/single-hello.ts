import { cipherSuiteFacts } from "./cipher-suite-facts.ts";
import { NAMED_CIPHER_SUITES } from "./cipher-suite-names.ts";
import { USUAL_SUITES_12 } from "./cipher-suites.ts";
import { cipherSuite12 } from "./cipher-suites-12.ts";
import { GROUPS } from "./groups.ts";
import { buildHello, type HelloOffer, MOST_SUITES } from "./hello-builder.ts";
import type { HelloShape } from "./hello-shape.ts";
import { Version } from "./versions.ts";

/** What a hello of one version before TLS 1.3 offers; what is left out is everything that the engine knows. */
export interface SingleHello extends Omit<HelloOffer, "versions"> {
  /** As in hello messages, SSL 3.0 to TLS 1.2. */
  readonly version: number;
  /** In order of preference, at most 64. @default the first that the engine completes, in SSL 3.0 the first of all */
  readonly cipherSuites?: readonly number[];
}

const BY_PREFERENCE: readonly number[] = [...new Set([...USUAL_SUITES_12, ...NAMED_CIPHER_SUITES])];

/** Codes of the suites that the engine completes in a version before TLS 1.3, in order of preference. */
export function completableSuites(version: number): readonly number[] {
  return BY_PREFERENCE.filter((code) => {
    const suite = cipherSuite12(code);
    if (suite === undefined || "because" in suite) return false;
    const first = Math.max(suite.firstVersion, Version.tls10);
    return first <= version && version <= suite.lastVersion;
  });
}

/** Codes of the named suites that may be negotiated in a version, whether or not the engine completes them. */
export function namedSuites(version: number): readonly number[] {
  return NAMED_CIPHER_SUITES.filter((code) => {
    const facts = cipherSuiteFacts(code);
    return facts !== undefined && facts.firstVersion <= version && version <= facts.lastVersion;
  });
}

function suitesFor(version: number): readonly number[] {
  return version < Version.tls10 ? namedSuites(version) : completableSuites(version);
}

/**
 * The shape of a hello that offers one version before TLS 1.3, for asking a server what it does there.
 * @throws {RangeError} with no suites or more than 64
 */
export function singleHello({
  version,
  cipherSuites = suitesFor(version).slice(0, MOST_SUITES),
  groups = GROUPS.filter(({ versions }) => versions !== "tls13").map(({ code }) => code),
  ...offer
}: SingleHello): HelloShape {
  return buildHello({ ...offer, versions: [version], cipherSuites, groups });
}
