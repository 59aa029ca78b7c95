import type { SecretReference } from "../../estate.ts";
import { type Place, type Sourced, written } from "../origin.ts";
import { anyVariable, passwordReference } from "../placeholders.ts";
import type { Property } from "../properties/parse-properties.ts";

/** The settings of one properties file, seen through a prefix: with it first, else without. */
export class KafkaSettings {
  readonly #properties: ReadonlyMap<string, Property>;
  readonly #file: string;
  readonly #prefix: string;

  constructor(
    properties: readonly Property[] | ReadonlyMap<string, Property>,
    file: string,
    prefix = "",
  ) {
    this.#properties =
      properties instanceof Map
        ? properties
        : new Map([...(properties as readonly Property[])].map((each) => [each.key, each]));
    this.#file = file;
    this.#prefix = prefix;
  }

  /** The same settings through a prefix such as `producer.` or `listener.name.internal.`. */
  below(prefix: string): KafkaSettings {
    return new KafkaSettings(this.#properties, this.#file, prefix);
  }

  /** Names of all settings. */
  get keys(): readonly string[] {
    return [...this.#properties.keys()];
  }

  /** A setting; null when it is not there. An empty one is one: for host names it means no check. */
  raw(key: string): Sourced<string> | null {
    const found = this.#find(key);
    return found === null ? null : written(found.value, found.place);
  }

  /** A setting that has a value. */
  text(key: string): Sourced<string> | null {
    const found = this.raw(key);
    return found === null || found.value === "" ? null : found;
  }

  /** Where a password is. */
  secret(key: string): Sourced<SecretReference> | null {
    const found = this.#find(key);
    if (found === null) return null;
    return passwordReference(written(found.value, found.place), {
      file: this.#file,
      locator: `properties:${found.key}`,
      variable: anyVariable,
    });
  }

  /** The last of several that is set, as a place to point to. */
  placeOf(...keys: readonly string[]): Place | null {
    for (const key of keys) {
      const found = this.#find(key);
      if (found !== null) return found.place;
    }
    return [...this.#properties.values()][0]?.place ?? null;
  }

  #find(key: string): Property | null {
    return this.#properties.get(this.#prefix + key) ?? this.#properties.get(key) ?? null;
  }
}
