import { hash } from "node:crypto";
import type { assess } from "../diagnosis/assess.ts";
import type { Assessment, NamedTruststore, Thresholds } from "../diagnosis/assessment.ts";
import type { HistoryFacts } from "../diagnosis/comparison/history-facts.ts";
import { unusableIdentityFinding } from "../diagnosis/estate/not-judged.ts";
import { type Threshold, thresholdMilliseconds } from "../estate/duration.ts";
import type { Estate, EstateEndpoint } from "../estate/estate.ts";
import { hostPort } from "../diagnosis/words.ts";
import type { Handshake } from "../probe/handshake.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { LoadedClient } from "./loaded-client.ts";
import type { LinkCondition, LinkVerdict, SentCertificate } from "./link-verdict.ts";
import type { Observation } from "./observation.ts";

/** Circumstances of judging. */
export interface JudgeContext {
  readonly assess: typeof assess;
  readonly thresholds: Estate["thresholds"];
  /** Every truststore of the estate; the same array from one call to the next. */
  readonly truststores: readonly NamedTruststore[];
  /** What is known of the past of an address of the endpoint. @default nothing */
  readonly pastOf?: (handshake: Handshake) => HistoryFacts | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The endpoint of the link; its system and where it is dialled go into remedies. @default not known */
  readonly endpoint?:
    | (Pick<EstateEndpoint, "system" | "connect" | "target"> &
        Partial<Pick<EstateEndpoint, "expect">>)
    | undefined;
}

const RANK: Record<LinkCondition, number> = { broken: 0, warning: 1, ok: 2, pending: 3 };

/** What one client makes of each address of an endpoint; empty where its own certificate is not usable. */
export function assessLink(
  client: LoadedClient,
  observation: Observation,
  context: JudgeContext,
): readonly Assessment[] {
  if (client.identity !== null && !client.identity.ok) return [];
  const identity = client.identity?.value.id ?? null;
  const seen = observation.handshakes
    .filter((observed) => observed.identity === identity)
    .map(({ handshake }) => handshake);
  return seen.map((handshake) => {
    const own = ownOf(client, handshake, observation);
    return assessed(client, handshake, { ...context, own, addresses: seen });
  });
}

/** The address that counts for a link: the one that is worst, or breaks first; undefined where there is none. */
export function worstAssessment(assessments: readonly Assessment[]): Assessment | undefined {
  return assessments.toSorted(
    (a, b) =>
      RANK[conditionOf(a)] - RANK[conditionOf(b)] ||
      (a.breaksAt ?? Number.POSITIVE_INFINITY) - (b.breaksAt ?? Number.POSITIVE_INFINITY),
  )[0];
}

/** Judges what was observed at an endpoint as one client would, and lets the worst address count. */
export function judgeLink(
  client: LoadedClient,
  observation: Observation,
  context: JudgeContext,
): LinkVerdict {
  if (client.identity !== null && !client.identity.ok)
    return notJudged(client.party.name, client.identity.error);
  const assessments = assessLink(client, observation, context);
  const worst = worstAssessment(assessments);
  if (worst === undefined)
    return notJudged(client.party.name, "no handshake was made with its certificate");
  return {
    state: conditionOf(worst),
    ok: worst.ok,
    trusted: worst.verdict?.trusted ?? null,
    nameMatch: worst.verdict?.nameMatch ?? null,
    findings: worst.findings,
    breaksAt: worst.ok ? earliest(assessments) : null,
    addresses: assessments.map(({ handshake }) => ({
      address: handshake.address,
      outcome: handshake.outcome,
      version: handshake.version,
      cipherSuite: handshake.cipherSuite,
      group: handshake.group,
      failure: handshake.failure?.code ?? null,
    })),
    chain: sentCertificates(worst.handshake),
    ...anchorsOf(assessments),
  };
}

