import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import { printable } from "../../printable.ts";
import type { TextFault, TextPosition } from "../text-position.ts";
import type { DataEntry, DataNode } from "./data-node.ts";

/** The documents of a YAML file that could be read, and what spoils the others. */
export interface YamlFile {
  /** Empty documents are left out. */
  readonly documents: readonly DataNode[];
  readonly faults: readonly TextFault[];
}

/** Deepest nesting that is read. */
const MAX_DEPTH = 100;

/** Most values of one file, those that aliases repeat included. */
const MAX_VALUES = 200_000;

/** Most faults that are told: after the first, most follow from it. */
const MAX_FAULTS = 20;

/** Parses YAML 1.2 with the place of every value; a file may hold several documents. Aliases and merge keys are followed. */
export function parseYaml(text: string): YamlFile {
  const lineCounter = new LineCounter();
  const options = { lineCounter, uniqueKeys: false, prettyErrors: false, merge: true } as const;
  const parsed = parseAllDocuments(text.startsWith("\uFEFF") ? text.slice(1) : text, options);
  const documents: DataNode[] = [];
  const faults: TextFault[] = [];
  const positionOf = (offset: number): TextPosition => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const document of Array.isArray(parsed) ? parsed : []) {
    if (document.errors.length > 0) {
      for (const { pos, message } of document.errors.slice(0, MAX_FAULTS - faults.length))
        faults.push({
          position: positionOf(pos[0]),
          message: `Not YAML: ${printable(message.split("\n")[0] ?? "")}`,
        });
      continue;
    }
    const reading: Reading = { positionOf, anchors: new Map(), left: MAX_VALUES };
    const node = convert(document.contents, reading, 0);
    if (reading.left <= 0 && faults.length < MAX_FAULTS)
      faults.push({
        position: positionOf(0),
        message: `More than ${MAX_VALUES} values; the rest is not read`,
      });
    if (node !== null) documents.push(node);
  }
  return { documents, faults };
}

interface Reading {
  readonly positionOf: (offset: number) => TextPosition;
  /** The last node of each name so far: an alias stands for the one in front of it. */
  readonly anchors: Map<string, unknown>;
  /** Values that may still be read. */
  left: number;
}

function convert(node: unknown, reading: Reading, depth: number): DataNode | null {
  const { positionOf, anchors } = reading;
  reading.left -= 1;
  if (reading.left <= 0 || depth > MAX_DEPTH) return null;
  const walk = (inside: unknown): DataNode | null => convert(inside, reading, depth + 1);
  if (isAlias(node)) return walk(anchors.get(node.source));
  if (isNode(node) && "anchor" in node && typeof node.anchor === "string")
    anchors.set(node.anchor, node);
  if (isScalar(node)) {
    const { value } = node;
    const position = positionOf(node.range?.[0] ?? 0);
    const plain = typeof value === "string" || typeof value === "boolean" || value === null;
    if (plain) return { kind: "scalar", value, position };
    // a long number stays what was written: a serial number is not arithmetic
    return typeof value === "number" && Number.isSafeInteger(value)
      ? { kind: "scalar", value, position }
      : { kind: "scalar", value: node.source ?? "", position };
  }
  if (isSeq(node)) {
    const position = positionOf(node.range?.[0] ?? 0);
    return { kind: "list", items: node.items.flatMap((item) => walk(item) ?? []), position };
  }
  if (!isMap(node)) return null;
  const entries = new Map<string, DataEntry>();
  const merged: DataNode[] = [];
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const name = typeof key.value === "symbol" ? "<<" : String(key.value);
    const keyPosition = positionOf(key.range?.[0] ?? 0);
    const converted = walk(value) ?? { kind: "scalar", value: null, position: keyPosition };
    if (name === "<<") merged.push(...(converted.kind === "list" ? converted.items : [converted]));
    else entries.set(name, { key: name, keyPosition, value: converted });
  }
  for (const source of merged) {
    if (source.kind !== "map") continue;
    for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
  }
  return { kind: "map", entries, position: positionOf(node.range?.[0] ?? 0) };
}
