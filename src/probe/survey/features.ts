import type { Handshake } from "../handshake.ts";
import { cipherSuiteFacts } from "../tls/cipher-suite-facts.ts";
import { MOST_SUITES } from "../tls/hello-builder.ts";
import { singleHello } from "../tls/single-hello.ts";
import { Version, versionName } from "../tls/versions.ts";
import type { Interview } from "./interview.ts";
import { type ResumptionSurvey13, surveyResumption } from "./resumption.ts";
import type { ServerFeatures } from "./survey-record.ts";

const HEARTBEAT = 0x000f;
/** DEFLATE, and none. */
const COMPRESSION_METHODS = [1, 0];
/** Says that a client has fallen back (RFC 7507). */
const FALLBACK_SIGNAL = 0x5600;

/** What is known about a server before its features are asked for. */
export interface Offered {
  /** Versions from SSL 3.0 that the server takes up, as in hello messages, newest first. */
  readonly versions: readonly number[];
  /** Suites that it takes up in a version. */
  readonly suites: (version: number) => readonly number[];
  /** What became of sessions in TLS 1.3, which is asked for earlier because it takes a while; null without it. */
  readonly resumption13: Promise<ResumptionSurvey13 | null>;
}

/** Finds what a server can do beside agreeing on versions, suites and groups. */
export async function surveyFeatures(
  interview: Interview,
  { versions, suites, resumption13 }: Offered,
): Promise<ServerFeatures> {
  const older = versions.find((version) => version < Version.tls13);
  const [resumed13, resumed, heartbeat, compression, fallbackSignal, encryptThenMac] =
    await Promise.all([
      resumption13,
      older === undefined ? null : surveyResumption(interview, older, suites(older)),
      asksHeartbeat(interview, older, suites),
      asksCompression(interview, older, suites),
      asksFallback(interview, versions, suites),
      asksEncryptThenMac(interview, older, suites),
    ]);
  const usual = resumed13?.handshake ?? null;
  const old = resumed?.handshake ?? null;
  const hello = old?.serverHello ?? null;
  const said = old ?? usual;
  const newest = usual ?? old;
  return {
    secureRenegotiation: hello?.secureRenegotiation ?? null,
    extendedMasterSecret: hello?.extendedMasterSecret ?? null,
    encryptThenMac,
    heartbeat,
    compression,
    fallbackSignal,
    sessionIdentifiers: resumed?.identifiers ?? null,
    sessionTickets: resumed?.tickets ?? null,
    sessionTickets13: resumed13?.tickets ?? null,
    tickets13: usual === null || usual.outcome !== "complete" ? null : usual.tickets.length,
    earlyData:
      usual?.tickets.find(({ maxEarlyData }) => maxEarlyData !== null)?.maxEarlyData ?? null,
    ocspStaple: reachedCertificates(newest) ? newest.ocspStaple !== null : null,
    timestamps: reachedCertificates(newest) ? newest.signedCertificateTimestamps.length : null,
    clientCertificate: !reachedCertificates(said)
      ? null
      : [usual, old].some((handshake) => handshake?.clientCertificateRequested === true)
        ? "requested"
        : "not-requested",
  };
}

function reachedCertificates(handshake: Handshake | null): handshake is Handshake {
  return handshake !== null && handshake.certificates.length > 0;
}

type Suites = Offered["suites"];

async function asksHeartbeat(
  interview: Interview,
  version: number | undefined,
  suites: Suites,
): Promise<boolean | null> {
  if (version === undefined || version < Version.tls10) return null;
  const shape = singleHello({ version, cipherSuites: suites(version) });
  const { extensions, serverHello } = await interview.ask({
    shape: { ...shape, extensions: [...shape.extensions, { type: HEARTBEAT, body: "01" }] },
    until: ["key-exchange"],
  });
  return serverHello === null ? null : extensions.some(({ code }) => code === HEARTBEAT);
}

async function asksCompression(
  interview: Interview,
  version: number | undefined,
  suites: Suites,
): Promise<boolean | null> {
  if (version === undefined) return null;
  const shape = singleHello({ version, cipherSuites: suites(version) });
  const { serverHello } = await interview.ask({
    shape: { ...shape, compressionMethods: COMPRESSION_METHODS },
    until: ["key-exchange"],
  });
  return serverHello === null ? null : serverHello.compression !== "null";
}

/** Only suites with CBC can have it. */
async function asksEncryptThenMac(
  interview: Interview,
  version: number | undefined,
  suites: Suites,
): Promise<boolean | null> {
  if (version === undefined || version < Version.tls10) return null;
  const cbc = suites(version).filter(
    (code) => cipherSuiteFacts(code)?.cipher.endsWith("_CBC") === true,
  );
  if (cbc.length === 0) return null;
  const { serverHello } = await interview.ask({
    shape: singleHello({ version, cipherSuites: cbc }),
    until: ["key-exchange"],
  });
  return serverHello?.encryptThenMac ?? null;
}

/** A server that has a newer version must refuse a hello that says it fell back (RFC 7507 section 3). */
async function asksFallback(
  interview: Interview,
  versions: readonly number[],
  suites: Suites,
): Promise<boolean | null> {
  const [newest, next] = versions.filter((version) => version >= Version.tls10);
  if (newest === undefined || next === undefined || next === Version.tls13) return null;
  const handshake = await interview.ask({
    shape: singleHello({
      version: next,
      cipherSuites: [...suites(next).slice(0, MOST_SUITES - 1), FALLBACK_SIGNAL],
    }),
    until: ["hello"],
  });
  if (handshake.version === versionName(next)) return false;
  return handshake.alert?.description === "inappropriate_fallback" ? true : null;
}