/** A link breaks when the first of its addresses does. */
function earliest(assessments: readonly Assessment[]): number | null {
  const times = assessments.flatMap(({ breaksAt }) => breaksAt ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** What accepted paths take from the client's stores; left out where there is nothing. */
function anchorsOf(
  assessments: readonly Assessment[],
): Pick<LinkVerdict, "anchors" | "storeIssuers"> {
  const accepted = assessments.filter(({ verdict }) => verdict?.trusted === true);
  const anchors = new Set(accepted.flatMap(({ verdict }) => verdict?.path.at(-1)?.sha256 ?? []));
  const supplied = new Set(
    accepted.flatMap(({ verdict, handshake }) => {
      const between = verdict?.path.slice(1, -1) ?? [];
      if (between.length === 0) return [];
      const sent = new Set(sentCertificates(handshake).map(({ sha256 }) => sha256));
      return between.flatMap(({ sha256 }) => (sent.has(sha256) ? [] : sha256));
    }),
  );
  return {
    ...(anchors.size === 0 ? {} : { anchors: [...anchors] }),
    ...(supplied.size === 0 ? {} : { storeIssuers: [...supplied] }),
  };
}

/** What the same address answered to this client's own hello; null where that was not asked. */
function ownOf(
  { party }: LoadedClient,
  { address }: Handshake,
  { own = [] }: Observation,
): Handshake | null {
  const found = own.find(
    ({ client, handshake }) => client === party.name && handshake.address === address,
  );
  return found?.handshake ?? null;
}

function assessed(
  client: LoadedClient,
  handshake: Handshake,
  context: JudgeContext & {
    readonly own: Handshake | null;
    readonly addresses: readonly Handshake[];
  },
): Assessment {
  const { thresholds, truststores, at, own, endpoint, addresses, pastOf } = context;
  return context.assess(client.party, handshake, {
    at,
    thresholds: thresholdsFor(handshake, thresholds),
    otherTruststores: truststores,
    own,
    addresses,
    ...(endpoint?.expect?.addresses === undefined
      ? {}
      : { expectedAddresses: endpoint.expect.addresses }),
    history: pastOf?.(handshake) ?? null,
    serverSystem: endpoint?.system ?? null,
    connect: connectText(endpoint),
  });
}

/** As `--connect` takes it; null where the host of the endpoint is dialled. */
function connectText(endpoint: JudgeContext["endpoint"]): string | null {
  const connect = endpoint?.connect ?? null;
  if (endpoint === undefined || connect === null) return null;
  return hostPort({ host: connect.host, port: connect.port ?? endpoint.target.port });
}

/** The thresholds of an estate for what a server sends: a share of the lifetime is a share of the leaf's. */
export function thresholdsFor(
  { certificates: [leaf] }: Handshake,
  { warning, critical }: Estate["thresholds"],
): Thresholds {
  const parsed = leaf === undefined ? null : internCertificate(leaf);
  const lifetime = parsed?.ok === true ? parsed.value.notAfter - parsed.value.notBefore : 0;
  const milliseconds = (threshold: Threshold): number => thresholdMilliseconds(threshold, lifetime);
  return { warning: milliseconds(warning), critical: milliseconds(critical) };
}

// A link that works is not broken, however soon it will be: the severity of the finding says how soon.
function conditionOf({ ok, findings }: Assessment): LinkCondition {
  if (!ok) return "broken";
  return findings.some(({ severity }) => severity !== "info") ? "warning" : "ok";
}

function notJudged(client: string, cause: string): LinkVerdict {
  return {
    state: "broken",
    ok: null,
    trusted: null,
    nameMatch: null,
    findings: [unusableIdentityFinding(client, cause)],
    breaksAt: null,
    addresses: [],
    chain: [],
  };
}

/** Most certificates of a chain that are kept with a state; the record of the handshake has them all. */
const MAX_CHAIN = 16;

/** The certificates of a handshake in the order sent, as far as they can be read. */
export function sentCertificates({ certificates }: Handshake): readonly SentCertificate[] {
  return certificates.slice(0, MAX_CHAIN).map((der) => {
    const parsed = internCertificate(der);
    if (!parsed.ok) return { ...UNREADABLE, sha256: hash("sha256", der, "hex") };
    const { sha256, subject, issuer, serialNumber, notBefore, notAfter } = parsed.value;
    return {
      sha256,
      subject: subject.text,
      issuer: issuer.text,
      serial: serialNumber,
      notBefore,
      notAfter,
    };
  });
}

const UNREADABLE = {
  subject: null,
  issuer: null,
  serial: null,
  notBefore: null,
  notAfter: null,
} as const;
