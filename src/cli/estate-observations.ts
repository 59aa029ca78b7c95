import { setImmediate } from "node:timers/promises";
import { systemClock } from "../daemon/clock.ts";
import { lookAround } from "../daemon/changes/look-around.ts";
import { recordedObservations } from "../daemon/changes/recorded.ts";
import type { Inventory } from "../daemon/inventory.ts";
import { systemProber } from "../daemon/system-prober.ts";
import type { LoadedPlan } from "../links/changes/step.ts";
import type { Observation } from "../links/observation.ts";
import { InputError } from "./input-error.ts";
import { Progress } from "./progress.ts";
import { savedObservations } from "./saved-observations.ts";

/** Where what endpoints answer is taken from. */
export interface SourceOptions {
  /** From the history that the daemon keeps. */
  readonly offline?: boolean;
  /** From a file that `check --save` wrote, or from every such file of a folder. */
  readonly handshakes?: string;
}

/** Which of them it was. */
export type ObservationSource = "live" | "history" | "handshakes";

/** What endpoints answer, and the plan with what is seen at the places to which it moves them. */
export interface Seen {
  readonly source: ObservationSource;
  readonly observations: ReadonlyMap<string, Observation>;
  readonly plan: LoadedPlan;
}

const NO_PLAN: LoadedPlan = { steps: [], faults: [], at: null };

/** Looks at every endpoint, or takes what was recorded. @throws {InputError} when there is no record */
export async function seenOf(
  inventory: Inventory,
  options: SourceOptions,
  plan: LoadedPlan = NO_PLAN,
): Promise<Seen> {
  if (options.handshakes !== undefined)
    return {
      source: "handshakes",
      observations: await savedObservations(options.handshakes, inventory.estate),
      plan,
    };
  if (options.offline === true)
    return { source: "history", observations: fromHistory(inventory.estate.history.path), plan };
  const progress = new Progress(process.stderr, "endpoints looked at");
  try {
    const looked = await lookAround(inventory, plan, {
      prober: systemProber,
      clock: systemClock,
      signal: new AbortController().signal,
      progress: () => progress.count(),
    });
    return { source: "live", ...looked };
  } finally {
    progress.end();
  }
}

function fromHistory(path: string): ReadonlyMap<string, Observation> {
  try {
    return recordedObservations(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new InputError(
      `--offline: the history ${path} cannot be read (${error.message}); the daemon writes it, and without it leave out --offline`,
    );
  }
}

/** Links judged in one go before others have their turn. */
const BATCH = 50;

/** Carries out work that is cut into parts, with progress on a terminal. */
export async function inParts<T>(
  parts: Generator<number, T, undefined>,
  words: string,
): Promise<T> {
  const progress = new Progress(process.stderr, words);
  try {
    for (let done = 1; ; done++) {
      const next = parts.next();
      if (next.done === true) return next.value;
      progress.count();
      if (done % BATCH === 0) await setImmediate();
    }
  } finally {
    progress.end();
  }
}
