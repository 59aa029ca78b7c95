import { oid, sequence, set, value } from "./der-writer.ts";

/** String types of attribute values, by universal tag. */
export const STRING_TAGS = { utf8: 12, printable: 19, teletex: 20, ia5: 22, bmp: 30 } as const;

/** One attribute of a name. */
export interface AttributeSpec {
  readonly type: keyof typeof ATTRIBUTES;
  readonly text: string;
  readonly as: keyof typeof STRING_TAGS;
}

/** A distinguished name: RDNs in encoded order. */
export type NameSpec = readonly (readonly AttributeSpec[])[];

const ATTRIBUTES = {
  CN: "2.5.4.3",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  DC: "0.9.2342.19200300.100.1.25",
  UID: "0.9.2342.19200300.100.1.1",
  serialNumber: "2.5.4.5",
  title: "2.5.4.12",
  givenName: "2.5.4.42",
  emailAddress: "1.2.840.113549.1.9.1",
  unknown: "1.3.6.1.4.1.99999.7",
} as const;

/** An attribute; UTF8String unless said otherwise. */
export const attribute = (
  type: AttributeSpec["type"],
  text: string,
  as: AttributeSpec["as"] = "utf8",
): AttributeSpec => ({ type, text, as });

/** A name with one attribute in each RDN. */
export const nameOf = (...attributes: readonly AttributeSpec[]): NameSpec =>
  attributes.map((each) => [each]);

function encodeAttribute({ type, text, as }: AttributeSpec): Buffer {
  const content =
    as === "bmp"
      ? Buffer.from(text, "utf16le").swap16()
      : Buffer.from(text, as === "utf8" ? "utf8" : "latin1");
  return sequence(oid(ATTRIBUTES[type]), value(STRING_TAGS[as], content));
}

/** DER of a name; the attributes of an RDN are sorted as DER wants it. */
export function encodeName(name: NameSpec): Buffer {
  return sequence(
    ...name.map((rdn) => set(...rdn.map(encodeAttribute).toSorted((a, b) => Buffer.compare(a, b)))),
  );
}
