import type { HandshakeFailure } from "../handshake.ts";
import { isUpgradeScheme } from "../schemes.ts";
import { WIDE_HELLO } from "../tls/hello-shape.ts";
import { Version, versionName } from "../tls/versions.ts";
import { surveyApplicationProtocols } from "./application-protocols.ts";
import { distinctChains } from "./chains.ts";
import { surveyVersion } from "./cipher-suites.ts";
import { surveyClients } from "./clients.ts";
import { surveyFeatures } from "./features.ts";
import { surveyGroups13, surveyGroupsBefore13 } from "./groups.ts";
import { Interview, type InterviewOptions } from "./interview.ts";
import { surveySchemes12, surveySchemes13 } from "./signature-schemes.ts";
import { surveySsl2 } from "./ssl-2.ts";
import type { AddressSurvey, ServerFeatures, VersionSurvey } from "./survey-record.ts";
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
  const [versions, ssl2] = await Promise.all([
    Promise.all(VERSIONS.map((version) => surveyVersion(interview, version))),
    // The dialogs of other protocols lead to TLS alone.
    isUpgradeScheme(endpoint.scheme) ? null : surveySsl2({ ...options, address, port, pace }),
  ]);
  const details = await surveyDetails(interview, versions);
  return {
    address,
    port,
    failure: null,
    connections: interview.connections + (ssl2 === null ? 0 : 1),
    durationMs: performance.now() - start,
    versions: ssl2 === null ? versions : [...versions, ssl2],
    ...details,
    chains: distinctChains(interview.heard),
  };
}

/** Everything that can be asked once the versions and their suites are known. */
async function surveyDetails(
  interview: Interview,
  found: readonly VersionSurvey[],
): Promise<
  Pick<
    AddressSurvey,
    "groups" | "signatureSchemes" | "alpn" | "features" | "tolerances" | "clients"
  >
> {
  const suites = (version: number): readonly number[] =>
    (found.find((survey) => survey.version === versionName(version))?.cipherSuites ?? []).map(
      ({ code }) => code,
    );
  const versions = VERSIONS.filter((version) => suites(version).length > 0);
  const [newest] = versions;
  const tls13 = newest === Version.tls13;
  const older = versions.find((version) => version < Version.tls13);
  if (newest === undefined)
    return {
      groups: [],
      signatureSchemes: [],
      alpn: { protocols: [], insists: false },
      features: UNKNOWN_FEATURES,
      tolerances: [],
      clients: await surveyClients(interview),
    };
  const usual = {
    versions: versions.filter((version) => version >= Version.tls10).slice(0, 2),
    cipherSuites: versions.flatMap(suites).slice(0, 40),
  };
  const [groups, schemes, alpn, features, tolerances, clients] = await Promise.all([
    Promise.all([
      tls13 ? surveyGroups13(interview) : null,
      older === undefined ? null : surveyGroupsBefore13(interview, older, suites(older)),
    ]),
    Promise.all([
      tls13 ? surveySchemes13(interview) : null,
      versions.includes(Version.tls12) ? surveySchemes12(interview, suites(Version.tls12)) : null,
    ]),
    surveyApplicationProtocols(interview),
    surveyFeatures(interview, { versions, suites }),
    usual.versions.length === 0 ? [] : surveyTolerances(interview, usual),
    surveyClients(interview),
  ]);
  return {
    groups: groups.filter((survey) => survey !== null),
    signatureSchemes: schemes.filter((survey) => survey !== null),
    alpn,
    features,
    tolerances,
    clients,
  };
}
