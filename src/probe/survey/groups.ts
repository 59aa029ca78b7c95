import type { Handshake } from "../handshake.ts";
import { cipherSuiteFacts } from "../tls/cipher-suite-facts.ts";
import { GROUPS, groupName } from "../tls/groups.ts";
import { buildHello } from "../tls/hello-builder.ts";
import { singleHello } from "../tls/single-hello.ts";
import { Version, versionName } from "../tls/versions.ts";
import type { Interview, Question } from "./interview.ts";
import { shrink } from "./shrink.ts";
import type { GroupSurvey, Preference, SurveyedVersion } from "./survey-record.ts";

/** How the groups of one version are asked for. */
interface GroupQuestions {
  readonly version: number;
  readonly groups: readonly number[];
  readonly ask: (groups: readonly number[]) => Question;
  readonly name: (handshake: Handshake) => string | null;
}

/**
 * In TLS 1.3 a hello without key shares makes a server name its group in a HelloRetryRequest: no side computes
 * anything (RFC 8446 section 4.2.8).
 */
const TLS13: GroupQuestions = {
  version: Version.tls13,
  groups: GROUPS.filter(({ versions }) => versions !== "before-tls13").map(({ code }) => code),
  ask: (groups) => ({
    shape: buildHello({ versions: [Version.tls13], groups, keyShares: [] }),
    until: ["retry", "hello"],
  }),
  name: ({ retry, group }) => retry?.group ?? group,
};

/** Before, the server's ephemeral key tells it; only suites with such a key on a curve are offered. */
function before13(version: number, cipherSuites: readonly number[]): GroupQuestions {
  return {
    version,
    groups: GROUPS.filter(({ kind, versions }) => kind === "curve" && versions !== "tls13").map(
      ({ code }) => code,
    ),
    ask: (groups) => ({
      shape: singleHello({ version, cipherSuites, groups }),
      until: ["key-exchange"],
    }),
    name: ({ keyExchange }) => keyExchange?.group ?? null,
  };
}

/** Finds the groups in which a server agrees on keys, in TLS 1.3. */
export function surveyGroups13(interview: Interview): Promise<GroupSurvey> {
  return surveyGroups(interview, TLS13);
}

/** Finds them in an older version; null when none of its suites agrees on keys on a curve. */
export async function surveyGroupsBefore13(
  interview: Interview,
  version: number,
  cipherSuites: readonly number[],
): Promise<GroupSurvey | null> {
  const curves = cipherSuites.filter((code) => cipherSuiteFacts(code)?.keyExchange === "ecdhe");
  return curves.length === 0 ? null : surveyGroups(interview, before13(version, curves));
}

async function surveyGroups(interview: Interview, questions: GroupQuestions): Promise<GroupSurvey> {
  const { version, groups, ask, name } = questions;
  const choice = (handshake: Handshake): number | undefined => {
    const chosen = name(handshake);
    return groups.find((code) => groupName(code) === chosen);
  };
  const shrunk = await shrink(groups, {
    ask: (offered) => interview.ask({ ...ask(offered), leads: true }),
    choice,
  });
  const found = shrunk.chosen.map(({ item }) => item);
  const [first, second] = found;
  let preference: Preference | null = null;
  if (first !== undefined && second !== undefined) {
    const chosen = choice(await interview.ask(ask([second, first])));
    if (chosen !== undefined) preference = chosen === first ? "server" : "client";
  }
  return {
    version: versionName(version) as SurveyedVersion,
    groups: found.map(groupName),
    preference,
    ignoresOffer:
      shrunk.end?.kind === "refused" && shrunk.end.failure.code === "parameter-unsupported",
  };
}
