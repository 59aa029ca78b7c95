import { setImmediate } from "node:timers/promises";
import { type Forecast, forecastSteps } from "../links/forecast/forecast.ts";
import type { Observation } from "../links/observation.ts";
import type { Clock } from "./clock.ts";
import type { Inventory } from "./inventory.ts";

/** What a forecast of the daemon is made from. */
export interface ForecastSources {
  readonly clock: Clock;
  readonly inventory: () => Inventory;
  /** What was seen last, by name of the endpoint. */
  readonly observations: () => ReadonlyMap<string, Observation>;
}

/** For how long a forecast is given to whoever asks, in milliseconds. */
const FRESH = 10_000;

/** Links judged in one go before others have their turn. */
const BATCH = 20;

const DAY = 86_400_000;

interface Made {
  readonly inventory: Inventory;
  readonly at: number;
  readonly result: Promise<Forecast>;
}

/** Makes forecasts from what the daemon saw last, one after the other; whoever asks for the same gets the same. */
export class Forecasts {
  readonly #sources: ForecastSources;
  readonly #made = new Map<number, Made>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(sources: ForecastSources) {
    this.#sources = sources;
  }

  /** What lies ahead in the next days. */
  ahead(days: number): Promise<Forecast> {
    const { clock } = this.#sources;
    const inventory = this.#sources.inventory();
    const at = clock.wall();
    for (const [key, each] of this.#made)
      if (at - each.at >= FRESH || each.inventory !== inventory) this.#made.delete(key);
    const known = this.#made.get(days);
    if (known !== undefined) return known.result;
    const result = this.#last.then(() => this.#make(inventory, at, days));
    this.#last = result.catch(() => {});
    this.#made.set(days, { inventory, at, result });
    return result;
  }

  async #make(inventory: Inventory, at: number, days: number): Promise<Forecast> {
    const observations = new Map(this.#sources.observations());
    const steps = forecastSteps({ ...inventory, observations, at, until: at + days * DAY });
    for (let done = 1; ; done++) {
      const next = steps.next();
      if (next.done === true) return next.value;
      if (done % BATCH === 0) await setImmediate();
    }
  }
}
