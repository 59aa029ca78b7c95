import type { AddressSurvey, ChainSurvey } from "../../probe/survey/survey-record.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { shortName } from "../words.ts";
import {
  GUIDELINE_PROFILES,
  type GuidelineProfile,
  type GuidelineRules,
  MOZILLA_GUIDELINE,
} from "./guideline.ts";

/** What a server would have to change for a profile. */
export interface Deviation {
  readonly aspect:
    | "versions"
    | "cipher-suites"
    | "groups"
    | "certificate"
    | "ocsp-staple"
    | "preference";
  /** An instruction without a trailing full stop. */
  readonly change: string;
}

/** How a server compares with one profile of the guideline. */
export interface GuidelineRating {
  readonly profile: GuidelineProfile;
  readonly meets: boolean;
  readonly deviations: readonly Deviation[];
}

const DAY = 86_400_000;

/**
 * Compares what an address offers with every profile of Mozilla's guideline; empty where it did not say which
 * versions it offers.
 */
export function rateSurvey(survey: AddressSurvey): readonly GuidelineRating[] {
  if (survey.versions.some(({ state }) => state === "unclear")) return [];
  return GUIDELINE_PROFILES.map((profile) => {
    const deviations = deviationsFrom(survey, MOZILLA_GUIDELINE.profiles[profile]);
    return { profile, meets: deviations.length === 0, deviations };
  });
}

function deviationsFrom(survey: AddressSurvey, rules: GuidelineRules): readonly Deviation[] {
  return [
    ...versionDeviations(survey, rules),
    ...suiteDeviations(survey, rules),
    ...groupDeviations(survey, rules),
    ...leavesOf(survey).flatMap((leaf) => certificateDeviations(leaf, rules)),
    ...stapleDeviations(survey, rules),
    ...preferenceDeviations(survey, rules),
  ];
}

function versionDeviations(
  { versions }: AddressSurvey,
  rules: GuidelineRules,
): readonly Deviation[] {
  const offered = versions.filter(({ state }) => state === "offered").map(({ version }) => version);
  const superfluous = offered.filter((version) => !rules.versions.includes(version));
  const missing = rules.versions.filter((version) => offered.every((each) => each !== version));
  return [
    ...superfluous.map((version) => deviation("versions", `Switch off ${version}`)),
    ...missing.map((version) => deviation("versions", `Switch on ${version}`)),
  ];
}

function suiteDeviations({ versions }: AddressSurvey, rules: GuidelineRules): readonly Deviation[] {
  const offered = versions
    .filter(({ version }) => rules.versions.includes(version))
    .flatMap(({ cipherSuites }) => cipherSuites.map(({ name }) => name));
  const names = [...new Set(offered)];
  const superfluous = names.filter((name) => !rules.cipherSuites.includes(name));
  if (superfluous.length === 0) return [];
  const kept = names.filter((name) => rules.cipherSuites.includes(name));
  if (kept.length === 0)
    return [deviation("cipher-suites", `Take up ${rules.cipherSuites.join(", ")} instead`)];
  return [
    deviation(
      "cipher-suites",
      superfluous.length <= MOST_NAMED
        ? `Remove ${superfluous.join(", ")}`
        : `Remove all ${superfluous.length} other cipher suites; keep ${kept.join(", ")}`,
    ),
  ];
}

/** As many suites are named to be removed; beyond, those that stay are. */
const MOST_NAMED = 4;

function groupDeviations({ groups }: AddressSurvey, rules: GuidelineRules): readonly Deviation[] {
  const offered = new Set(groups.flatMap((survey) => survey.groups));
  if (offered.size === 0) return [];
  const superfluous = [...offered].filter((name) => !rules.groups.includes(name));
  const missing = rules.groups.filter((name) => !offered.has(name));
  return [
    ...missing.map((name) => deviation("groups", `Add the group ${name}`)),
    ...(superfluous.length === 0
      ? []
      : [deviation("groups", `Remove the groups ${superfluous.join(", ")}`)]),
  ];
}

/** The first certificate of a chain; null where it cannot be read. */
export function leafOf({ certificates: [der] }: ChainSurvey): Certificate | null {
  const parsed = der === undefined ? null : internCertificate(der);
  return parsed?.ok === true ? parsed.value : null;
}

/** The first certificate of every chain, as far as it can be read. */
export function leavesOf({ chains }: AddressSurvey): readonly Certificate[] {
  const leaves = chains.map(leafOf).filter((leaf) => leaf !== null);
  return [...new Map(leaves.map((leaf) => [leaf.sha256, leaf])).values()];
}

function certificateDeviations(leaf: Certificate, rules: GuidelineRules): readonly Deviation[] {
  const { type, bits, curve } = leaf.publicKey;
  const name = shortName(leaf.subject);
  const say = (change: string): Deviation => deviation("certificate", change);
  const deviations: Deviation[] = [];
  if (!rules.certificateKeys.includes(type))
    deviations.push(
      say(`Replace the ${type} certificate ${name} by ${rules.certificateKeys.join(" or ")}`),
    );
  else if (type === "ec" && !rules.certificateCurves.includes(curve ?? ""))
    deviations.push(
      say(
        `Use a key on ${rules.certificateCurves.join(" or ")} in ${name}, not on ${curve ?? "another curve"}`,
      ),
    );
  else if (type === "rsa" && rules.rsaBits !== null && (bits ?? 0) < rules.rsaBits)
    deviations.push(
      say(`Use an RSA key of at least ${rules.rsaBits} bits in ${name}, not ${bits ?? "?"}`),
    );
  const signature = leaf.signatureAlgorithm?.javaName ?? "unknown";
  if (!rules.certificateSignatures.includes(signature))
    deviations.push(
      say(`Have ${name} signed with ${rules.certificateSignatures.join(" or ")}, not ${signature}`),
    );
  const days = Math.ceil((leaf.notAfter - leaf.notBefore) / DAY);
  if (days > rules.lifetimeDays)
    deviations.push(say(`Let ${name} live for at most ${rules.lifetimeDays} days, not ${days}`));
  return deviations;
}

function stapleDeviations(
  { features }: AddressSurvey,
  rules: GuidelineRules,
): readonly Deviation[] {
  return rules.ocspStaple && features.ocspStaple === false
    ? [
        deviation(
          "ocsp-staple",
          "Staple an OCSP response, where the authority still has a responder",
        ),
      ]
    : [];
}

function preferenceDeviations(
  { versions }: AddressSurvey,
  rules: GuidelineRules,
): readonly Deviation[] {
  const wanted = rules.serverPreference ? "server" : "client";
  const others = versions.filter(
    ({ version, preference }) =>
      rules.versions.includes(version) && preference !== null && preference !== wanted,
  );
  if (others.length === 0) return [];
  const names = others.map(({ version }) => version).join(" and ");
  return [
    deviation(
      "preference",
      wanted === "client"
        ? `Let clients choose among the cipher suites in ${names}: they know what their hardware does well`
        : `Let the server choose among the cipher suites in ${names}`,
    ),
  ];
}

function deviation(aspect: Deviation["aspect"], change: string): Deviation {
  return { aspect, change };
}
