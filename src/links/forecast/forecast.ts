import type { Assessment } from "../../diagnosis/assessment.ts";
import type { Finding, Severity } from "../../diagnosis/finding.ts";
import { thresholdMilliseconds } from "../../estate/duration.ts";
import type { Estate, EstateLink } from "../../estate/estate.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import { judgeState } from "../changes/judge-state.ts";
import { type Surroundings, World } from "../changes/world.ts";
import { type Cause, causesOf } from "./cause.ts";
import { type Work, workId, WorkList } from "./work.ts";

/** What lies ahead of one link. */
export interface LinkForecast extends EstateLink {
  /** `unknown`: nothing can be foretold, because the endpoint or the client's own certificate could not be had. */
  readonly state: "works" | "broken" | "unknown";
  /** When it breaks, ms since 1970, however far away; null when it never does, or does not work now. */
  readonly breaksAt: number | null;
  /** The first cause and, up to the end of the forecast, those behind it. */
  readonly causes: readonly Cause[];
  /** What is wrong now; null where it works or is unknown. */
  readonly headline: Finding | null;
  /** Why it is unknown, in one sentence. */
  readonly why: string | null;
}

/** When the links of an estate break, and what keeps them from it. */
export interface Forecast {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Up to when, ms since 1970; later breaks are no work yet. */
  readonly until: number;
  /** Every link, in the order of the estate. */
  readonly links: readonly LinkForecast[];
  /** The most urgent first. */
  readonly works: readonly Work[];
}

/** What a forecast is made from. */
export interface ForecastInput extends Surroundings {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** See Forecast. */
  readonly until: number;
}

/** Makes a forecast in one go. Pure: everything that it depends on is given. */
export function forecast(input: ForecastInput): Forecast {
  const run = forecastSteps(input);
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
  }
}

/** The same link by link: it yields how many are judged, so that a caller can let others have their turn. */
export function* forecastSteps(input: ForecastInput): Generator<number, Forecast, undefined> {
  const { estate, at, until } = input;
  const world = new World(input, []);
  // whatever breaks within the forecast gets its finding, with the steps of the repair
  const span = { kind: "duration", milliseconds: Math.max(0, until - at) } as const;
  const moment = { estate: { ...estate, thresholds: { warning: span, critical: span } }, at };
  const endpoints = new Map(estate.endpoints.map((each) => [each.name, each]));
  const works = new WorkList();
  const links: LinkForecast[] = [];
  for (const link of estate.links) {
    const outcome = judgeState(world, link, 0n, moment);
    const client = world.client(link.client, 0n);
    if (outcome.kind === "unknown" || client === null) {
      const why = outcome.kind === "unknown" ? outcome.why : "The estate has no such client";
      links.push({ ...link, ...NOTHING, state: "unknown", why });
    } else if (outcome.verdict.ok !== true) {
      const [headline] = outcome.verdict.findings;
      const isJudged = outcome.verdict.trusted !== null;
      links.push({
        ...link,
        ...NOTHING,
        state: isJudged ? "broken" : "unknown",
        headline: isJudged ? (headline ?? null) : null,
        why: isJudged ? null : (headline?.summary ?? "It cannot be judged"),
      });
    } else {
      const { assessments } = outcome;
      const causes = distinct(
        assessments.flatMap((each) => causesOf(each, client, input)),
        until,
      );
      const [first] = causes;
      const limits = limitsOf(assessments, estate);
      const labels = endpoints.get(link.endpoint)?.labels ?? {};
      for (const cause of causes)
        if (cause.at <= until)
          works.add({
            link,
            cause,
            severity: severityOf(cause.at - at, limits),
            before: cause === first || first === undefined ? null : first,
            finding: cause === first ? findingFor(cause, outcome.verdict.findings) : null,
            labels,
          });
      const breaksAt = first?.at ?? null;
      links.push({ ...link, ...NOTHING, state: "works", breaksAt, causes });
    }
    yield links.length;
  }
  return { at, until, links, works: works.finish() };
}

const NOTHING = { breaksAt: null, causes: [], headline: null, why: null } as const;

/** Each certificate in each role once, also where several addresses show it; beyond the end only the first of all. */
function distinct(causes: readonly Cause[], until: number): readonly Cause[] {
  const found = new Map<string, Cause>();
  for (const cause of causes) {
    const id = workId(cause);
    const before = found.get(id);
    if (before === undefined || cause.at < before.at) found.set(id, cause);
  }
  return [...found.values()]
    .toSorted((a, b) => a.at - b.at)
    .filter((cause, index) => index === 0 || cause.at <= until);
}

interface Limits {
  readonly warning: number;
  readonly critical: number;
}

/** A share of the lifetime is a share of the shortest one among the servers' own certificates. */
function limitsOf(assessments: readonly Assessment[], { thresholds }: Estate): Limits {
  const lifetimes = assessments.flatMap(
    ({
      handshake: {
        certificates: [leaf],
      },
    }) => {
      const parsed = leaf === undefined ? null : internCertificate(leaf);
      return parsed?.ok === true ? [parsed.value.notAfter - parsed.value.notBefore] : [];
    },
  );
  const lifetime = lifetimes.length === 0 ? 0 : Math.min(...lifetimes);
  return {
    warning: thresholdMilliseconds(thresholds.warning, lifetime),
    critical: thresholdMilliseconds(thresholds.critical, lifetime),
  };
}

const severityOf = (left: number, { warning, critical }: Limits): Severity =>
  left <= critical ? "critical" : left <= warning ? "warning" : "info";

function findingFor({ certificate }: Cause, findings: readonly Finding[]): Finding | null {
  return (
    findings.find(
      ({ code, evidence }) =>
        /(?:^|-|\.)expiring$/.test(code) && evidence.certificates.includes(certificate.sha256),
    ) ?? null
  );
}
