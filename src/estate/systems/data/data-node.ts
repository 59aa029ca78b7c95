import type { TextPosition } from "../text-position.ts";

/** A value of a JSON or YAML document with its place. */
export type DataNode = DataScalar | DataList | DataMap;

/** A text, a number, a truth value, or nothing. */
export interface DataScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly position: TextPosition;
}

/** A list. */
export interface DataList {
  readonly kind: "list";
  readonly items: readonly DataNode[];
  readonly position: TextPosition;
}

/** A mapping; of a repeated key the last value counts. */
export interface DataMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, DataEntry>;
  readonly position: TextPosition;
}

/** A key of a mapping with its value. */
export interface DataEntry {
  readonly key: string;
  readonly keyPosition: TextPosition;
  readonly value: DataNode;
}

/** The value under a key; null when the node is no mapping or has no such key. */
export function member(node: DataNode | null, key: string): DataNode | null {
  return node?.kind === "map" ? (node.entries.get(key)?.value ?? null) : null;
}

/** The value under a path of keys. */
export function memberAt(node: DataNode | null, ...keys: readonly string[]): DataNode | null {
  return keys.reduce<DataNode | null>(member, node);
}

/** The value under the first of several names that is there: formats rename their keys. */
export function memberOf(node: DataNode | null, keys: readonly string[]): DataNode | null {
  for (const key of keys) {
    const found = member(node, key);
    if (found !== null) return found;
  }
  return null;
}

/** Items of a list; none of anything else. */
export function itemsOf(node: DataNode | null): readonly DataNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** A scalar as text: numbers and truth values as JSON writes them; null for lists, mappings and nothing. */
export function textOf(node: DataNode | null): string | null {
  return node?.kind === "scalar" && node.value !== null ? String(node.value) : null;
}

/** A truth value, also written as a text; null for anything else. */
export function truthOf(node: DataNode | null): boolean | null {
  const text = textOf(node)?.toLowerCase();
  return text === "true" ? true : text === "false" ? false : null;
}

/** A whole number, also written as a text; null for anything else. */
export function numberOf(node: DataNode | null): number | null {
  const text = textOf(node);
  return text !== null && /^-?\d{1,15}$/u.test(text) ? Number(text) : null;
}
