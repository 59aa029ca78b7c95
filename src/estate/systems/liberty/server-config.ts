import type { SecretReference } from "../../estate.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { type Place, placeOf, type Sourced } from "../origin.ts";
import { encodingOf } from "../secret/decode-password.ts";
import type { XmlElement } from "../xml/element.ts";
import type { LibertyLayout } from "./layout.ts";
import type { MergedElement } from "./merge.ts";
import type { LibertyRuntime } from "./runtime.ts";
import type { Variables } from "./variables.ts";

/** Name of the variable that holds the passphrase of {aes}. */
const KEY_VARIABLE = "wlp.password.encryption.key";

/** Something with attributes: a merged element or one inside it. */
export type Attributed =
  | MergedElement
  | Pick<XmlElement, "attributes" | "place" | "children" | "local">;

/** A whole Liberty configuration, merged, with its variables. */
export class ServerConfig {
  readonly layout: LibertyLayout;
  readonly runtime: LibertyRuntime;
  readonly variables: Variables;
  readonly builder: ImportBuilder;
  readonly #elements: readonly MergedElement[];
  readonly #told = new Set<string>();

  constructor(
    parts: Pick<ServerConfig, "layout" | "runtime" | "variables" | "builder">,
    elements: readonly MergedElement[],
  ) {
    this.layout = parts.layout;
    this.runtime = parts.runtime;
    this.variables = parts.variables;
    this.builder = parts.builder;
    this.#elements = elements;
  }

  /** Elements of one kind, in the order of their first parts. */
  all(kind: string): readonly MergedElement[] {
    return this.#elements.filter((element) => element.kind === kind);
  }

  /** The element of a kind and id; null without one. */
  byId(kind: string, id: string): MergedElement | null {
    return this.#elements.find((element) => element.kind === kind && element.id === id) ?? null;
  }

  /** The only element of a kind; null without one. */
  single(kind: string): MergedElement | null {
    return this.all(kind)[0] ?? null;
  }

  /** An attribute with its variables resolved; one that cannot be is told, and the attribute is null. */
  text(element: Attributed, name: string): Sourced<string> | null {
    const raw = rawAttribute(element, name);
    if (raw === null) return null;
    const resolved = this.variables.resolve(raw);
    const [missing] = resolved.unresolved;
    if (missing === undefined) return { value: resolved.value.trim(), origin: resolved.origin };
    this.#unresolved(missing, name, placeOf(raw));
    return null;
  }

  /** Whether an attribute is there, resolvable or not. */
  has(element: Attributed, name: string): boolean {
    return rawAttribute(element, name) !== null;
  }

  /** A boolean attribute; null when it is not there or is no boolean. */
  flag(element: Attributed, name: string): Sourced<boolean> | null {
    const found = this.text(element, name);
    const value = found?.value.toLowerCase();
    return found !== null && (value === "true" || value === "false")
      ? { value: value === "true", origin: found.origin }
      : null;
  }

  /** Where a password is; null when there is none, or none that could be referred to. */
  password(element: Attributed, name: string): Sourced<SecretReference> | null {
    const raw = rawAttribute(element, name);
    const place = raw === null ? null : placeOf(raw);
    if (raw === null || place === null || raw.value === "") return null;
    const expanded = this.variables.expand(raw.value);
    const [missing] = expanded.unresolved;
    if (missing !== undefined) {
      this.#unresolved(missing, name, place);
      return null;
    }
    const reference = raw.value.includes("${")
      ? expanded.secret
      : ({ kind: "config", path: place.file, at: `xml:${place.at}`, key: null } as const);
    if (reference === null) {
      this.builder.note(
        "The password is put together of several parts, which cannot be referred to; give it with password: in the estate",
        place,
      );
      return null;
    }
    const origin = { kind: "written" as const, place, variables: expanded.uses };
    return { value: this.#withKey(reference, expanded.value, place), origin };
  }

  #withKey(reference: SecretReference, text: string, place: Place): SecretReference {
    const encoding = encodingOf(text);
    if (encoding === "hash" || encoding === "custom")
      this.builder.note(
        encoding === "hash"
          ? "A password encoded with {hash} is one-way and opens no store"
          : "A password with a {custom} encoding needs the product's extension and is not decoded",
        place,
      );
    if (encoding !== "aes") return reference;
    const key = this.variables.find(KEY_VARIABLE);
    if (key === null) {
      this.#once(`key ${place.file}:${place.line}:${place.column}`, () =>
        this.builder.issue({
          code: "estate.default-key",
          severity: "warning",
          summary:
            "The password is encrypted with Liberty's default key, which everybody knows: it is no secret",
          place,
          remedy: [
            `Set ${KEY_VARIABLE} in a file that only the server can read, for example bootstrap.properties`,
            "securityUtility encode --encoding=aes --key=THE_KEY THE_PASSWORD",
          ],
        }),
      );
      return reference;
    }
    if (key.secret === null) return reference;
    return reference.kind === "config" ? { ...reference, key: key.secret } : reference;
  }

  #unresolved(missing: string, attribute: string, place: Place | null): void {
    this.#once(`${missing} ${JSON.stringify(place)}`, () =>
      this.builder.issue({
        code: "estate.unresolved-variable",
        severity: "warning",
        summary: `Nothing defines \${${missing}}, which ${attribute} uses`,
        place,
        remedy: [
          `Define ${missing} in bootstrap.properties, server.env or a <variable>; a variable of the server's environment is given to Anchorwatch in its own`,
        ],
      }),
    );
  }

  #once(key: string, tell: () => void): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    tell();
  }
}

function rawAttribute(element: Attributed, name: string): Sourced<string> | null {
  if ("kind" in element) return element.attributes.get(name) ?? null;
  const attribute = element.attributes.get(name);
  return attribute === undefined
    ? null
    : {
        value: attribute.value,
        origin: { kind: "written", place: attribute.place, variables: [] },
      };
}
