import type { CaseId } from "../catalogue.ts";
import { type ExtractHit, type Facts, readFacts } from "./facts.ts";
import { type Hit, NeedleSearch } from "./needle-search.ts";
import type { Extract, Family, Pattern } from "./pattern.ts";
import { type TextKnowledge, textKnowledge } from "./patterns.ts";

/** Which end of the connection wrote a text; null where it does not show. */
export type Side = "server" | "client" | null;

/** One thing that an event says. */
export interface Reading {
  readonly pattern: Pattern;
  readonly family: Family;
  readonly side: Side;
  /** Where the wording stands, as an offset of the event. */
  readonly at: number;
  /** Most likely first. */
  readonly cases: readonly CaseId[];
  readonly why: string;
  /** Advice of the wordings around it. */
  readonly notes: readonly string[];
  readonly facts: Facts;
}

/** Reads events with everything that is known about texts; making one takes some milliseconds. */
export class EventInterpreter {
  readonly #knowledge: TextKnowledge;
  readonly #search: NeedleSearch;
  readonly #needles: ReadonlyMap<string, number>;
  readonly #byNeedle: readonly (readonly Pattern[])[];
  readonly #extracts: ReadonlyMap<number, readonly { extract: Extract; rank: number }[]>;

  constructor(knowledge: TextKnowledge = textKnowledge()) {
    this.#knowledge = knowledge;
    const needles = new Map<string, number>();
    const add = (needle: string): number => {
      const key = needle.toLowerCase();
      const index = needles.get(key) ?? needles.size;
      needles.set(key, index);
      return index;
    };
    const byNeedle: Pattern[][] = [];
    for (const pattern of knowledge.patterns) {
      for (const needle of pattern.none) add(needle);
      for (const needle of [...pattern.all, ...pattern.any])
        (byNeedle[add(needle)] ??= []).push(pattern);
    }
    const extracts = new Map<number, { extract: Extract; rank: number }[]>();
    for (const [rank, extract] of knowledge.extracts.entries()) {
      const index = add(extract.after);
      extracts.set(index, [...(extracts.get(index) ?? []), { extract, rank }]);
    }
    for (const { marks } of knowledge.families) for (const mark of marks) add(mark);
    for (const mark of [...knowledge.sides.server, ...knowledge.sides.client]) add(mark);
    add(DEPTH);
    add(AT_DEPTH);
    this.#needles = needles;
    this.#byNeedle = byNeedle;
    this.#extracts = extracts;
    this.#search = new NeedleSearch([...needles.keys()]);
  }

