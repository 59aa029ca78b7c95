import { internCertificate } from "../x509/certificate-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import { canonicalName } from "../x509/name.ts";
import { judge } from "./judge.ts";
import type { Reason } from "./reason.ts";
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
  if (!verdict.accepted) return null;
  const turns = turnsOf(input);
  for (const moment of momentsIn(turns)) {
    if (moment <= input.at) continue;
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

/** A certificate ends with its last moment for some clients and behind it for others, which count in ms or seconds. */
function momentsAround(time: number): readonly number[] {
  const second = Math.floor(time / 1000) * 1000;
  return [second, time, time + 1, second + 1000];
}

/** Every date of every certificate that a path from the leaf could pass, whatever else is wrong with it. */
function turnsOf({ chain, anchors }: JudgeInput): readonly Turn[] {
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
  return [...involved.values()].flatMap((certificate): readonly Turn[] => [
    { time: certificate.notBefore, certificate },
    { time: certificate.notAfter, certificate },
  ]);
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
