import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { profileOf } from "../../src/trust/profiles.ts";
import type { Profile } from "../../src/trust/profile.ts";
import { findTool } from "../tools.ts";
import { goOracle } from "./go-oracle.ts";
import { javaOracle } from "./java-oracle.ts";
import { opensslOracle } from "./openssl-oracle.ts";
import type { Contest } from "./run.ts";

/** Path of the `java` of a release under the usual folder of JVMs; undefined where there is none. */
export function javaOf(release: number): string | undefined {
  const homes = "/usr/lib/jvm";
  try {
    return readdirSync(homes)
      .filter((name) => new RegExp(`(^|\\D)${release}(\\D|$)`).test(name))
      .map((name) => join(homes, name, "bin", "java"))
      .find((java) => existsSync(java));
  } catch {
    return undefined;
  }
}

/**
 * A Java profile at the level of the update that is installed: the profile speaks of late 2026, a machine may have an
 * older one (see docs/profiles.md, Releases of OpenJDK).
 */
export function atUpdate(profile: Profile, version: string): Profile {
  const update = Number(/^17\.0\.(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
  if (profile.rules.kind !== "java" || update >= 21) return profile;
  return {
    ...profile,
    rules: {
      ...profile.rules,
      wildcardsMeetExclusions: false,
      mappedAddressesAreIpv4: false,
      addressFamiliesCollide: true,
    },
  };
}

/** Names of the contests that a run can hold. */
export const CONTESTS = [
  "openjdk-17",
  "openjdk-25",
  "openjdk-17-sunx509",
  "openssl-3",
  "openssl-3-partial",
  "go",
] as const;

/** Name of a contest. */
export type ContestName = (typeof CONTESTS)[number];

/** Opens a contest; undefined when its client is not installed. */
export async function openContest(name: ContestName): Promise<Contest | undefined> {
  switch (name) {
    case "openjdk-17":
    case "openjdk-25":
    case "openjdk-17-sunx509": {
      const java =
        javaOf(name === "openjdk-25" ? 25 : 17) ??
        (name === "openjdk-25" ? undefined : findTool("java"));
      if (java === undefined) return undefined;
      const manager = name === "openjdk-17-sunx509" ? "SunX509" : "PKIX";
      const oracle = await javaOracle({ name, java, manager });
      const contest = { oracle, profile: atUpdate(profileOf(name), oracle.version) };
      // this trust manager takes no date: it asks the clock
      return manager === "PKIX"
        ? contest
        : { ...contest, adapt: (each) => ({ ...each, at: Math.floor(Date.now() / 1000) * 1000 }) };
    }
    case "openssl-3":
    case "openssl-3-partial": {
      const openssl = findTool("openssl");
      if (openssl === undefined) return undefined;
      const partialChain = name === "openssl-3-partial";
      const oracle = await opensslOracle({ name, openssl, partialChain });
      const profile = profileOf(name);
      // the command cannot refuse partial wildcards, as the profile does
      return {
        oracle,
        profile:
          profile.rules.kind === "openssl"
            ? { ...profile, rules: { ...profile.rules, partialWildcards: true } }
            : profile,
      };
    }
    case "go": {
      const go = findTool("go");
      return go === undefined
        ? undefined
        : { oracle: await goOracle(go), profile: profileOf("go") };
    }
  }
}
