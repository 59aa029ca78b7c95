import { registerHooks, stripTypeScriptTypes } from "node:module";
import { createInstrumenter } from "istanbul-lib-instrument";

const GLOBAL = "__fuzzCoverage";

/** Counters of one instrumented module: branches by number, each with a count for every arm. */
interface ModuleCounters {
  readonly b: Readonly<Record<string, number[]>>;
  readonly f: Record<string, number>;
}

/**
 * Counts the branches of every module whose URL matches from now on. The modules must not have been
 * imported before: import the target dynamically after this call.
 */
export function instrument(wanted: RegExp): void {
  const instrumenter = createInstrumenter({
    esModules: true,
    compact: true,
    coverageVariable: GLOBAL,
  });
  registerHooks({
    load(url, context, nextLoad) {
      if (!wanted.test(url)) return nextLoad(url, context);
      const { source } = nextLoad(url, { ...context, format: "module-typescript" });
      if (source === undefined || source === null) throw new Error(`${url} has no source`);
      const text = typeof source === "string" ? source : new TextDecoder().decode(source);
      const plain = stripTypeScriptTypes(text);
      return {
        format: "module",
        shortCircuit: true,
        source: instrumenter.instrumentSync(plain, url),
      };
    },
  });
}

/** A generator of numbers in [0, 1) that repeats itself for the same seed (splitmix32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** What to fuzz, and with what. */
export interface FuzzOptions {
  /** Valid inputs, from which all others grow. */
  readonly seeds: readonly Uint8Array[];
  /** Byte strings worth inserting, such as type codes and lengths. @default [] */
  readonly dictionary?: readonly Uint8Array[];
  readonly runs: number;
  /** The same seed gives the same inputs. */
  readonly seed: number;
  /** Longest input. @default 16384 */
  readonly maxLength?: number;
  /** Throws when the input uncovers a mistake. */
  readonly target: (input: Uint8Array) => void;
}

/** How the search went. */
export interface FuzzResult {
  readonly runs: number;
  /** Inputs that reached something new, seeds included. */
  readonly corpus: number;
  /** Arms of branches that were reached, of all. */
  readonly reached: number;
  readonly arms: number;
  /** The first input that made the target throw. */
  readonly failure: { readonly input: Uint8Array; readonly error: unknown } | null;
}

/**
 * Searches for inputs that make the target throw. Inputs are changed copies of earlier ones; one that takes a
 * branch that none took before, or takes one a different order of magnitude of times, joins the earlier ones.
 */
export function fuzz(options: FuzzOptions): FuzzResult {
  const random = randomNumbers(options.seed);
  const coverage = new Coverage();
  const corpus: Uint8Array[] = [];
  let runs = 0;
  const attempt = (input: Uint8Array): unknown => {
    runs++;
    coverage.reset();
    try {
      options.target(input);
    } catch (error) {
      return error ?? new Error("The target threw nothing");
    }
    if (coverage.note()) corpus.push(input);
    return null;
  };
  const result = (failure: FuzzResult["failure"]): FuzzResult => ({
    runs,
    corpus: corpus.length,
    ...coverage.summary(),
    failure,
  });
  for (const seed of options.seeds) {
    const error = attempt(seed);
    if (error !== null) return result({ input: seed, error });
  }
  while (runs < options.runs) {
    const pool = corpus.length > 0 ? corpus : options.seeds;
    const input = mutate(pool, random, options);
    const error = attempt(input);
    if (error !== null) return result({ input, error });
  }
  return result(null);
}

/** Remembers which arms were taken how often, in powers of two. */
class Coverage {
  readonly #counters: readonly { readonly arms: number[]; readonly seen: Uint8Array }[];

  constructor() {
    const modules = (Reflect.get(globalThis, GLOBAL) ?? {}) as Readonly<
      Record<string, ModuleCounters>
    >;
    this.#counters = Object.values(modules).flatMap(({ b }) =>
      Object.values(b).map((arms) => ({ arms, seen: new Uint8Array(arms.length) })),
    );
    if (this.#counters.length === 0) throw new Error("Nothing is instrumented");
  }

  reset(): void {
    for (const { arms } of this.#counters) arms.fill(0);
  }

  /** Whether this run reached something new. */
  note(): boolean {
    let fresh = false;
    for (const { arms, seen } of this.#counters)
      for (let arm = 0; arm < arms.length; arm++) {
        const hits = arms[arm] ?? 0;
        if (hits === 0) continue;
        const bit = 1 << Math.min(7, 31 - Math.clz32(hits));
        const before = seen[arm] ?? 0;
        if ((before & bit) !== 0) continue;
        seen[arm] = before | bit;
        fresh = true;
      }
    return fresh;
  }

  summary(): { readonly reached: number; readonly arms: number } {
    let reached = 0;
    let arms = 0;
    for (const { seen } of this.#counters) {
      arms += seen.length;
      reached += seen.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0);
    }
    return { reached, arms };
  }
}

const INTERESTING = [0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff] as const;

function mutate(
  pool: readonly Uint8Array[],
  random: () => number,
  { dictionary = [], maxLength = 16_384 }: FuzzOptions,
): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  let bytes: Buffer = Buffer.from(pick(pool) ?? []);
  const splice = (at: number, removed: number, inserted: Uint8Array): void => {
    bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
  };
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length + 1);
    const length = Math.min(bytes.length - at, 1 + below(16));
    switch (below(9)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = pick(INTERESTING) ?? 0;
        break;
      case 2:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) + (random() < 0.5 ? 1 : -1);
        break;
      case 3:
        splice(at, 0, Uint8Array.of(below(256)));
        break;
      case 4:
        splice(at, length, new Uint8Array());
        break;
      case 5:
        splice(at, 0, bytes.subarray(at, at + length));
        break;
      case 6:
        splice(at, random() < 0.5 ? length : 0, pick(dictionary) ?? new Uint8Array());
        break;
      case 7: {
        const other = pick(pool) ?? new Uint8Array();
        splice(at, bytes.length, other.subarray(below(other.length + 1)));
        break;
      }
      default:
        if (random() < 0.2) bytes = bytes.subarray(0, at);
    }
  }
  return new Uint8Array(bytes.subarray(0, maxLength));
}
