import { internCertificate } from "../x509/certificate-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import { canonicalName } from "../x509/name.ts";
import { judge } from "./judge.ts";
import type { Reason } from "./reason.ts";
import { asRenewed, NO_END } from "./renewed.ts";
import type { JudgeInput, Verdict } from "./verdict.ts";

/** When a verdict turns bad, and why. */
export interface Break {
  /** The date that does it, ms since 1970: mostly the end of a certificate, the last moment of its validity. */
  readonly time: number;
  /** First moment at which the client refuses, ms since 1970; `time` itself or the smallest step behind it. */
  readonly badFrom: number;
  /** The certificate whose date it is. */
  readonly certificate: Certificate;
  /** What the client says from then on; null when the name alone is refused. */
  readonly reason: Reason | null;
}

/** One date of one certificate. */
interface Turn {
  readonly time: number;
  readonly certificate: Certificate;
}

/** Certificates whose dates are looked at; the rest of a hostile collection is left aside. */
const MAX_CERTIFICATES = 64;

/** Lists and responses are renewed long before certificates end: those of today say nothing about later. */
const WITHOUT_REVOCATION = { crls: [], ocspResponses: [], revocation: "none" } as const;

/**
 * The first moment at which an accepted chain would be refused by the same client; null when that never comes.
 *
 * Nothing but dates changes with time, so the same judge is asked at every date of every certificate on every path that
 * could be used: ends, and beginnings too, because a client may prefer a certificate that has become valid. A path that
 * another one can stand in for does not break anything.
 */
export function findBreak(input: JudgeInput, verdict: Verdict): Break | null {
  return verdict.accepted ? firstBreak(input, input.at, Number.POSITIVE_INFINITY) : null;
}

/** Most breaks of one chain that are told: more certificates are on no path. */
const MAX_BREAKS = 16;

/**
 * Every break up to a moment, in order: the first one as it comes, each further one as it would come if the certificates
 * behind the earlier ones were renewed in time. So each is a piece of work of its own, and none is told that the others
 * take care of.
 * @param first what {@link findBreak} found for the same question; it stands for the question in a memory
 * @param until ms since 1970
 */
export function breaksUntil(input: JudgeInput, first: Break, until: number): readonly Break[] {
  const before = memory.get(first);
  if (before?.until === until) return before.breaks;
  const breaks = findBreaks(input, first, until);
  memory.set(first, { until, breaks });
  return breaks;
}

/** Clients with the same rules and anchors share their judgements, and with them what comes after. */
const memory = new WeakMap<Break, { readonly until: number; readonly breaks: readonly Break[] }>();

function findBreaks(input: JudgeInput, first: Break, until: number): readonly Break[] {
  const breaks: Break[] = [];
  const renewed = new Set<string>();
  for (let next: Break | null = first; next !== null && next.time <= until;) {
    // a client that refuses for another reason than a date is not helped by a renewal
    if (renewed.has(next.certificate.sha256) || breaks.length === MAX_BREAKS) break;
    breaks.push(next);
    renewed.add(next.certificate.sha256);
    next = firstBreak({ ...input, renewed: new Set(renewed) }, next.badFrom - 1, until);
  }
  return breaks;
}

/** The first moment after `from`, up to `until`, at which an accepted chain is refused. */
function firstBreak(input: JudgeInput, from: number, until: number): Break | null {
  const turns = turnsOf(input);
  for (const moment of momentsIn(turns)) {
    if (moment <= from) continue;
    if (moment > until + MOMENT) break;
    const then = judge({ ...input, at: moment, ...WITHOUT_REVOCATION });
    if (then.accepted || then.trusted === null) continue;
    const turn = turnOf(moment, turns, then.reason);
    if (turn !== null) return { ...turn, badFrom: moment, reason: then.reason };
  }
  return null;
}

/** The moments at which a verdict about a chain may change, in order: ms since 1970, around every date of {@link findBreak}. */
export function momentsOf(input: JudgeInput): readonly number[] {
  return momentsIn(turnsOf(input));
}

function momentsIn(turns: readonly Turn[]): readonly number[] {
  const moments = new Set(turns.flatMap(({ time }) => momentsAround(time)));
  return [...moments].toSorted((a, b) => a - b);
}

/** Farthest moment around a date, in milliseconds. */
const MOMENT = 1000;

/** A certificate ends with its last moment for some clients and behind it for others, which count in ms or seconds. */
function momentsAround(time: number): readonly number[] {
  const second = Math.floor(time / 1000) * 1000;
  return [second, time, time + 1, second + MOMENT];
}

/** Every date of every certificate that a path from the leaf could pass, whatever else is wrong with it. */
function turnsOf({ chain, anchors, renewed }: JudgeInput): readonly Turn[] {
  const sent = chain.flatMap((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? [parsed.value] : [];
  });
  const bySubject = Map.groupBy([...sent, ...anchors], ({ subject }) =>
    canonicalName(subject, "openssl"),
  );
  const involved = new Map(sent.slice(0, 1).map((leaf) => [leaf.sha256, leaf]));
  for (const certificate of involved.values())
    for (const issuer of bySubject.get(canonicalName(certificate.issuer, "openssl")) ?? [])
      if (involved.size < MAX_CERTIFICATES) involved.set(issuer.sha256, issuer);
  const turns = [...involved.values()].flatMap((certificate): readonly Turn[] => {
    const { notAfter } = renewed === undefined ? certificate : asRenewed(certificate, renewed);
    return [
      { time: certificate.notBefore, certificate },
      { time: notAfter, certificate },
    ];
  });
  // what never ends has no moment behind its end
  return turns.filter(({ time }) => time < NO_END);
}

/** The date behind a moment: the one that the client complains about, else the nearest. */
function turnOf(moment: number, turns: readonly Turn[], reason: Reason | null): Turn | null {
  const near = turns.filter(({ time }) => momentsAround(time).includes(moment));
  return (
    near.find(({ certificate }) => certificate.sha256 === reason?.certificate) ??
    near.toSorted((a, b) => b.time - a.time)[0] ??
    null
  );
}
