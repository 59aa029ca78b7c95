import type { Handshake, HandshakeFailure } from "../handshake.ts";
import { isUpgradeScheme } from "../schemes.ts";
import { GROUPS } from "../tls/groups.ts";
import { WIDE_HELLO } from "../tls/hello-shape.ts";
import { Version, versionName } from "../tls/versions.ts";
import { surveyApplicationProtocols } from "./application-protocols.ts";
import { distinctChains } from "./chains.ts";
import { surveyVersion } from "./cipher-suites.ts";
import { surveyClients } from "./clients.ts";
import { surveyFeatures } from "./features.ts";
import { surveyGroups13, surveyGroupsBefore13 } from "./groups.ts";
import { Interview, type InterviewOptions } from "./interview.ts";
import { type ResumptionSurvey13, surveyResumption13 } from "./resumption.ts";
import { surveySchemes12, surveySchemes13 } from "./signature-schemes.ts";
import { surveySsl2 } from "./ssl-2.ts";
import type {
  AddressSurvey,
  GroupSurvey,
  SchemeSurvey,
  ServerFeatures,
  VersionSurvey,
} from "./survey-record.ts";
import { surveyTolerances } from "./tolerances.ts";

/** One address to be surveyed. */
export interface AddressOptions extends InterviewOptions {
  readonly address: string;
}

const UNKNOWN_FEATURES: ServerFeatures = {
  secureRenegotiation: null,
  extendedMasterSecret: null,
  encryptThenMac: null,
  heartbeat: null,
  compression: null,
  fallbackSignal: null,
  sessionIdentifiers: null,
  sessionTickets: null,
  sessionTickets13: null,
  tickets13: null,
  earlyData: null,
  ocspStaple: null,
  timestamps: null,
  clientCertificate: null,
};

/** Versions that are asked for by suites, as in hello messages, newest first. */
const VERSIONS = [
  Version.tls13,
  Version.tls12,
  Version.tls11,
  Version.tls10,
  Version.ssl30,
] as const;

/** Failures after which no other question would fare better. */
const HOPELESS: ReadonlySet<HandshakeFailure["code"]> = new Set<HandshakeFailure["code"]>([
  "dns-failed",
  "connect-refused",
  "connect-unreachable",
  "connect-failed",
  "timeout-connect",
  "timeout-proxy",
  "timeout-dialog",
  "proxy-unreachable",
  "proxy-authentication",
  "proxy-refused",
  "proxy-malformed",
  "wrong-protocol",
  "upgrade-refused",
  "not-tls",
  "cancelled",
]);

/** A survey without answers. */
export function unreachedAddress(
  address: string | null,
  port: number,
  failure: HandshakeFailure,
): AddressSurvey {
  return {
    address,
    port,
    failure,
    connections: 0,
    durationMs: 0,
    versions: [],
    groups: [],
    signatureSchemes: [],
    alpn: { protocols: [], insists: false },
    features: UNKNOWN_FEATURES,
    tolerances: [],
    clients: [],
    chains: [],
  };
}

