import { MOZILLA_GUIDELINE } from "../../diagnosis/survey/guideline.ts";
import type { Finding, Severity } from "../../diagnosis/finding.ts";
import { dateText, fingerprint, hostPort, printable, shortName } from "../../diagnosis/words.ts";
import { knownHello } from "../../probe/hellos/known-hellos.ts";
import type {
  AddressSurvey,
  SuiteSurvey,
  VersionSurvey,
} from "../../probe/survey/survey-record.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import { type Block, section, table, type Tone } from "../document/block.ts";
import type { ResultCode } from "../exit-code.ts";
import { featureRows } from "./feature-words.ts";
import { type AddressResult, findingsOf, type SurveyResult } from "./survey-result.ts";

const STATES: Readonly<Record<ResultCode, readonly [words: string, tone: Tone]>> = {
  0: ["✓ fine", "good"],
  1: ["! warning", "warning"],
  2: ["✗ problem", "bad"],
  3: ["? not asked", "warning"],
};

/**
 * The surveys as a document, for tickets and files: an overview first, then every target with what it offers.
 * @param at ms since 1970
 */
export function surveyBlocks(results: readonly SurveyResult[], at: number): readonly Block[] {
  const overview = results.map((result) => [
    STATES[result.code][0],
    printable(result.target),
    headlineOf(result),
  ]);
  return [
    { kind: "heading", level: 1, text: `survey as of ${dateText(at)}` },
    ...table(
      ["result", "target", "headline"],
      overview,
      results.map(({ code }) => STATES[code][1]),
    ),
    ...results.flatMap(targetBlocks),
  ];
}

function headlineOf(result: SurveyResult): string {
  const failure = result.addresses.find(({ survey }) => survey.failure !== null)?.survey.failure;
  return findingsOf(result)[0]?.summary ?? printable(failure?.message ?? "");
}

function targetBlocks(result: SurveyResult): readonly Block[] {
  const { target, addresses, findings } = result;
  return [
    section(printable(target)),
    ...findingBlocks(findings),
    ...addresses.flatMap((address) => addressBlocks(address, addresses.length > 1)),
  ];
}

function addressBlocks(
  { survey, findings, ratings }: AddressResult,
  isOneOfMany: boolean,
): readonly Block[] {
  const { address, port, failure, connections, durationMs } = survey;
  const place = address === null ? null : hostPort({ host: address, port });
  const lead: readonly Block[] =
    isOneOfMany && place !== null ? [{ kind: "heading", level: 3, text: place }] : [];
  if (failure !== null)
    return [...lead, { kind: "paragraph", text: printable(failure.message), tone: "bad" }];
  const asked = `${connections} connections in ${(durationMs / 1000).toFixed(1)} s`;
  return [
    ...lead,
    { kind: "paragraph", text: place === null ? asked : `${place}, ${asked}`, tone: "soft" },
    ...findingBlocks(findings),
    ...part("Versions", ["version", "offered", "order"], survey.versions.map(versionRow)),
    ...part(
      "Cipher suites",
      ["version", "cipher suite", "key exchange"],
      survey.versions.flatMap(({ version, cipherSuites }) =>
        cipherSuites.map((suite) => [version, suite.name, exchangeText(suite)]),
      ),
    ),
    ...part(
      "Groups and signature schemes",
      ["version", "what", "accepted"],
      [
        ...survey.groups.map(({ version, groups }) => [version, "groups", groups.join(", ")]),
        ...survey.signatureSchemes.map(({ version, schemes }) => [
          version,
          "signature schemes",
          schemes.join(", "),
        ]),
      ],
    ),
    ...part(
      "Certificates",
      ["certificate", "key", "until", "SHA-256"],
      survey.chains.flatMap(({ certificates: [der] }) => certificateRow(der)),
    ),
    ...part(
      "Features",
      ["server", "what"],
      [...protocolRows(survey), ...featureRows(survey.features)],
    ),
    ...part("Clients", ["client", "connects", "with"], clientRows(survey)),
    ...part(
      `${MOZILLA_GUIDELINE.title} ${MOZILLA_GUIDELINE.version}`,
      ["profile", "met", "to change"],
      ratings.map(({ profile, meets, deviations }) => [
        profile,
        meets ? "yes" : "no",
        deviations.map(({ change }) => change).join("; "),
      ]),
    ),
  ];
}

/** A table under a heading of its own; nothing where it would be empty. */
function part(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly Block[] {
  return rows.length === 0
    ? []
    : [{ kind: "heading", level: 3, text: title }, ...table(columns, rows)];
}

const TONES: Readonly<Record<Severity, Tone>> = {
  critical: "bad",
  warning: "warning",
  info: "soft",
};

function findingBlocks(findings: readonly Finding[]): readonly Block[] {
  return findings.flatMap(({ code, severity, summary, remedy }): readonly Block[] => [
    { kind: "paragraph", text: `${severity}: ${summary} (${code})`, tone: TONES[severity] },
    ...(remedy.length === 0 ? [] : [{ kind: "list", ordered: true, items: remedy } as const]),
  ]);
}

function versionRow({ version, state, failure, preference }: VersionSurvey): readonly string[] {
  const order = preference === null ? "" : `${preference}'s`;
  switch (state) {
    case "offered":
      return [version, "yes", order];
    case "refused":
      return [version, "no", ""];
    case "unclear":
      return [version, `unclear: ${printable(failure?.message ?? "no answer")}`, ""];
  }
}

function exchangeText({ keyExchange }: SuiteSurvey): string {
  if (keyExchange === null) return "";
  const { kind, group, bits } = keyExchange;
  const size = group ?? (bits === null ? "" : `${bits} bits`);
  return `${kind} ${kind === "rsa" ? "" : size}`.trim();
}

function certificateRow(der: Uint8Array | undefined): readonly (readonly string[])[] {
  const parsed = der === undefined ? null : internCertificate(der);
  if (parsed?.ok !== true) return [["cannot be read", "", "", ""]];
  const { subject, publicKey, notAfter } = parsed.value;
  const key = `${publicKey.type} ${publicKey.curve ?? publicKey.bits ?? ""}`.trim();
  return [[shortName(subject), key, dateText(notAfter), fingerprint(parsed.value)]];
}

function protocolRows({ alpn }: AddressSurvey): readonly (readonly string[])[] {
  const remark = alpn.insists ? " (refuses others)" : "";
  return alpn.protocols.length === 0 ? [] : [["ALPN", `${alpn.protocols.join(", ")}${remark}`]];
}

function clientRows({ clients }: AddressSurvey): readonly (readonly string[])[] {
  return clients.map(({ client, connects, version, cipherSuite, group, failure }) => [
    knownHello(client).title,
    connects === null ? "unclear" : connects ? "yes" : "no",
    connects === true
      ? [version, cipherSuite, group].filter((each) => each !== null).join(" ")
      : printable(failure?.message ?? ""),
  ]);
}
