import { hash } from "node:crypto";
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

/** Entries of a memory. */
const CAPACITY = 16_384;

/** Longest time for which an answer stands, in milliseconds, whatever the dates say. */
const LONGEST = 3_600_000;

/** Answers to the same question, each with the time (ms since 1970) for which it stands; the oldest leaves first. */
class Memory<T> {
  readonly #entries = new Map<string, { readonly answer: T; from: number; until: number }>();

  recall(key: string, at: number): T | undefined {
    const known = this.#entries.get(key);
    return known !== undefined && at >= known.from && at < known.until ? known.answer : undefined;
  }

  keep(key: string, input: JudgeInput, answer: T): void {
    const { at } = input;
    const next = momentsOf(input).find((moment) => moment > at) ?? Number.POSITIVE_INFINITY;
    this.#entries.delete(key);
    const oldest = this.#entries.size >= CAPACITY ? this.#entries.keys().next() : null;
    if (oldest?.done === false) this.#entries.delete(oldest.value);
    this.#entries.set(key, { answer, from: at, until: Math.min(next, at + LONGEST) });
  }
}

const judgements = new Memory<Judgement>();
const verdicts = new Memory<Verdict>();

/**
 * Judges a chain and finds the moment at which that turns bad. The same servers show the same chains again and again, to
 * clients with the same anchors, and between two dates of the certificates that are involved nothing changes: an accepted
 * chain is judged anew when such a date has passed, and every hour. Refusals are not remembered, for some of their words
 * contain the time, nor is what rests on revocation lists or responses.
 */
export function judgeWithBreak(input: JudgeInput): Judgement {
  const key = keyOf(input);
  const known = key === null ? undefined : judgements.recall(key, input.at);
  if (known !== undefined) return known;
  const verdict = judge(input);
  const judgement = { verdict, breaks: findBreak(input, verdict) };
  if (key !== null && verdict.accepted) judgements.keep(key, input, judgement);
  return judgement;
}

/** As `judge`, with the memory of {@link judgeWithBreak}: for whoever does not ask when the verdict turns bad. */
export function judgeOnce(input: JudgeInput): Verdict {
  const key = keyOf(input);
  if (key === null) return judge(input);
  const known = judgements.recall(key, input.at)?.verdict ?? verdicts.recall(key, input.at);
  if (known !== undefined) return known;
  const verdict = judge(input);
  if (verdict.accepted) verdicts.keep(key, input, verdict);
  return verdict;
}

/** Everything but the time that a judgement depends on; null when it is not to be remembered. */
function keyOf(input: JudgeInput): string | null {
  const { crls = [], ocspResponses = [], renewed } = input;
  if (crls.length > 0 || ocspResponses.length > 0 || renewed !== undefined) return null;
  const parts: (string | number | null)[] = [
    contentOf(input.anchors),
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

const contents = new WeakMap<readonly Certificate[], string>();

/** One text for the same anchors in the same order, whoever read them from whichever file. */
function contentOf(anchors: readonly Certificate[]): string {
  let content = contents.get(anchors);
  if (content === undefined) {
    content = hash("sha256", anchors.map(({ sha256 }) => sha256).join());
    contents.set(anchors, content);
  }
  return content;
}

const numbers = new WeakMap<Profile, number>();
let lastNumber = 0;

/** One number for each profile, which stands for its identity in a key. */
function numberOf(profile: Profile): number {
  let number = numbers.get(profile);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(profile, number);
  }
  return number;
}