  /** What an event says, the most specific wording on each subject; empty where nothing is recognised. */
  read(text: string): readonly Reading[] {
    const hits = this.#search.search(text);
    if (hits.length === 0) return [];
    const first = new Map<number, Hit>();
    for (const hit of hits) if (!first.has(hit.needle)) first.set(hit.needle, hit);
    const candidates = new Set<Pattern>();
    for (const needle of first.keys())
      for (const pattern of this.#byNeedle[needle] ?? []) candidates.add(pattern);
    const depths = depthsOf(text, hits, this.#indexOf(DEPTH), this.#indexOf(AT_DEPTH));
    const found = [...candidates].flatMap((pattern) => {
      const at = this.#matches(pattern, first, hits, depths);
      return at === null ? [] : [{ pattern, at }];
    });
    if (found.length === 0) return [];
    const side = this.#sideOf(first);
    const facts = this.#factsOf(text, hits);
    const kept = mostSpecific(found);
    const frames = found.filter((each) => !kept.includes(each)).map(({ pattern }) => pattern);
    return kept.map(({ pattern, at }) => ({
      pattern,
      at,
      side,
      facts,
      family: this.#familyOf(pattern, first),
      ...casesOf(pattern, side, frames),
      notes: [...frames, pattern].flatMap(({ note }) => (note === null ? [] : [note])),
    }));
  }

  #indexOf(needle: string): number {
    return this.#needles.get(needle.toLowerCase()) ?? -1;
  }

  #matches(
    pattern: Pattern,
    first: ReadonlyMap<number, Hit>,
    hits: readonly Hit[],
    depths: readonly Depth[],
  ): number | null {
    const has = (needle: string): boolean => first.has(this.#indexOf(needle));
    if (!pattern.all.every(has) || pattern.none.some(has)) return null;
    if (pattern.any.length > 0 && !pattern.any.some(has)) return null;
    const own = new Set([...pattern.all, ...pattern.any].map((needle) => this.#indexOf(needle)));
    if (pattern.depth === null) {
      const needles = (pattern.any.length > 0 ? pattern.any : pattern.all).map((needle) =>
        this.#indexOf(needle),
      );
      return Math.max(...needles.map((index) => first.get(index)?.start ?? -1));
    }
    for (const { needle, start, end } of hits) {
      if (!own.has(needle)) continue;
      const depth = depthAt(depths, start, end);
      if (depth !== null && (depth === 0) === (pattern.depth === "leaf")) return start;
    }
    return null;
  }

  #sideOf(first: ReadonlyMap<number, Hit>): Side {
    const has = (needle: string): boolean => first.has(this.#indexOf(needle));
    const { server, client } = this.#knowledge.sides;
    const isServer = server.some(has);
    if (isServer) return "server";
    return client.some(has) ? "client" : null;
  }

  #familyOf(pattern: Pattern, first: ReadonlyMap<number, Hit>): Family {
    const { families } = this.#knowledge;
    const marked = families.find(({ marks }) =>
      marks.some((mark) => first.has(this.#indexOf(mark))),
    );
    const own = families.find(({ id }) => id === pattern.family);
    const family =
      marked === undefined || (marked.id === "java" && isJava(pattern.family)) ? own : marked;
    const chosen = family ?? { id: "any", title: "any client", profile: null, marks: [] };
    return pattern.profile === null ? chosen : { ...chosen, profile: pattern.profile };
  }

  #factsOf(text: string, hits: readonly Hit[]): Facts {
    const found = hits.flatMap(({ needle, end }): readonly ExtractHit[] =>
      (this.#extracts.get(needle) ?? []).map(({ extract, rank }) => ({ extract, rank, end })),
    );
    return readFacts(text, found);
  }
}

let shared: EventInterpreter | null = null;

/** The interpreter of all that is known, made once: it keeps no state between events. */
export function eventInterpreter(): EventInterpreter {
  shared ??= new EventInterpreter();
  return shared;
}

const DEPTH = "depth=*";
const AT_DEPTH = "depth lookup*";

const isJava = (family: string): boolean => family.startsWith("java") || family === "bouncy-castle";

interface Depth {
  readonly at: number;
  readonly depth: number;
}

/** The depths that OpenSSL's texts state: `depth=1 CN = ...`, `error 20 at 0 depth lookup: ...`. */
function depthsOf(
  text: string,
  hits: readonly Hit[],
  before: number,
  behind: number,
): readonly Depth[] {
  return hits.flatMap(({ needle, start, end }) => {
    const digits =
      needle === before
        ? /^\d{1,3}/.exec(text.slice(end, end + 3))?.[0]
        : needle === behind
          ? /(\d{1,3}) $/.exec(text.slice(Math.max(0, start - 5), start))?.[1]
          : undefined;
    return digits === undefined ? [] : [{ at: start, depth: Number(digits) }];
  });
}

/** The depth to which a wording belongs: stated before it, or right behind it. */
function depthAt(depths: readonly Depth[], start: number, end: number): number | null {
  const near = depths.find(({ at }) => at >= start && at <= end + 16);
  return near?.depth ?? depths.findLast(({ at }) => at <= start)?.depth ?? null;
}

interface Found {
  readonly pattern: Pattern;
  readonly at: number;
}

/** Consequences of a refusal: they say nothing where the refusal itself is told. */
const CONSEQUENCES: ReadonlySet<string> = new Set(["connection", "alert", "configuration"]);

/** Of all wordings those that tell most: one on each subject, and frames only where there is nothing within. */
function mostSpecific(found: readonly Found[]): readonly Found[] {
  const telling = found.filter(({ pattern }) => pattern.level >= 3);
  if (telling.length === 0) {
    const best = found.toSorted((a, b) => b.pattern.level - a.pattern.level || a.at - b.at)[0];
    return best === undefined ? [] : [best];
  }
  const hasCause = telling.some(({ pattern }) => !CONSEQUENCES.has(pattern.topic));
  const causes = hasCause
    ? telling.filter(({ pattern }) => !CONSEQUENCES.has(pattern.topic))
    : telling;
  const topics = new Set(causes.map(({ pattern }) => pattern.topic));
  // an own refusal with its reason explains what was said about the client's certificate or the alert
  return [...topics].flatMap((topic) => {
    const [best] = causes
      .filter(({ pattern }) => pattern.topic === topic)
      .toSorted(
        (a, b) =>
          b.pattern.level - a.pattern.level ||
          a.pattern.cases.length - b.pattern.cases.length ||
          b.at - a.at,
      );
    return best === undefined ? [] : [best];
  });
}

/** Cases of a wording on its side of the connection, those first that a frame with advice also means. */
function casesOf(
  pattern: Pattern,
  side: Side,
  frames: readonly Pattern[],
): { readonly cases: readonly CaseId[]; readonly why: string } {
  const { onServer } = pattern;
  if (onServer !== null && side === "server") return onServer;
  if (onServer !== null && side === null && pattern.topic === "alert") {
    const cases = [...new Set([...pattern.cases, ...onServer.cases])];
    return {
      cases,
      why: `Received by a client: ${lowerFirst(pattern.why)}. Received by a server: ${lowerFirst(onServer.why)}`,
    };
  }
  const framed = new Set(frames.filter(({ note }) => note !== null).flatMap(({ cases }) => cases));
  const both = pattern.cases.filter((id) => framed.has(id));
  return both.length === 0
    ? { cases: pattern.cases, why: pattern.why }
    : {
        cases: [...both, ...pattern.cases.filter((id) => !framed.has(id))],
        why: pattern.why,
      };
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
