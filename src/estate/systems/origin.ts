/** Where something stands in a configuration file. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Element and attribute, key or directive, e.g. `server/keyStore[@id='trust']/@location`. */
  readonly at: string;
}

/** A variable that was put into a value. */
export interface VariableUse {
  readonly name: string;
  /** What gave it its value, as people say it, e.g. `bootstrap.properties`, `default`, `environment`. */
  readonly source: string;
  /** Where it is set; null for what the system itself or the environment of this process defines. */
  readonly place: Place | null;
}

/** Why a value is what it is. */
export type Origin =
  /** It is written down, perhaps with variables in it. */
  | { readonly kind: "written"; readonly place: Place; readonly variables: readonly VariableUse[] }
  /** Nobody wrote it: the system's own default. `place` is the element that lacks it, if there is one. */
  | { readonly kind: "default"; readonly rule: string; readonly place: Place | null }
  /** It follows from what is written in other places. */
  | { readonly kind: "derived"; readonly rule: string; readonly places: readonly Place[] };

/** A value with the reason for it. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A value that stands in a file as it is. */
export const written = <T>(
  value: T,
  place: Place,
  variables: readonly VariableUse[] = [],
): Sourced<T> => ({ value, origin: { kind: "written", place, variables } });

/** A value that the system takes when nothing is written. */
export const byDefault = <T>(value: T, rule: string, place: Place | null = null): Sourced<T> => ({
  value,
  origin: { kind: "default", rule, place },
});

/** A value that follows from other places. */
export const derived = <T>(value: T, rule: string, places: readonly Place[]): Sourced<T> => ({
  value,
  origin: { kind: "derived", rule, places },
});

/** The place that an operator would look at for a value; null when there is none. */
export function placeOf({ origin }: Sourced<unknown>): Place | null {
  return origin.kind === "derived" ? (origin.places[0] ?? null) : origin.place;
}

/** A place as editors and terminals understand it: `file:line:column`. */
export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** An origin in one line: place, variables, or the rule behind a default. Shows no values. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case "written": {
      const uses = origin.variables.map(
        ({ name, source, place }) =>
          `\${${name}} from ${place === null ? source : `${source} ${placeText(place)}`}`,
      );
      return [`${placeText(origin.place)} ${origin.place.at}`, ...uses].join(", ");
    }
    case "default":
      return origin.place === null
        ? `default: ${origin.rule}`
        : `default: ${origin.rule} (${placeText(origin.place)})`;
    case "derived":
      return origin.places.length === 0
        ? origin.rule
        : `${origin.rule} (${origin.places.map(placeText).join(", ")})`;
  }
}
