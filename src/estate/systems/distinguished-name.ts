import { ATTRIBUTE_NAMES } from "../../x509/oids.ts";
import type { Name } from "../../x509/name.ts";

/** One attribute of a name that people wrote. */
export interface WrittenAttribute {
  /** Upper-case short name, e.g. `CN`; the dotted identifier where it has none. */
  readonly type: string;
  readonly value: string;
}

/** How two names differ, most telling first. */
export type NameDifference =
  /** An attribute of the certificate is not in the written name, or the other way round. */
  | { readonly kind: "missing" | "extra"; readonly attribute: WrittenAttribute }
  | {
      readonly kind: "value";
      readonly type: string;
      readonly written: string;
      readonly actual: string;
    }
  /** The same attributes in another order. */
  | { readonly kind: "order" }
  /** Only the case of letters or the blanks differ. */
  | { readonly kind: "case" };

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["S", "ST"],
  ["SP", "ST"],
  ["E", "EMAILADDRESS"],
  ["EMAIL", "EMAILADDRESS"],
  ["USERID", "UID"],
  ["TITLE", "T"],
  ["SN", "SURNAME"],
]);

/** Longest written name that is taken apart. */
const MAX_LENGTH = 8192;

/**
 * Takes a name apart that is written as in RFC 4514 or 2253, with the liberties of the products: any case of types,
 * blanks around signs, quotes, `OID.` in front of identifiers. Null when it is no name.
 */
export function parseWrittenName(text: string): readonly WrittenAttribute[] | null {
  if (text.length > MAX_LENGTH) return null;
  const attributes: WrittenAttribute[] = [];
  const part =
    /\s*(?:oid\.)?([a-z][a-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*("(?:[^"\\]|\\.)*"|(?:[^,;+"\\]|\\.)*)\s*(?:[,;+]|$)/iuy;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return null;
    const [, type = "", value = ""] = match;
    const upper = type.toUpperCase();
    attributes.push({
      type: ATTRIBUTE_NAMES.get(type) ?? ALIASES.get(upper) ?? upper,
      value: unescaped(value.trim()),
    });
  }
  return attributes.length === 0 ? null : attributes;
}

function unescaped(value: string): string {
  const inner = value.startsWith('"') ? value.slice(1, -1) : value;
  return inner.replace(/\\(.)/gsu, "$1");
}

/** The attributes of a certificate's name, the most specific first, as people write them. */
export function attributesOf({ rdns }: Name): readonly WrittenAttribute[] {
  return rdns
    .toReversed()
    .flat()
    .map(({ type, text }) => ({ type: ATTRIBUTE_NAMES.get(type) ?? type, value: text }));
}

/** How a written name differs from the one that a certificate has; empty when they are the same, letter by letter. */
export function nameDifferences(
  written: readonly WrittenAttribute[],
  actual: readonly WrittenAttribute[],
): readonly NameDifference[] {
  const missing = [...actual];
  const extra: WrittenAttribute[] = [];
  for (const attribute of written) {
    const same = missing.findIndex((other) => folded(other) === folded(attribute));
    if (same >= 0) missing.splice(same, 1);
    else extra.push(attribute);
  }
  if (missing.length > 0 || extra.length > 0) return paired(missing, extra);
  const sequence = (names: readonly WrittenAttribute[]): string => names.map(folded).join("\n");
  if (sequence(written) !== sequence(actual)) return [{ kind: "order" }];
  const exact = written.every(({ value }, index) => value === actual[index]?.value);
  return exact ? [] : [{ kind: "case" }];
}

/** A type that is both missing and extra has another value. */
function paired(
  missing: readonly WrittenAttribute[],
  extra: readonly WrittenAttribute[],
): readonly NameDifference[] {
  const left = [...missing];
  const others = extra.map((attribute): NameDifference => {
    const index = left.findIndex(({ type }) => type === attribute.type);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    const { type, value: written } = attribute;
    return found === undefined
      ? { kind: "extra", attribute }
      : { kind: "value", type, written, actual: found.value };
  });
  return [...left.map((attribute): NameDifference => ({ kind: "missing", attribute })), ...others];
}

const folded = ({ type, value }: WrittenAttribute): string =>
  `${type}=${value.trim().replace(/\s+/gu, " ").toLowerCase()}`;

/** A difference as a clause of a sentence about the written name. */
export function differenceText(difference: NameDifference): string {
  switch (difference.kind) {
    case "missing":
      return `${difference.attribute.type}=${difference.attribute.value} is missing`;
    case "extra":
      return `${difference.attribute.type}=${difference.attribute.value} is not in the certificate`;
    case "value":
      return `${difference.type} is ${difference.written} and not ${difference.actual}`;
    case "order":
      return "the attributes stand in another order";
    case "case":
      return "case or blanks differ";
  }
}
