import type { Place, Sourced } from "../origin.ts";
import { attributeOf, type XmlElement } from "../xml/element.ts";

/** What an include says about elements that the including file has as well. */
export type ConflictMode = "MERGE" | "REPLACE" | "IGNORE";

/** A top-level element in the order in which the server reads. */
export interface LoadedElement {
  readonly element: XmlElement;
  /** Set for elements of an include with onConflict: the including file and what it asks for. */
  readonly conflict: { readonly mode: ConflictMode; readonly includer: string } | null;
}

/** An element of the whole configuration: every part of the same kind and id merged. */
export interface MergedElement {
  readonly kind: string;
  /** Null for an element without an id of its own or by default. */
  readonly id: string | null;
  readonly attributes: ReadonlyMap<string, Sourced<string>>;
  readonly children: readonly XmlElement[];
  /** Where the first part stands. */
  readonly place: Place;
}

/** Elements that exist once in a server, with or without an id. */
const SINGLETONS: ReadonlySet<string> = new Set([
  "featureManager",
  "sslDefault",
  "logging",
  "ibmPfs_restConfig",
]);

/** Ids that Liberty gives to elements which have none (metatype defaults). */
const DEFAULT_IDS: ReadonlyMap<string, string> = new Map([
  ["keyStore", "defaultKeyStore"],
  ["ssl", "defaultSSLConfig"],
  ["httpEndpoint", "defaultHttpEndpoint"],
]);

/** Merges elements of the same kind and id: the last attribute wins; conflicts with includes are settled first. */
export function mergeElements(loaded: readonly LoadedElement[]): readonly MergedElement[] {
  const groups = new Map<string, LoadedElement[]>();
  for (const [index, each] of loaded.entries()) {
    const key = keyOf(each.element, index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap((group) => mergeGroup(settleConflicts(group)) ?? []);
}

/** The id of a store that stands inside an `<ssl>`: its own, or one made from that of the `<ssl>`. */
export const nestedStoreId = (sslId: string | null, { local, attributes }: XmlElement): string =>
  attributes.get("id")?.value ?? `${sslId ?? "ssl"}-${local}`;

/** The stores that stand inside `<ssl>` elements, as if they stood beside them. */
export function nestedStores(elements: readonly MergedElement[]): readonly MergedElement[] {
  return elements.flatMap(({ kind, id, children }) =>
    kind === "ssl"
      ? children.flatMap((child) =>
          child.local === "keyStore" || child.local === "trustStore"
            ? [storeFrom(child, nestedStoreId(id, child))]
            : [],
        )
      : [],
  );
}

function storeFrom(element: XmlElement, id: string): MergedElement {
  const attributes = new Map<string, Sourced<string>>();
  for (const name of element.attributes.keys()) {
    const value = attributeOf(element, name);
    if (value !== null) attributes.set(name, value);
  }
  return { kind: "keyStore", id, attributes, children: element.children, place: element.place };
}

function keyOf(element: XmlElement, index: number): string {
  const { local } = element;
  if (SINGLETONS.has(local)) return JSON.stringify([local]);
  const id = idOf(element);
  return JSON.stringify(id === null ? [local, index] : [local, id]);
}

const idOf = ({ local, attributes }: XmlElement): string | null =>
  attributes.get("id")?.value ?? DEFAULT_IDS.get(local) ?? null;

/** `REPLACE`: the include's element instead of the includer's; `IGNORE`: the other way round. */
export function settleConflicts(group: readonly LoadedElement[]): readonly LoadedElement[] {
  const has = (file: string): boolean => group.some(({ element }) => element.place.file === file);
  const replaced = new Set(
    group.flatMap(({ conflict }) => (conflict?.mode === "REPLACE" ? [conflict.includer] : [])),
  );
  return group.filter(
    ({ element, conflict }) =>
      !replaced.has(element.place.file) && !(conflict?.mode === "IGNORE" && has(conflict.includer)),
  );
}

function mergeGroup(group: readonly LoadedElement[]): MergedElement | null {
  const [first] = group;
  if (first === undefined) return null;
  const attributes = new Map<string, Sourced<string>>();
  for (const { element } of group)
    for (const name of element.attributes.keys()) {
      const value = attributeOf(element, name);
      if (value !== null) attributes.set(name, value);
    }
  return {
    kind: first.element.local,
    id: idOf(first.element),
    attributes,
    children: group.flatMap(({ element }) => element.children),
    place: first.element.place,
  };
}
