import type { SecretReference } from "../../estate.ts";
import type { Place, Sourced, VariableUse } from "../origin.ts";

/** A variable of a server. */
export interface Variable {
  readonly name: string;
  /** Other variables in it are not resolved yet. */
  readonly value: string;
  /** What sets it, as people say it. */
  readonly source: string;
  readonly place: Place | null;
  /** Where its value is, for a password that consists of this variable alone. */
  readonly secret: SecretReference | null;
}

/** Bounds of expanding one value: a few short variables must not become gigabytes. */
const LIMITS = { depth: 20, replacements: 500, length: 65_536 } as const;

/** A value with its variables resolved as far as they can be. */
export interface Expanded {
  /** Variables that nothing defines stay as they are written. */
  readonly value: string;
  readonly uses: readonly VariableUse[];
  /** Names that nothing defines, or that need themselves. */
  readonly unresolved: readonly string[];
  /** Set where the whole value is one variable: where that one's value is. */
  readonly secret: SecretReference | null;
}

/**
 * The variables of a Liberty server in Liberty's precedence, low to high: defaultValue in XML, environment,
 * bootstrap.properties, Java system properties, variables folder, value in XML.
 */
export class Variables {
  readonly #defaults = new Map<string, Variable>();
  readonly #environment = new Map<string, Variable>();
  readonly #values = new Map<string, Variable>();

  /** Sets what `<variable defaultValue>` gives: the lowest. */
  addDefault(variable: Variable): void {
    this.#defaults.set(variable.name, variable);
  }

  /** Sets a variable of the environment; of equal names the last counts. */
  addEnvironment(variable: Variable): void {
    this.#environment.set(variable.name, variable);
  }

  /** Sets a variable above the environment; the last call counts, so the lowest source comes first. */
  add(variable: Variable): void {
    this.#values.set(variable.name, variable);
  }

  /** The variable behind a name, by precedence; null when nothing defines it. */
  find(name: string): Variable | null {
    const environment = name.startsWith("env.") ? this.#environment.get(name.slice(4)) : undefined;
    return (
      environment ??
      this.#values.get(name) ??
      this.#fromEnvironment(name) ??
      this.#defaults.get(name) ??
      null
    );
  }

  /** A variable of the environment by its very name. */
  environment(name: string): Variable | null {
    return this.#environment.get(name) ?? null;
  }

  /** A variable that the server's own files put into its environment; this process's own does not count. */
  serverEnvironment(name: string): Variable | null {
    const variable = this.environment(name);
    return variable?.place === null ? null : variable;
  }

  /** A name as it is, with other characters than letters and digits as `_`, and that in upper case. */
  #fromEnvironment(name: string): Variable | undefined {
    const plain = name.replace(/[^A-Za-z0-9]/g, "_");
    return (
      this.#environment.get(name) ??
      this.#environment.get(plain) ??
      this.#environment.get(plain.toUpperCase())
    );
  }

  /** Resolves `${name}`, `${env.NAME}`, `${list(name)}` and sums such as `${port+1}`. */
  expand(text: string): Expanded {
    const uses = new Map<string, VariableUse>();
    const unresolved = new Set<string>();
    let replacements = 0;
    const inside = (value: string, depth: number, open: ReadonlySet<string>): string =>
      value.replace(/\$\{([^${}]{1,256})\}/g, (whole, expression: string) => {
        if (++replacements > LIMITS.replacements || depth > LIMITS.depth) {
          unresolved.add(expression);
          return whole;
        }
        const lookUp = (name: string): string | null => {
          const variable = open.has(name) ? null : this.find(name);
          if (variable === null) return null;
          const { source, place } = variable;
          uses.set(name, { name, source, place });
          return inside(variable.value, depth + 1, new Set([...open, name]));
        };
        const name = /^list\((.*)\)$/.exec(expression)?.[1] ?? expression;
        const found = lookUp(name) ?? sumOf(name, lookUp);
        if (found === null) unresolved.add(name);
        return found ?? whole;
      });
    const value = inside(text, 0, new Set()).slice(0, LIMITS.length);
    return {
      value,
      uses: [...uses.values()],
      unresolved: [...unresolved],
      secret: this.#secretOf(text, 0),
    };
  }

  /** Resolves a value, keeping its place and adding the variables to its origin. */
  resolve(sourced: Sourced<string>): Sourced<string> & { readonly unresolved: readonly string[] } {
    const { value, uses, unresolved } = this.expand(sourced.value);
    const { origin } = sourced;
    if (origin.kind !== "written") return { value, origin, unresolved };
    return {
      value,
      origin: { ...origin, variables: [...origin.variables, ...uses] },
      unresolved,
    };
  }

  #secretOf(text: string, depth: number): SecretReference | null {
    const name = /^\s*\$\{([^${}]{1,256})\}\s*$/.exec(text)?.[1];
    const variable = name === undefined ? null : this.find(name);
    if (variable === null || depth > LIMITS.depth) return null;
    return variable.value.includes("${")
      ? this.#secretOf(variable.value, depth + 1)
      : variable.secret;
  }
}

/** Sums and their like of whole numbers and variables; null when an operand is neither. */
function sumOf(expression: string, lookUp: (name: string) => string | null): string | null {
  const [, left, operator, right] = /^([\w.-]+?)([+\-*/])([\w.]+)$/.exec(expression) ?? [];
  if (left === undefined || right === undefined) return null;
  const number = (operand: string): number =>
    Number.parseInt(/^\d{1,9}$/.test(operand) ? operand : (lookUp(operand) ?? ""), 10);
  const [a, b] = [number(left), number(right)];
  if (Number.isNaN(a) || Number.isNaN(b)) return null;
  switch (operator) {
    case "+":
      return String(a + b);
    case "-":
      return String(a - b);
    case "*":
      return String(a * b);
    default:
      return b === 0 ? null : String(Math.trunc(a / b));
  }
}
