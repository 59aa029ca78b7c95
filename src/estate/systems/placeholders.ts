import type { SecretReference } from "../estate.ts";
import type { Place, Sourced, VariableUse } from "./origin.ts";

/** What a name in a placeholder stands for. */
export interface PlaceholderValue {
  readonly value: string;
  readonly source: string;
  readonly place: Place | null;
}

/** How a system writes defaults in placeholders. */
export interface PlaceholderSyntax {
  readonly find: (name: string) => PlaceholderValue | null;
  /** Between name and default: `:` in Spring and WildFly, `:-` in Tomcat. */
  readonly separator: ":" | ":-";
}

/** A text with its placeholders put in. */
export interface FilledText extends Sourced<string> {
  /** Names that nothing defines and that have no default. */
  readonly unresolved: readonly string[];
}

const LIMITS = { depth: 10, length: 16_384 } as const;

/** Puts `${name}` and `${name:default}` in, also inside defaults; what nothing defines stays as it is written. */
export function fillPlaceholders(
  written: Sourced<string>,
  { find, separator }: PlaceholderSyntax,
): FilledText {
  const uses: VariableUse[] = [];
  const unresolved: string[] = [];
  let { value } = written;
  for (let round = 0; round < LIMITS.depth; round += 1) {
    let changed = false;
    // the innermost come first: none of them holds a brace
    value = value
      .replace(/\$\{([^${}]{1,500})\}/gu, (whole, inner: string) => {
        const at = inner.indexOf(separator);
        const name = at < 0 ? inner : inner.slice(0, at);
        const found = find(name.trim());
        if (found === null && at < 0) {
          if (!unresolved.includes(name)) unresolved.push(name);
          return whole;
        }
        changed = true;
        const source = found?.source ?? "default";
        uses.push({ name, source, place: found?.place ?? null });
        return found?.value ?? inner.slice(at + separator.length);
      })
      .slice(0, LIMITS.length);
    if (!changed) break;
  }
  const { origin } = written;
  return {
    value,
    unresolved,
    origin:
      origin.kind === "written" ? { ...origin, variables: [...origin.variables, ...uses] } : origin,
  };
}

/** Where a password is written. */
export interface PasswordPlace {
  readonly file: string;
  /** Place for a reference, e.g. `xml:Server/Service/Connector/@keystorePass`. */
  readonly locator: string;
  /** The name of the environment's variable that a text is as a whole; null for any other text. */
  readonly variable: (text: string) => string | null;
}

/** `${NAME}` and `${env.NAME}`, and as Kafka writes it `${env:NAME}`. */
export const anyVariable = (text: string): string | null =>
  /^\$\{(?:env[.:])?([A-Za-z_]\w*)\}$/u.exec(text)?.[1] ?? null;

/** `${env.NAME}` alone: other names are properties of the system. */
export const prefixedVariable = (text: string): string | null =>
  /^\$\{env\.([A-Za-z_]\w*)\}$/u.exec(text)?.[1] ?? null;

/**
 * Where a password is that is written in a configuration: in the environment where the whole of it is one variable of it,
 * else in the configuration itself. Null when it is empty, or mixed from several sources, which no reference describes.
 */
export function passwordReference(
  { value, origin }: Sourced<string>,
  { file, locator, variable }: PasswordPlace,
): Sourced<SecretReference> | null {
  if (value === "") return null;
  const name = variable(value);
  if (name !== null) return { value: { kind: "env", name }, origin };
  if (value.includes("${")) return null;
  return { value: { kind: "config", path: file, at: locator, key: null }, origin };
}
