import type { SecretReference } from "../../estate.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { placeOf, type Sourced } from "../origin.ts";
import {
  type FilledText,
  fillPlaceholders,
  anyVariable,
  passwordReference,
} from "../placeholders.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import { relaxed, type SpringProperties } from "./read-properties.ts";

/** The settings of an application with placeholders put in and the environment above them. */
export class SpringApplication {
  readonly #properties: SpringProperties;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #builder: ImportBuilder;

  constructor(
    properties: SpringProperties,
    environment: Readonly<Record<string, string | undefined>>,
    builder: ImportBuilder,
  ) {
    this.#properties = properties;
    this.#environment = environment;
    this.#builder = builder;
  }

  /** Keys as they are written, in order. */
  get keys(): readonly string[] {
    return [...this.#properties.values()].map(({ key }) => key);
  }

  /** A value; null when it is not set, or holds a variable that nothing sets, which is said. */
  text(key: string): Sourced<string> | null {
    const filled = this.#filled(key);
    if (filled === null) return null;
    if (filled.unresolved.length > 0) {
      unresolvedVariable(key, filled.value, placeOf(filled), this.#builder);
      return null;
    }
    return { value: filled.value, origin: filled.origin };
  }

  /** Where a password is; null when none is set. */
  secret(key: string): Sourced<SecretReference> | null {
    const name = environmentName(key);
    const variable = this.#environment[name];
    if (variable !== undefined)
      return { value: { kind: "env", name }, origin: this.#fromEnvironment("").origin };
    const property = this.#properties.get(relaxed(key));
    if (property === undefined) return null;
    const { file, locator } = property;
    const reference = passwordReference(property, { file, locator, variable: anyVariable });
    if (reference === null && property.value !== "")
      this.#builder.note(
        `${key} is put together from variables, which no reference describes; give the password in the estate`,
        placeOf(property),
      );
    return reference;
  }

  #filled(key: string): FilledText | null {
    const variable = this.#environment[environmentName(key)];
    const property = this.#properties.get(relaxed(key));
    const found = variable === undefined ? property : this.#fromEnvironment(variable);
    if (found === undefined || found.value === "") return null;
    return fillPlaceholders(found, {
      separator: ":",
      find: (name) => {
        const value = this.#environment[name] ?? this.#environment[environmentName(name)];
        if (value !== undefined) return { value, source: "environment", place: null };
        const other = this.#properties.get(relaxed(name));
        return other === undefined
          ? null
          : { value: other.value, source: other.key, place: placeOf(other) };
      },
    });
  }

  #fromEnvironment(value: string): Sourced<string> {
    return { value, origin: { kind: "derived", rule: "variable of the environment", places: [] } };
  }
}

/** The variable of the environment that sets a property: `server.ssl.key-store` is SERVER_SSL_KEYSTORE. */
const environmentName = (key: string): string =>
  key
    .replaceAll("-", "")
    .replaceAll(/[.[\]]+/gu, "_")
    .replace(/_$/u, "")
    .toUpperCase();
