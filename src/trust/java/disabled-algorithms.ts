import type { Purpose } from "../verdict.ts";
import { plainDigestName } from "./algorithm-names.ts";

/** One condition of an entry of `jdk.certpath.disabledAlgorithms`; an entry's conditions must all hold. */
export type AlgorithmCondition =
  | { readonly kind: "key-size"; readonly operator: KeySizeOperator; readonly bits: number }
  /** The anchor is one of the JDK's own. */
  | { readonly kind: "jdk-ca" }
  /** From this UTC day on, ms since 1970. */
  | { readonly kind: "deny-after"; readonly day: string; readonly time: number }
  | { readonly kind: "usage"; readonly usages: readonly string[] };

/** Comparison of a key size condition. */
export type KeySizeOperator = "<" | "<=" | "==" | "!=" | ">" | ">=";

/** One entry: an algorithm, and the conditions under which it is refused; without conditions it always is. */
export interface AlgorithmEntry {
  readonly algorithm: string;
  readonly conditions: readonly AlgorithmCondition[];
}

/** A property such as `jdk.certpath.disabledAlgorithms`, understood. */
export interface DisabledAlgorithms {
  /** Whole entries in lower case: what is refused by its name alone. */
  readonly names: ReadonlySet<string>;
  /** Entries by algorithm in upper case. */
  readonly entries: ReadonlyMap<string, readonly AlgorithmEntry[]>;
}

/** Why a property makes no sense to the JDK, which then cannot start the class that reads it. */
export interface PropertyError {
  readonly message: string;
}

const OPERATORS: readonly string[] = ["<", "<=", "==", "!=", ">", ">="];

const compiled = new Map<string, DisabledAlgorithms | PropertyError>();

/**
 * Reads a property in the grammar of sun.security.util.DisabledAlgorithmConstraints.
 * @param curves value of `jdk.disabled.namedCurves`, for `include`
 */
export function readDisabledAlgorithms(
  property: string,
  curves: string,
): DisabledAlgorithms | PropertyError {
  const key = `${property}\n${curves}`;
  let known = compiled.get(key);
  if (known === undefined) {
    known = compile(property, curves);
    if (compiled.size < 64) compiled.set(key, known);
  }
  return known;
}

/** Whether reading a property failed. */
export function isPropertyError(read: DisabledAlgorithms | PropertyError): read is PropertyError {
  return "message" in read;
}

/** The members of a property as a sorted set without regard to case, as a TreeSet keeps them. */
function membersOf(property: string): readonly string[] {
  const bare = property.length >= 2 ? property.replace(/^"(.*)"$/s, "$1") : property;
  const members = bare === "" ? [] : bare.split(",").map((member) => member.trim());
  const unique = new Map<string, string>();
  for (const member of members)
    if (!unique.has(member.toLowerCase())) unique.set(member.toLowerCase(), member);
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
}

function compile(property: string, curves: string): DisabledAlgorithms | PropertyError {
  const own = membersOf(property);
  const rest = own.filter((member) => !/^include jdk\.disabled\.namedCurves$/i.test(member));
  const members = rest.length < own.length ? [...rest, ...membersOf(curves)] : own;
  const entries = new Map<string, AlgorithmEntry[]>();
  const curveNames = new Set(membersOf(curves).map((name) => name.toLowerCase()));
  for (const member of members) {
    if (member === "") continue;
    const read = readEntry(member, curveNames);
    if ("message" in read) return read;
    const key = read.algorithm.toUpperCase();
    entries.set(key, [...(entries.get(key) ?? []), read]);
  }
  return { names: new Set(members.map((member) => member.toLowerCase())), entries };
}

function readEntry(
  member: string,
  curveNames: ReadonlySet<string>,
): AlgorithmEntry | PropertyError {
  const space = member.indexOf(" ");
  const algorithm = plainDigestName(space > 0 ? member.slice(0, space) : member);
  // names of curves such as "X9.62 c2tnb191v1" have a blank, too
  if (space <= 0 || curveNames.has(member.toLowerCase()) || /^(X9\.62|NIST) /i.test(member))
    return { algorithm, conditions: [] };
  const conditions: AlgorithmCondition[] = [];
  for (const text of member.slice(space + 1).split("&")) {
    const condition = readCondition(text.trim());
    if ("message" in condition) return condition;
    const isOnce = condition.kind === "jdk-ca" || condition.kind === "deny-after";
    if (isOnce && conditions.some(({ kind }) => kind === condition.kind)) {
      const word = condition.kind === "jdk-ca" ? "jdkCA" : "denyAfter";
      return { message: `Only one ${word} entry allowed in property. Constraint: ${member}` };
    }
    conditions.push(condition);
  }
  return { algorithm, conditions };
}

function readCondition(text: string): AlgorithmCondition | PropertyError {
  const unknown = { message: `Error in security property. Constraint unknown: ${text}` };
  if (text.toLowerCase() === "jdkca") return { kind: "jdk-ca" };
  if (text.startsWith("keySize")) {
    const [word, operator = "", bits = ""] = text.split(/\s+/);
    if (word !== "keySize") return unknown;
    if (!isOperator(operator))
      return { message: `Error in security property. ${operator} is not a legal Operator` };
    return /^[+-]?\d+$/.test(bits)
      ? { kind: "key-size", operator, bits: Number(bits) }
      : { message: `For input string: "${bits}"` };
  }
  const day = /^denyAfter\s+(\d{4}-\d{2}-\d{2})$/.exec(text)?.[1];
  if (day !== undefined) {
    const time = Date.parse(`${day}T00:00:00Z`);
    const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
    return isReal ? { kind: "deny-after", day, time } : { message: "Invalid denyAfter date" };
  }
  if (text.startsWith("usage"))
    return { kind: "usage", usages: text.slice("usage".length).trim().split(" ") };
  return unknown;
}

function isOperator(text: string): text is KeySizeOperator {
  return OPERATORS.includes(text);
}

/** KeySizeConstraint.permitsImpl for a size that is known. */
export function permitsSize(operator: KeySizeOperator, bits: number, size: number): boolean {
  switch (operator) {
    case "<":
      return size >= bits;
    case "<=":
      return size >= bits + 1;
    case "==":
      return size !== bits;
    case "!=":
      return size === bits;
    case ">":
      return size <= bits;
    case ">=":
      return size <= (bits > 1 ? bits - 1 : 0);
  }
}

/** Whether a usage of the property stands for what a certificate is used for here. */
export function isUsage(usage: string, purpose: Purpose): boolean {
  return usage.toLowerCase() === (purpose === "server" ? "tlsserver" : "tlsclient");
}
