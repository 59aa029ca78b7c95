/** Numbers of a finished run; `null` until the runner has printed its totals. */
export interface Totals {
  readonly total: number;
  readonly pass: number;
  readonly fail: number;
  readonly skip: number;
  readonly todo: number;
}

/** A test that did not run, with the reason it gave. */
export interface Skipped {
  /** Names of the file and of every test around it, outermost first. */
  readonly path: readonly string[];
  readonly reason: string;
}

/** A finished test file. */
export interface FinishedFile {
  readonly name: string;
  readonly ok: boolean;
  /** Milliseconds; null when the runner did not say. */
  readonly time: number | null;
}

/** What one line of TAP told. */
export type TapEvent =
  | { readonly kind: "file"; readonly file: FinishedFile }
  | {
      readonly kind: "failed";
      readonly path: readonly string[];
      readonly detail: readonly string[];
    }
  | { readonly kind: "bailed"; readonly reason: string }
  | { readonly kind: "skipped"; readonly skipped: Skipped }
  | { readonly kind: "totals"; readonly totals: Totals };

const TEST_POINT = /^(?<indent> *)(?<not>not )?ok \d+(?: - (?<text>.*))?$/u;
const SUBTEST = /^(?<indent> *)# Subtest: (?<name>.*)$/u;
const DIRECTIVE = /(?<!\\) # (?<word>SKIP|TODO|time=)\s*(?<rest>.*)$/iu;
const TOTALS = /^# \{ (?<counts>total: \d+.*) \}$/u;

const readTotals = (counts: string): Totals => {
  const count = (name: string): number =>
    Number(new RegExp(`\\b${name}: (\\d+)`, "u").exec(counts)?.[1] ?? 0);
  return {
    total: count("total"),
    pass: count("pass"),
    fail: count("fail"),
    skip: count("skip"),
    todo: count("todo"),
  };
};

const unescape = (text: string): string => text.replaceAll(/\\([\\#])/gu, "$1");

/**
 * Reads the TAP of a whole run line by line, as the runner prints it: four spaces of indentation a level,
 * diagnostics between `---` and `...`. Text inside diagnostics is never taken for a result.
 */
export class TapReader {
  /** Names of the open subtests by level. */
  readonly #open: string[] = [];
  #diagnostic: { readonly end: string; readonly lines: string[] } | undefined;
  #failed: readonly string[] | undefined;
  /** Levels whose failure has been reported further in, where the cause is. */
  readonly #reported = new Set<number>();

  /** Takes one line without its line end and gives what it told, in order. */
  line(line: string): readonly TapEvent[] {
    if (this.#diagnostic !== undefined) return this.#insideDiagnostic(line);
    const opening = /^( *)---$/u.exec(line);
    if (opening !== null) {
      this.#diagnostic = { end: `${opening[1] ?? ""}...`, lines: [] };
      return [];
    }
    const point = TEST_POINT.exec(line)?.groups;
    if (point !== undefined) {
      const before = this.#flush([]);
      return [...before, ...this.#testPoint(point)];
    }
    const before = line.trim() === "" ? [] : this.#flush([]);
    const subtest = SUBTEST.exec(line)?.groups;
    if (subtest !== undefined) {
      const level = (subtest["indent"] ?? "").length / 4;
      this.#open.length = level;
      this.#open[level] = unescape(subtest["name"] ?? "");
    }
    const bailed = /^Bail out!(.*)$/u.exec(line);
    if (bailed !== null) return [...before, { kind: "bailed", reason: (bailed[1] ?? "").trim() }];
    const counts = TOTALS.exec(line)?.groups?.["counts"];
    return counts === undefined
      ? before
      : [...before, { kind: "totals", totals: readTotals(counts) }];
  }

  #insideDiagnostic(line: string): readonly TapEvent[] {
    if (this.#diagnostic === undefined) return [];
    if (line !== this.#diagnostic.end) {
      this.#diagnostic.lines.push(line.slice(this.#diagnostic.end.length - 3));
      return [];
    }
    const { lines } = this.#diagnostic;
    this.#diagnostic = undefined;
    return this.#flush(lines);
  }

  /** Reports a failed test point once it is known whether diagnostics follow it. */
  #flush(detail: readonly string[]): readonly TapEvent[] {
    const path = this.#failed;
    this.#failed = undefined;
    return path === undefined ? [] : [{ kind: "failed", path, detail }];
  }

  #testPoint(point: Record<string, string | undefined>): readonly TapEvent[] {
    const level = (point["indent"] ?? "").length / 4;
    const text = point["text"] ?? "";
    const directive = DIRECTIVE.exec(text);
    const { word = "", rest = "" } = directive?.groups ?? {};
    const name = unescape(directive === null ? text : text.slice(0, directive.index));
    const path = [...this.#open.slice(0, level), name];
    this.#open.length = Math.min(this.#open.length, level);
    const ok = point["not"] === undefined;
    const causeKnown = this.#reported.delete(level);
    if (/^(?:SKIP|TODO)$/iu.test(word))
      return [{ kind: "skipped", skipped: { path, reason: rest.trim() || word.toLowerCase() } }];
    if (!ok) {
      // A failed assertion fails every test around it; only the innermost says why.
      if (level > 0) this.#reported.add(level - 1);
      if (!causeKnown) this.#failed = path;
    }
    if (level > 0) return [];
    const time = word === "time=" ? Number.parseFloat(rest) : Number.NaN;
    return [{ kind: "file", file: { name, ok, time: Number.isNaN(time) ? null : time } }];
  }
}
