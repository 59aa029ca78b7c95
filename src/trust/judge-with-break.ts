import { internCertificate } from "../x509/certificate-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type Break, findBreak, momentsOf } from "./breaks-at.ts";
import { judge } from "./judge.ts";
import type { Profile } from "./profile.ts";
import { profileOf } from "./profiles.ts";
import type { JudgeInput, Verdict } from "./verdict.ts";

/** What a client makes of a chain now, and when that turns bad. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Null when the chain is refused already, or is never refused. */
  readonly breaks: Break | null;
}

/** A judgement with the time for which it stands, in ms since 1970. */
interface Remembered {
  readonly judgement: Judgement;
  readonly from: number;
  /** First moment at which it may be another one. */
  readonly until: number;
}

const CAPACITY = 8192;

/** Longest time for which a judgement stands, in milliseconds, whatever the dates say. */
const LONGEST = 3_600_000;

const memory = new Map<string, Remembered>();

/**
 * Judges a chain and finds the moment at which that turns bad. The same servers show the same chains again and again,
 * and between two dates of the certificates that are involved nothing changes: an accepted chain is judged anew when
 * such a date has passed, and every hour. Refusals are not remembered, for some of their words contain the time, nor
 * is what rests on revocation lists or responses.
 */
export function judgeWithBreak(input: JudgeInput): Judgement {
  const key = keyOf(input);
  if (key === null) return judgeAnew(input);
  const known = memory.get(key);
  if (known !== undefined && input.at >= known.from && input.at < known.until)
    return known.judgement;
  const judgement = judgeAnew(input);
  memory.delete(key);
  if (!judgement.verdict.accepted) return judgement;
  const next = momentsOf(input).find((moment) => moment > input.at) ?? Number.POSITIVE_INFINITY;
  if (memory.size >= CAPACITY) {
    const oldest = memory.keys().next();
    if (!oldest.done) memory.delete(oldest.value);
  }
  memory.set(key, { judgement, from: input.at, until: Math.min(next, input.at + LONGEST) });
  return judgement;
}

function judgeAnew(input: JudgeInput): Judgement {
  const verdict = judge(input);
  return { verdict, breaks: findBreak(input, verdict) };
}

/** Everything but the time that a judgement depends on; null when it is not to be remembered. */
function keyOf(input: JudgeInput): string | null {
  const { crls = [], ocspResponses = [], renewed } = input;
  if (crls.length > 0 || ocspResponses.length > 0 || renewed !== undefined) return null;
  const parts: (string | number | null)[] = [
    numberOf(input.anchors),
    numberOf(input.rules ?? profileOf(input.profile)),
    input.profile,
    input.nameCheck,
    input.purpose,
    input.version,
    input.cipherSuite,
    input.maxPathLength,
    input.revocation ?? null,
  ];
  for (const der of input.chain) {
    const parsed = internCertificate(der);
    if (!parsed.ok) return null;
    parts.push(parsed.value.sha256);
  }
  // a name is the only part that may hold the separator, so it is the last one
  parts.push(input.host === null ? "-" : `+${input.host}`);
  return parts.join(" ");
}

const numbers = new WeakMap<readonly Certificate[] | Profile, number>();
let lastNumber = 0;

/** One number for each object, which stands for its identity in a key. */
function numberOf(object: readonly Certificate[] | Profile): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(object, number);
  }
  return number;
}
