import type { Resumption, ServerFeatures } from "../../probe/survey/survey-record.ts";

const FEATURE_WORDS: readonly (readonly [keyof ServerFeatures, string])[] = [
  ["secureRenegotiation", "secure renegotiation"],
  ["extendedMasterSecret", "extended master secret"],
  ["encryptThenMac", "encrypt-then-MAC"],
  ["fallbackSignal", "fallback signal"],
  ["ocspStaple", "OCSP staple"],
  ["heartbeat", "heartbeat"],
  ["compression", "compression"],
];

function resumptionsThat(features: ServerFeatures, wanted: Resumption): readonly string[] {
  const { tickets13 } = features;
  const several = tickets13 === null || tickets13 < 2 ? "" : ` (${tickets13} at once)`;
  return [
    features.sessionIdentifiers === wanted ? "by identifier before TLSv1.3" : null,
    features.sessionTickets === wanted ? "by ticket before TLSv1.3" : null,
    features.sessionTickets13 === wanted ? `by ticket in TLSv1.3${several}` : null,
  ].filter((words) => words !== null);
}

/** What a server has, lacks and resumes: pairs of a verb and what it is about, in the order in which they are told. */
export function featureRows(
  features: ServerFeatures,
): readonly (readonly [verb: string, what: string])[] {
  const having = (wanted: boolean): readonly string[] =>
    FEATURE_WORDS.filter(([key]) => features[key] === wanted).map(([, words]) => words);
  const yes = [
    ...having(true),
    ...(features.timestamps === null || features.timestamps === 0
      ? []
      : [`${features.timestamps} certificate timestamps`]),
    ...(features.earlyData === null ? [] : [`early data up to ${features.earlyData} bytes`]),
    ...(features.clientCertificate === "requested" ? ["asks for a client certificate"] : []),
  ];
  const given = resumptionsThat(features, "not-resumed");
  const rows = [
    ["has", yes.join(", ")],
    ["has not", having(false).join(", ")],
    ["resumes", resumptionsThat(features, "resumed").join(", ")],
    [
      "not resumed",
      given.length === 0 ? "" : `${given.join(", ")}, although it hands out what that takes`,
    ],
    ["not resumed", resumptionsThat(features, "none").join(", ")],
  ] as const;
  return rows.filter(([, what]) => what !== "");
}
