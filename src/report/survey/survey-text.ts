import { MOZILLA_GUIDELINE } from "../../diagnosis/survey/guideline.ts";
import { leavesOf } from "../../diagnosis/survey/rate-survey.ts";
import type { Finding, Severity } from "../../diagnosis/finding.ts";
import { dateText, fingerprint, hostPort, printable, shortName } from "../../diagnosis/words.ts";
import { knownHello } from "../../probe/hellos/known-hellos.ts";
import type {
  AddressSurvey,
  ChainSurvey,
  ServerFeatures,
  SuiteSurvey,
  VersionSurvey,
} from "../../probe/survey/survey-record.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import { SCREEN_WIDTH } from "../columns.ts";
import { isCommand } from "../commands.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint, Style } from "../paint.ts";
import { wrap } from "../wrap.ts";
import { featureRows } from "./feature-words.ts";
import type { AddressResult, SurveyResult } from "./survey-result.ts";

/** The whole report about one target, for people; 80 columns wide, commands aside. */
export function surveyText(result: SurveyResult, paint: Paint): string {
  const several = result.addresses.length > 1;
  const lines = [
    ...result.addresses.flatMap((address, index) => [
      ...(index === 0 ? [] : [""]),
      ...addressLines(result.target, address, paint),
    ]),
    ...(several && result.findings.length > 0
      ? section("Between the addresses", findingLines(result.findings, paint), paint)
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

function addressLines(
  target: string,
  { survey, findings, ratings }: AddressResult,
  paint: Paint,
): readonly string[] {
  const { address, port, failure, connections, durationMs } = survey;
  const place = address === null ? "" : ` at ${hostPort({ host: address, port })}`;
  const title = `${paint("bold", printable(target))}${place}`;
  if (failure !== null)
    return [
      `${paint("red", "✗")} ${title}`,
      ...wrap(onScreen(failure.message), "  ", SCREEN_WIDTH),
    ];
  return [
    `${title}  ${paint("dim", `${connections} connections, ${(durationMs / 1000).toFixed(1)} s`)}`,
    ...section(
      "Versions and cipher suites",
      survey.versions.flatMap((each) => versionLines(each, paint)),
      paint,
    ),
    ...section(
      "Groups",
      survey.groups.flatMap(({ version, groups, preference }) =>
        list(`${version}`, groups, orderText(preference)),
      ),
      paint,
    ),
    ...section(
      "Signature schemes",
      survey.signatureSchemes.flatMap(({ version, schemes }) => list(version, schemes, null)),
      paint,
    ),
    ...section("Certificates", certificateLines(survey), paint),
    ...section("Application protocols", protocolLines(survey), paint),
    ...section("Features", featureLines(survey.features), paint),
    ...section("Unusual hellos", toleranceLines(survey, paint), paint),
    ...section("Clients", clientLines(survey, paint), paint),
    ...section(
      `${MOZILLA_GUIDELINE.title} ${MOZILLA_GUIDELINE.version}`,
      ratings.flatMap(({ profile, meets, deviations }) => [
        `  ${meets ? paint("green", "✓") : paint("yellow", "!")} ${profile}${meets ? "" : `: ${deviations.length} to change`}`,
        ...deviations.flatMap(({ change }) => wrap(onScreen(change), "      ", SCREEN_WIDTH)),
      ]),
      paint,
    ),
    ...section("Findings", findingLines(findings, paint), paint),
  ];
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ["", paint("bold", title), ...lines];
}

function versionLines(
  { version, state, failure, cipherSuites, preference }: VersionSurvey,
  paint: Paint,
): readonly string[] {
  const name = version.padEnd(8);
  switch (state) {
    case "offered":
      return [
        `  ${paint("green", "✓")} ${name}${orderText(preference) ?? ""}`.trimEnd(),
        ...cipherSuites.map(suiteLine),
      ];
    case "refused":
      return [`  ${paint("dim", "–")} ${name}not offered`];
    case "unclear":
      return [
        `  ${paint("yellow", "?")} ${name}unclear`,
        ...wrap(onScreen(failure?.message ?? "No answer"), "      ", SCREEN_WIDTH),
      ];
  }
}

const SUITE_COLUMN = 50;

function suiteLine({ name, keyExchange }: SuiteSurvey): string {
  if (keyExchange === null) return `      ${name}`;
  const { kind, group, bits } = keyExchange;
  const by = kind === "rsa" ? "" : (group ?? (bits === null ? "" : `${bits} bits`));
  return `      ${name.padEnd(SUITE_COLUMN)} ${kind} ${by}`.trimEnd();
}

function orderText(preference: "server" | "client" | null): string | null {
  return preference === null ? null : `${preference}'s order`;
}

/** `name  a, b, c` wrapped, with a remark behind the name on a line of its own where there is one. */
function list(name: string, items: readonly string[], remark: string | null): readonly string[] {
  const text = items.length === 0 ? "none found" : items.join(", ");
  return wrap(
    `${text}${remark === null ? "" : ` (${remark})`}`,
    `  ${name.padEnd(10)}`,
    SCREEN_WIDTH,
  );
}

function certificateLines(survey: AddressSurvey): readonly string[] {
  const types = new Set(leavesOf(survey).map(({ publicKey }) => publicKey.type));
  const several = types.size > 1 ? wrap([...types].join(", "), "  Key types  ", SCREEN_WIDTH) : [];
  return [...several, ...survey.chains.flatMap(chainLines)];
}

/** Sixteen bytes with a colon behind each. */
const HALF_FINGERPRINT = 16 * 3;

function chainLines({ certificates, versions, serverNames }: ChainSurvey): readonly string[] {
  const names = serverNames.map((name) => (name === null ? "no name" : printable(name)));
  const [der] = certificates;
  const parsed = der === undefined ? null : internCertificate(der);
  const asked = `in ${versions.join(", ")} for ${names.join(", ")}`;
  if (parsed?.ok !== true)
    return wrap(`A certificate that cannot be read, ${asked}`, "  ", SCREEN_WIDTH);
  const { subject, publicKey, notAfter } = parsed.value;
  const digits = fingerprint(parsed.value);
  const key = `${publicKey.type} ${publicKey.curve ?? publicKey.bits ?? ""}`.trim();
  return [
    ...wrap(
      `${onScreen(shortName(subject))}: ${key}, ${certificates.length} sent, until ${dateText(notAfter)}`,
      "  ",
      SCREEN_WIDTH,
    ),
    ...wrap(asked, "      ", SCREEN_WIDTH),
    `      SHA-256 ${digits.slice(0, HALF_FINGERPRINT)}`,
    `              ${digits.slice(HALF_FINGERPRINT)}`,
  ];
}

function protocolLines({ alpn }: AddressSurvey): readonly string[] {
  if (alpn.protocols.length === 0) return [];
  return list("ALPN", alpn.protocols, alpn.insists ? "refuses others" : null);
}

function featureLines(features: ServerFeatures): readonly string[] {
  return featureRows(features).flatMap(([verb, what]) => {
    const lead = verb.length < 10 ? `  ${verb.padEnd(10)}` : `  ${verb} `;
    return wrap(what, lead, SCREEN_WIDTH);
  });
}

function toleranceLines({ tolerances }: AddressSurvey, paint: Paint): readonly string[] {
  const words = (wanted: boolean | null): readonly string[] =>
    tolerances
      .filter(({ tolerated }) => tolerated === wanted)
      .map(({ peculiarity }) => peculiarity.replaceAll("-", " "));
  const refused = words(false);
  const unclear = words(null);
  return [
    ...(words(true).length === 0 ? [] : wrap(words(true).join(", "), "  answered  ", SCREEN_WIDTH)),
    ...(refused.length === 0
      ? []
      : wrap(refused.join(", "), "  refused   ", SCREEN_WIDTH).map((line) =>
          paint("yellow", line),
        )),
    ...(unclear.length === 0 ? [] : wrap(unclear.join(", "), "  unclear   ", SCREEN_WIDTH)),
  ];
}

function clientLines({ clients }: AddressSurvey, paint: Paint): readonly string[] {
  return clients.flatMap(({ client, connects, version, cipherSuite, group, failure }) => {
    const title = knownHello(client).title.padEnd(16);
    if (connects === true)
      return wrap(
        [version, cipherSuite, group].filter((part) => part !== null).join(" "),
        `  ${paint("green", "✓")} ${title}`,
        SCREEN_WIDTH + paint("green", "").length,
      );
    const sign = connects === false ? paint("red", "✗") : paint("yellow", "?");
    const [first = "", ...rest] = wrap(
      onScreen(failure?.message ?? "no answer"),
      `    ${title}`,
      SCREEN_WIDTH,
    );
    return [`  ${sign}${first.slice(3)}`, ...rest];
  });
}

const SIGNS: Readonly<Record<Severity, readonly [sign: string, style: Style]>> = {
  critical: ["✗", "red"],
  warning: ["!", "yellow"],
  info: ["·", "dim"],
};

function findingLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  return findings.flatMap(({ code, severity, summary, remedy }) => {
    const [sign, style] = SIGNS[severity];
    return [
      `${paint(style, `  ${sign} ${severity}`)}  ${paint("dim", code)}`,
      ...wrap(onScreen(summary), "    ", SCREEN_WIDTH),
      ...remedy.flatMap((step, index) => {
        const lead = `    ${String(index + 1)}. `;
        const text = onScreen(step);
        return isCommand(text) ? [`${lead}${paint("cyan", text)}`] : wrap(text, lead, SCREEN_WIDTH);
      }),
    ];
  });
}
