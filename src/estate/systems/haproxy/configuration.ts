import type { Place, VariableUse } from "../origin.ts";
import type { HaproxySection, HaproxyWord } from "./parse.ts";

/** A word with its variables put in. */
export interface ResolvedWord {
  readonly text: string;
  readonly place: Place;
  readonly variables: readonly VariableUse[];
}

/** A line with its words resolved. */
export interface ResolvedLine {
  readonly keyword: string;
  readonly words: readonly ResolvedWord[];
  readonly place: Place;
}

/** A section with the `defaults` that count for it. */
export interface ResolvedSection {
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly ResolvedLine[];
  readonly defaults: readonly ResolvedLine[];
  readonly place: Place;
}

/** The sections of all files in order, with variables of the environment put in. */
export class HaproxyConfiguration {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #sections: ResolvedSection[] = [];
  readonly #global: ResolvedLine[] = [];
  readonly #named = new Map<string, readonly ResolvedLine[]>();
  #defaults: readonly ResolvedLine[] = [];

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** Every section but `global` and `defaults`. */
  get sections(): readonly ResolvedSection[] {
    return this.#sections;
  }

  /** The lines of `global` with a keyword, in order. */
  global(keyword: string): readonly ResolvedLine[] {
    return this.#global.filter((line) => line.keyword === keyword);
  }

  /** Adds the sections of a file behind those of the files before. */
  add(sections: readonly HaproxySection[], file: string): void {
    for (const { kind, name, from, lines, position } of sections) {
      const place: Place = { file, ...position, at: name === "" ? kind : `${kind} ${name}` };
      const resolved = lines.map(({ keyword, words, position: at }) => ({
        keyword,
        words: words.map((word) => this.#resolve(word, file, `${place.at}/${keyword}`)),
        place: { file, ...at, at: `${place.at}/${keyword}` },
      }));
      if (kind === "global") this.#global.push(...resolved);
      else if (kind === "defaults") {
        const base = from === null ? [] : (this.#named.get(from) ?? []);
        this.#defaults = [...base, ...resolved];
        if (name !== "") this.#named.set(name, this.#defaults);
      } else {
        const defaults = from === null ? this.#defaults : (this.#named.get(from) ?? []);
        this.#sections.push({ kind, name, lines: resolved, defaults, place });
      }
    }
  }

  /** Puts variables in, which HAProxy does inside double quotes only; unknown ones are left as written. */
  #resolve({ text, hasVariable, position }: HaproxyWord, file: string, at: string): ResolvedWord {
    const place: Place = { file, ...position, at };
    if (!hasVariable) return { text, place, variables: [] };
    const variables: VariableUse[] = [];
    const replaced = text.replace(
      /\$\{([A-Za-z_]\w*)(?:-([^}]*))?\}|\$([A-Za-z_]\w*)/gu,
      (whole: string, braced?: string, otherwise?: string, plain?: string) => {
        const name = braced ?? plain ?? "";
        const value = this.#environment[name] ?? otherwise;
        if (value === undefined) return whole;
        variables.push({ name, source: "environment", place: null });
        return value;
      },
    );
    return { text: replaced, place, variables };
  }
}

/** The words of a line as flags with parameters: `verify none sni str(x)`. */
export class HaproxyFlags {
  readonly #words: readonly ResolvedWord[];

  constructor(words: readonly ResolvedWord[]) {
    this.#words = words;
  }

  /** Whether a word stands there. */
  has(flag: string): boolean {
    return this.#words.some(({ text }) => text === flag);
  }

  /** The word of a flag itself; null when it is not there. */
  word(flag: string): ResolvedWord | null {
    return this.#words.findLast(({ text }) => text === flag) ?? null;
  }

  /** The word behind a flag, the last one counts; null when it is not there. */
  value(flag: string): ResolvedWord | null {
    const index = this.#words.findLastIndex(({ text }) => text === flag);
    return index < 0 ? null : (this.#words[index + 1] ?? null);
  }
}
