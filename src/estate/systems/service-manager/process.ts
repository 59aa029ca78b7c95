import type { SecretReference } from "../../estate.ts";
import { type JavaOption, javaOptions } from "../java/options.ts";
import type { Place, Sourced } from "../origin.ts";
import type { ServiceManagerParameter } from "./parse-parameters.ts";

/** A parameter with the file that it stands in. */
export interface PlacedParameter extends ServiceManagerParameter {
  readonly place: Place;
  readonly valuePlace: Place;
  /** Whether it stands in sm.ini, where a reference can lead to it. */
  readonly inIni: boolean;
}

/** A process of Service Manager: the parameters of sm.ini with those of its own command line above them. */
export class ServiceManagerProcess {
  readonly #parameters = new Map<string, PlacedParameter>();
  /** Where the process is: its command line, or sm.ini. */
  readonly place: Place;
  /** Whether it only hands connections to the others. */
  readonly isLoadBalancer: boolean;

  constructor(parameters: readonly PlacedParameter[], place: Place) {
    for (const each of parameters) this.#parameters.set(each.name.toLowerCase(), each);
    this.place = place;
    this.isLoadBalancer = this.#parameters.has("loadbalancer");
  }

  /** What JVMOption0, JVMOption1 and so on hand to the JVM of the process. */
  get javaOptions(): readonly JavaOption[] {
    return [...this.#parameters.values()].flatMap(({ name, value, valuePlace }) =>
      /^jvmoption\d*$/iu.test(name) && value !== null
        ? javaOptions({ file: valuePlace.file, text: value }).map((option) => ({
            ...option,
            place: { ...valuePlace, at: `${name} ${option.place.at}` },
          }))
        : [],
    );
  }

  /** The parameter as it counts, whatever the case of its name. */
  parameter(name: string): PlacedParameter | null {
    return this.#parameters.get(name.toLowerCase()) ?? null;
  }

  /** A text that is written; null when it is not, or empty. */
  text(name: string): Sourced<string> | null {
    const found = this.parameter(name);
    if (found === null || found.value === null || found.value === "") return null;
    const { value, valuePlace } = found;
    return { value, origin: { kind: "written", place: valuePlace, variables: [] } };
  }

  /** A number; a bare name is 1, what is not written or no number is the default. */
  number(name: string, otherwise: number): Sourced<number> {
    const found = this.parameter(name);
    if (found === null)
      return {
        value: otherwise,
        origin: { kind: "default", rule: `${name} is ${otherwise} unless it is set`, place: null },
      };
    const place = found.valuePlace;
    if (found.value === null)
      return { value: 1, origin: { kind: "written", place, variables: [] } };
    if (/^\d{1,9}$/u.test(found.value))
      return { value: Number(found.value), origin: { kind: "written", place, variables: [] } };
    return {
      value: otherwise,
      origin: { kind: "default", rule: `${name} is not a number as it is written`, place },
    };
  }

  /** Where a password is; null when none is written, or on a command line, where no reference leads. */
  secret(name: string): Sourced<SecretReference> | null {
    const found = this.parameter(name);
    if (found === null || found.value === null || found.value === "" || !found.inIni) return null;
    const { file } = found.place;
    return {
      value: { kind: "config", path: file, at: `colon:${found.name}`, key: null },
      origin: { kind: "written", place: found.valuePlace, variables: [] },
    };
  }
}
