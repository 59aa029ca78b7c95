/** One occurrence of a needle, as offsets of the text that was searched; `end` is behind it. */
export interface Hit {
  /** Index in the list of needles. */
  readonly needle: number;
  readonly start: number;
  readonly end: number;
}

/** Most occurrences that are told of one text: a hostile one could consist of them. */
const MAX_HITS = 4096;

/** Class of a character that stands in no needle. */
const OTHER = 0;
/** Class of every white space, control characters included; a run of them counts as one. */
const SPACE = 1;

/** What typographic and full-width signs are read as: terminals and word processors exchange them. */
const LOOK_ALIKES: ReadonlyMap<number, string> = new Map([
  [0x00a0, " "],
  [0x2018, "'"],
  [0x2019, "'"],
  [0x201c, '"'],
  [0x201d, '"'],
  [0x2010, "-"],
  [0x2011, "-"],
  [0x2013, "-"],
  [0x2028, " "],
  [0x2029, " "],
  [0xfeff, " "],
]);

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 95;

/**
 * Finds many needles in a text at once, in time that is linear in the size of the text (Aho and Corasick 1975).
 * Upper and lower case are the same, runs of white space are one space. A needle that begins or ends with a letter,
 * a digit or `_` is found only where no such character precedes or follows; `*` at that end lifts this.
 */
export class NeedleSearch {
  readonly #classes = new Uint8Array(128);
  readonly #classCount: number;
  readonly #next: Int32Array;
  /** For each state the needles that end there, those of shorter suffixes included. */
  readonly #found: readonly (readonly number[])[];
  readonly #needles: readonly ParsedNeedle[];

  /** @param needles printable ASCII; anything else is a mistake in the data */
  constructor(needles: readonly string[]) {
    this.#needles = needles.map(parseNeedle);
    this.#classCount = this.#assignClasses();
    const size = 1 + this.#needles.reduce((sum, { text }) => sum + text.length, 0);
    this.#next = new Int32Array(size * this.#classCount).fill(-1);
    const ends = this.#buildTrie();
    this.#found = this.#link(ends);
  }

  /** Every occurrence in the order of their ends, up to 4,096. */
  search(text: string): readonly Hit[] {
    const hits: Hit[] = [];
    let state = 0;
    let wasSpace = false;
    for (let at = 0; at < text.length; at++) {
      const kind = this.#classOf(text.charCodeAt(at));
      if (kind === SPACE && wasSpace) continue;
      wasSpace = kind === SPACE;
      state = this.#next[state * this.#classCount + kind] ?? 0;
      const found = this.#found[state];
      if (found === undefined || found.length === 0) continue;
      for (const needle of found) {
        const start = this.#startOf(text, needle, at);
        if (start === null) continue;
        hits.push({ needle, start, end: at + 1 });
        if (hits.length >= MAX_HITS) return hits;
      }
    }
    return hits;
  }

  #classOf(code: number): number {
    if (code < 128) return this.#classes[code] ?? OTHER;
    const alike = LOOK_ALIKES.get(code);
    return alike === undefined ? OTHER : (this.#classes[alike.charCodeAt(0)] ?? OTHER);
  }

  /** Where the occurrence that ends at an offset begins; null where a longer word surrounds it. */
  #startOf(text: string, needle: number, last: number): number | null {
    const parsed = this.#needles[needle];
    if (parsed === undefined) return null;
    let left = parsed.text.length;
    let at = last;
    let wasSpace = false;
    for (; at >= 0; at--) {
      const isSpace = this.#classOf(text.charCodeAt(at)) === SPACE;
      if (isSpace && wasSpace) continue;
      if (left === 0) break;
      wasSpace = isSpace;
      left--;
    }
    const start = at + 1;
    if (parsed.boundedBefore && start > 0 && isWord(text.charCodeAt(start - 1))) return null;
    if (parsed.boundedAfter && last + 1 < text.length && isWord(text.charCodeAt(last + 1)))
      return null;
    return start;
  }

  #assignClasses(): number {
    this.#classes.fill(SPACE, 0, 33);
    this.#classes[127] = SPACE;
    let count = 2;
    for (const { text } of this.#needles)
      for (const character of text) {
        const code = character.charCodeAt(0);
        if (character === " " || this.#classes[code] !== OTHER) continue;
        this.#classes[code] = count;
        const upper = character.toUpperCase().charCodeAt(0);
        if (upper < 128) this.#classes[upper] = count;
        count++;
      }
    return count;
  }

  #buildTrie(): number[][] {
    const ends: number[][] = [[]];
    for (const [index, { text }] of this.#needles.entries()) {
      let state = 0;
      for (const character of text) {
        const slot = state * this.#classCount + this.#classOf(character.charCodeAt(0));
        let next = this.#next[slot] ?? -1;
        if (next < 0) {
          next = ends.length;
          this.#next[slot] = next;
          ends.push([]);
        }
        state = next;
      }
      ends[state]?.push(index);
    }
    return ends;
  }

  #link(ends: number[][]): readonly (readonly number[])[] {
    const failure = new Int32Array(ends.length);
    const queue: number[] = [0];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head] ?? 0;
      for (let kind = 0; kind < this.#classCount; kind++) {
        const slot = state * this.#classCount + kind;
        const next = this.#next[slot] ?? -1;
        const fallback =
          state === 0 ? 0 : (this.#next[(failure[state] ?? 0) * this.#classCount + kind] ?? 0);
        if (next < 0) {
          this.#next[slot] = fallback;
          continue;
        }
        failure[next] = fallback;
        ends[next]?.push(...(ends[fallback] ?? []));
        queue.push(next);
      }
    }
    return ends;
  }
}

interface ParsedNeedle {
  /** Lower case. */
  readonly text: string;
  readonly boundedBefore: boolean;
  readonly boundedAfter: boolean;
}

function parseNeedle(needle: string): ParsedNeedle {
  const text = needle.replace(/^\*/, "").replace(/\*$/, "").toLowerCase();
  if (!/^[ -~]+$/.test(text) || text.includes("  "))
    throw new Error(`Needle ${JSON.stringify(needle)} is no printable ASCII with single spaces`);
  return {
    text,
    boundedBefore: !needle.startsWith("*") && isWord(text.charCodeAt(0)),
    boundedAfter: !needle.endsWith("*") && isWord(text.charCodeAt(text.length - 1)),
  };
}