/** Asks one address everything. Never rejects. */
export async function surveyAddress(options: AddressOptions): Promise<AddressSurvey> {
  const start = performance.now();
  const { address, endpoint, port = endpoint.port, pace } = options;
  const interview = new Interview(options);
  const first = await interview.ask({ shape: WIDE_HELLO });
  const { failure } = first;
  if (failure !== null && first.version === null && HOPELESS.has(failure.code))
    return {
      ...unreachedAddress(address, port, failure),
      connections: interview.connections,
      durationMs: performance.now() - start,
    };
  const found = new Map(VERSIONS.map((version) => [version, surveyVersion(interview, version)]));
  const resumption13 = surveyTicketsOf13(interview, first, found.get(Version.tls13));
  const [versions, ssl2, clients, ofTls13, ofOlder, rest] = await Promise.all([
    Promise.all(found.values()),
    // The dialogs of other protocols lead to TLS alone.
    isUpgradeScheme(endpoint.scheme) ? null : surveySsl2({ ...options, address, port, pace }),
    surveyClients(interview),
    found.get(Version.tls13)?.then((survey) => surveyTls13(interview, survey)),
    found.get(Version.tls12)?.then((survey) => surveyTls12(interview, survey)),
    Promise.all(found.values()).then((surveys) => surveyRest(interview, surveys, resumption13)),
  ]);
  const groups = [ofTls13?.groups, ofOlder?.groups ?? rest.groups];
  const schemes = [ofTls13?.schemes, ofOlder?.schemes];
  return {
    address,
    port,
    failure: null,
    connections: interview.connections + (ssl2 === null ? 0 : 1),
    durationMs: performance.now() - start,
    versions: ssl2 === null ? versions : [...versions, ssl2],
    groups: groups.filter(isPresent),
    signatureSchemes: schemes.filter(isPresent),
    alpn: rest.alpn,
    features: rest.features,
    tolerances: rest.tolerances,
    clients,
    chains: distinctChains(interview.heard),
  };
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** Groups and schemes of one version. */
interface VersionDetails {
  readonly groups: GroupSurvey | null;
  readonly schemes: SchemeSurvey | null;
}

const suitesOf = ({ cipherSuites }: VersionSurvey): readonly number[] =>
  cipherSuites.map(({ code }) => code);

async function surveyTls13(
  interview: Interview,
  survey: VersionSurvey,
): Promise<VersionDetails | null> {
  if (survey.cipherSuites.length === 0) return null;
  const [groups, schemes] = await Promise.all([
    surveyGroups13(interview),
    surveySchemes13(interview),
  ]);
  return { groups, schemes };
}

async function surveyTls12(
  interview: Interview,
  survey: VersionSurvey,
): Promise<VersionDetails | null> {
  if (survey.cipherSuites.length === 0) return null;
  const [groups, schemes] = await Promise.all([
    surveyGroupsBefore13(interview, Version.tls12, suitesOf(survey)),
    surveySchemes12(interview, suitesOf(survey)),
  ]);
  return { groups, schemes };
}

/** Tickets come some time after a handshake: a server that is known to speak TLS 1.3 is asked for them at once. */
async function surveyTicketsOf13(
  interview: Interview,
  first: Handshake,
  tls13: Promise<VersionSurvey> | undefined,
): Promise<ResumptionSurvey13 | null> {
  const known = first.version === "TLSv1.3" && first.outcome === "complete";
  if (!known && ((await tls13)?.cipherSuites.length ?? 0) === 0) return null;
  return surveyResumption13(interview, GROUPS.find(({ name }) => name === first.group)?.code);
}

/** What can be asked once all versions and their suites are known. */
async function surveyRest(
  interview: Interview,
  found: readonly VersionSurvey[],
  resumption13: Promise<ResumptionSurvey13 | null>,
): Promise<
  Pick<AddressSurvey, "alpn" | "features" | "tolerances"> & { readonly groups: GroupSurvey | null }
> {
  const suites = (version: number): readonly number[] => {
    const survey = found.find((each) => each.version === versionName(version));
    return survey === undefined ? [] : suitesOf(survey);
  };
  const versions = VERSIONS.filter((version) => suites(version).length > 0);
  if (versions.length === 0)
    return {
      groups: null,
      alpn: { protocols: [], insists: false },
      features: UNKNOWN_FEATURES,
      tolerances: [],
    };
  const older = versions.find((version) => version < Version.tls13);
  const usual = {
    versions: versions.filter((version) => version >= Version.tls10).slice(0, 2),
    cipherSuites: versions.flatMap(suites).slice(0, 40),
  };
  const [groups, alpn, features, tolerances] = await Promise.all([
    older === undefined || older === Version.tls12
      ? null
      : surveyGroupsBefore13(interview, older, suites(older)),
    usual.versions.length === 0
      ? { protocols: [], insists: false }
      : surveyApplicationProtocols(interview, usual),
    surveyFeatures(interview, { versions, suites, resumption13 }),
    usual.versions.length === 0 ? [] : surveyTolerances(interview, usual),
  ]);
  return { groups, alpn, features, tolerances };
}
