import type { Assessment } from "../../diagnosis/assessment.ts";
import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import { exposition } from "../exposition.ts";
import type { MetricFamily } from "../metric-catalogue.ts";
import type { FamilySamples, Sample } from "../sample.ts";
import { BLACKBOX } from "./blackbox-families.ts";
import { dnsNames, goName } from "./go-names.ts";

/** What a probe gave. */
export interface ProbeResult {
  /** Whether the client can use the target, and the answer to the request, where one was made, is right. */
  readonly success: boolean;
  /** Milliseconds. */
  readonly duration: number;
  readonly handshake: Handshake;
  readonly assessment: Assessment;
}

const VERSIONS: ReadonlyMap<string, string> = new Map([
  ["TLSv1", "TLS 1.0"],
  ["TLSv1.0", "TLS 1.0"],
  ["TLSv1.1", "TLS 1.1"],
  ["TLSv1.2", "TLS 1.2"],
  ["TLSv1.3", "TLS 1.3"],
]);

/** Longest text of a certificate in a label. */
const MAX_TEXT = 1024;

/** The result in the text format. What has no value has no sample. */
export function probeExposition(result: ProbeResult): string {
  return [...exposition(families(result))].join("");
}

function families({
  success,
  duration,
  handshake,
  assessment,
}: ProbeResult): readonly FamilySamples[] {
  const { phases, address, request } = handshake;
  const sent = handshake.certificates.flatMap((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? [parsed.value] : [];
  });
  const accepted = assessment.verdict?.accepted === true && handshake.outcome === "complete";
  const path = accepted ? (assessment.verdict?.path ?? []) : [];
  const seconds = (milliseconds: number | null): number | null =>
    milliseconds === null ? null : milliseconds / 1000;
  return [
    one(BLACKBOX.success, success ? 1 : 0),
    one(BLACKBOX.duration, duration / 1000),
    one(BLACKBOX.dnsLookup, seconds(phases.dns)),
    one(BLACKBOX.ipProtocol, address === null ? null : address.includes(":") ? 6 : 4),
    one(BLACKBOX.ipAddressHash, address === null ? null : addressHash(address)),
    one(BLACKBOX.httpSsl, request === null || handshake.outcome !== "complete" ? null : 1),
    one(BLACKBOX.httpStatus, request?.status ?? null),
    {
      family: BLACKBOX.httpDuration,
      samples: request === null ? [] : phaseSamples(handshake),
    },
    one(BLACKBOX.earliestExpiry, earliest(sent)),
    one(BLACKBOX.lastChainExpiry, earliest(path)),
    { family: BLACKBOX.lastChainInfo, samples: leafSamples(sent) },
    info(BLACKBOX.tlsVersion, handshake.version === null ? null : [versionText(handshake)]),
    info(BLACKBOX.tlsCipher, handshake.cipherSuite === null ? null : [handshake.cipherSuite]),
    one(BLACKBOX.trusted, whether(assessment.verdict?.trusted ?? null)),
    one(BLACKBOX.nameMatch, whether(assessment.verdict?.nameMatch ?? null)),
    one(BLACKBOX.breaks, seconds(assessment.breaksAt)),
    {
      family: BLACKBOX.finding,
      samples: [
        ...new Map(assessment.findings.map((finding) => [finding.code, finding])).values(),
      ].map(({ code, severity }) => ({ labels: [code, severity], value: 1 })),
    },
    info(BLACKBOX.failure, handshake.failure === null ? null : [handshake.failure.code]),
  ];
}

function one(family: MetricFamily, value: number | null): FamilySamples {
  return { family, samples: value === null ? [] : [{ labels: [], value }] };
}

function info(family: MetricFamily, labels: readonly string[] | null): FamilySamples {
  return { family, samples: labels === null ? [] : [{ labels, value: 1 }] };
}

function whether(value: boolean | null): number | null {
  return value === null ? null : value ? 1 : 0;
}

function versionText({ version }: Handshake): string {
  return VERSIONS.get(version ?? "") ?? "unknown";
}

/** blackbox_exporter's phases: ours are cut at other places, and the handshake is one of theirs. */
function phaseSamples({ phases, request }: Handshake): readonly Sample[] {
  const { dns, connect, hello, complete } = phases;
  const tls = hello === null && complete === null ? null : (hello ?? 0) + (complete ?? 0);
  const times: readonly (readonly [string, number | null])[] = [
    ["resolve", dns],
    ["connect", connect],
    ["tls", tls],
    ["processing", request?.timeMs ?? null],
  ];
  return times.flatMap(([phase, time]) =>
    time === null ? [] : [{ labels: [phase], value: time / 1000 }],
  );
}

function leafSamples([leaf]: readonly Certificate[]): readonly Sample[] {
  if (leaf === undefined) return [];
  const labels = [
    leaf.sha256,
    goName(leaf.subject),
    goName(leaf.issuer),
    dnsNames(leaf),
    leaf.serialNumber,
  ].map((text) => text.slice(0, MAX_TEXT));
  return [{ labels, value: 1 }];
}

function earliest(certificates: readonly Certificate[]): number | null {
  if (certificates.length === 0) return null;
  return certificates.reduce((least, { notAfter }) => Math.min(least, notAfter), Infinity) / 1000;
}

/** FNV-1a of 32 bits over the text of an address, as blackbox_exporter computes it. */
export function addressHash(address: string): number {
  let hash = 0x811c9dc5;
  for (const octet of Buffer.from(address, "utf8"))
    hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash;
}
