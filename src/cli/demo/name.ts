import { type Asn1, oid, printable, sequence, set, utf8 } from "./asn1.ts";

const ATTRIBUTES = {
  CN: "2.5.4.3",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
} as const;

/** A distinguished name: attributes in the order in which they are encoded, so usually the country first. */
export type Name = readonly (readonly [attribute: keyof typeof ATTRIBUTES, value: string])[];

/** Name of RFC 5280 section 4.1.2.4; the country is a PrintableString, everything else a UTF8String. */
export function encodeName(name: Name): Asn1 {
  return sequence(
    ...name.map(([attribute, value]) =>
      set(sequence(oid(ATTRIBUTES[attribute]), attribute === "C" ? printable(value) : utf8(value))),
    ),
  );
}
