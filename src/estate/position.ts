import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { printable } from "./printable.ts";

/** Keys and indices that lead to a value in a document. */
export type DocumentPath = readonly (string | number)[];

const keyText = (pair: Pair): string | null => (isScalar(pair.key) ? String(pair.key.value) : null);

/**
 * Offset of a value: where its text starts. A value that is not there has the offset of the nearest
 * one around it that is.
 */
export function valueOffset(document: Document, path: DocumentPath): number {
  return stepsTo(document, path).at(-1)?.value ?? 0;
}

/**
 * Offset of the key under which a value stands, or of the value itself where no key leads to it.
 * A key that is not there has the offset of the key around it.
 */
export function keyOffset(document: Document, path: DocumentPath): number {
  const last = stepsTo(document, path).at(-1);
  return last?.key ?? last?.value ?? 0;
}

interface Step {
  readonly key: number | null;
  readonly value: number;
}

function stepsTo(document: Document, path: DocumentPath): readonly Step[] {
  let node: unknown = document.contents;
  const steps: Step[] = [];
  for (const segment of path) {
    const step = child(node, segment);
    if (step === null) break;
    steps.push({ key: step.key, value: startOf(step.node) ?? step.key ?? 0 });
    node = step.node;
  }
  return steps;
}

function child(
  node: unknown,
  segment: string | number,
): { readonly node: unknown; readonly key: number | null } | null {
  if (isSeq(node)) {
    const item = node.items[Number(segment)];
    return item === undefined ? null : { node: item, key: null };
  }
  if (!isMap(node)) return null;
  const pair = pairsOf(node).get(String(segment));
  return pair === undefined ? null : { node: pair.value, key: startOf(pair.key) };
}

/** The pairs of mappings that were asked for, by key: a large one is asked for each of its entries. */
const PAIRS = new WeakMap<object, ReadonlyMap<string, Pair>>();

function pairsOf(node: YAMLMap): ReadonlyMap<string, Pair> {
  let pairs = PAIRS.get(node);
  if (pairs === undefined) {
    // of a repeated key the last value counts
    pairs = new Map(
      node.items.flatMap((pair) => {
        const key = keyText(pair);
        return key === null ? [] : [[key, pair] as const];
      }),
    );
    PAIRS.set(node, pairs);
  }
  return pairs;
}

const startOf = (node: unknown): number | null =>
  isNode(node) && node.range ? node.range[0] : null;

/** A key that is written more than once in one mapping. */
export interface DuplicateKey {
  readonly path: DocumentPath;
  /** Offset of the repetition. */
  readonly offset: number;
  /** Offset of the first occurrence. */
  readonly first: number;
}

/** Every repeated key of a document, in document order, in time linear in its size. */
export function duplicateKeys(document: Document): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const walk = (node: unknown, path: DocumentPath): void => {
    if (isSeq<Node>(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index]);
      return;
    }
    if (!isMap(node)) return;
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const key = keyText(pair);
      if (key === null) continue;
      const offset = startOf(pair.key) ?? 0;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, offset);
      else found.push({ path: [...path, key], offset, first });
      walk(pair.value, [...path, key]);
    }
  };
  walk(document.contents, []);
  return found.toSorted((a, b) => a.offset - b.offset);
}

/** A path as people read it: `links[2].to[0]`, `endpoints.bpm-east.url`. Bounded and printable. */
export function pathText(path: DocumentPath): string {
  let text = "";
  for (const segment of path) {
    if (typeof segment === "number") text += `[${segment}]`;
    else text += text === "" ? bounded(segment) : `.${bounded(segment)}`;
  }
  return text;
}

const bounded = (segment: string): string => printable(segment.slice(0, 128).toWellFormed());
