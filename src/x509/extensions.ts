import type { Certificate } from "./certificate.ts";
import type { Extension } from "./extension-list.ts";
import {
  readBitString,
  readBoolean,
  readIntegerBytes,
  readOid,
  readSmallInteger,
  hex,
} from "./der-values.ts";
import {
  contentOf,
  DerError,
  type DerReader,
  type Element,
  inside,
  onlyElement,
  Tag,
} from "./der.ts";
import { type GeneralName, readGeneralName } from "./general-name.ts";
import { ExtensionOid } from "./oids.ts";

/** An extension after decoding: absent, present, or present in a form that does not parse. */
export type Decoded<T> =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly critical: boolean; readonly value: T }
  | { readonly state: "malformed"; readonly critical: boolean; readonly message: string };

/** basicConstraints (RFC 5280 section 4.2.1.9). */
export interface BasicConstraints {
  readonly ca: boolean;
  /** Number of non-self-issued intermediates allowed below; null without limit. */
  readonly pathLength: number | null;
}

/** keyUsage bit names in bit order (RFC 5280 section 4.2.1.3). */
export type KeyUsageBit =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "dataEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign"
  | "encipherOnly"
  | "decipherOnly";

/** authorityKeyIdentifier (RFC 5280 section 4.2.1.1); hexadecimal texts. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: string | null;
  readonly issuer: readonly GeneralName[] | null;
  readonly serialNumber: string | null;
}

/** One subtree of nameConstraints (RFC 5280 section 4.2.1.10). */
export interface GeneralSubtree {
  readonly base: GeneralName;
  readonly minimum: number;
  readonly maximum: number | null;
}

/** nameConstraints; null where the list is absent. */
export interface NameConstraints {
  readonly permitted: readonly GeneralSubtree[] | null;
  readonly excluded: readonly GeneralSubtree[] | null;
}

/** One authorityInfoAccess description (RFC 5280 section 4.2.2.1). */
export interface AccessDescription {
  readonly method: string;
  readonly location: GeneralName;
}

const MAX_LIST = 20_000;

const KEY_USAGE_BITS: readonly KeyUsageBit[] = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

/** What was decoded of a certificate's extensions, by identifier. */
const decodings = new WeakMap<Certificate, Map<string, Decoded<unknown>>>();

/** A decoder of the extension with an identifier, which remembers its result per certificate. */
export function decoder<T>(
  oid: string,
  read: (value: Uint8Array) => T,
): (certificate: Certificate) => Decoded<T> {
  return (certificate) => {
    let memory = decodings.get(certificate);
    if (memory === undefined) {
      memory = new Map();
      decodings.set(certificate, memory);
    }
    const known = memory.get(oid);
    // one decoder per identifier: what it finds there it has written itself
    if (known !== undefined) return known as Decoded<T>;
    const decoded = decodeExtension(certificate.extensions, oid, read);
    memory.set(oid, decoded);
    return decoded;
  };
}

const ABSENT = { state: "absent" } as const;

/** Decodes the first extension with an identifier; `read` fails with a DerError. */
export function decodeExtension<T>(
  extensions: readonly Extension[],
  oid: string,
  read: (value: Uint8Array) => T,
): Decoded<T> {
  const extension = extensions.find((candidate) => candidate.oid === oid);
  if (extension === undefined) return ABSENT;
  const { critical } = extension;
  try {
    return { state: "present", critical, value: read(extension.value) };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { state: "malformed", critical, message: error.message };
  }
}

/** The value of an extension that is present and well-formed; undefined otherwise. */
export function valueOf<T>(decoded: Decoded<T>): T | undefined {
  return decoded.state === "present" ? decoded.value : undefined;
}

/** basicConstraints of a certificate. */
export const basicConstraints: (certificate: Certificate) => Decoded<BasicConstraints> = decoder(
  ExtensionOid.basicConstraints,
  (value) => {
    const reader = inside(onlyElement(value, Tag.sequence, "BasicConstraints"));
    const flag = reader.optional(Tag.boolean);
    const length = reader.optional(Tag.integer);
    reader.finish("BasicConstraints");
    return {
      ca: flag !== undefined && readBoolean(flag),
      pathLength: length === undefined ? null : readSmallInteger(length),
    };
  },
);

/** keyUsage of a certificate, as the set of bits that are set. */
export const keyUsage: (certificate: Certificate) => Decoded<ReadonlySet<KeyUsageBit>> = decoder(
  ExtensionOid.keyUsage,
  (value) => {
    const { bytes } = readBitString(onlyElement(value, Tag.bitString, "KeyUsage"));
    return new Set(
      KEY_USAGE_BITS.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0),
    );
  },
);

/** extendedKeyUsage of a certificate, as dotted identifiers. */
export const extendedKeyUsage: (certificate: Certificate) => Decoded<readonly string[]> = decoder(
  ExtensionOid.extendedKeyUsage,
  (value) =>
    readList(inside(onlyElement(value, Tag.sequence, "ExtKeyUsageSyntax")), (element) => {
      if (element.tag !== Tag.oid)
        throw new DerError("tag-unexpected", element.start, "Expected a key purpose");
      return readOid(element);
    }),
);

/** subjectAltName of a certificate. */
export const subjectAltName: (certificate: Certificate) => Decoded<readonly GeneralName[]> =
  decoder(ExtensionOid.subjectAltName, (value) =>
    readList(inside(onlyElement(value, Tag.sequence, "GeneralNames")), readGeneralName),
  );

/** subjectKeyIdentifier of a certificate, hexadecimal. */
export const subjectKeyIdentifier: (certificate: Certificate) => Decoded<string> = decoder(
  ExtensionOid.subjectKeyIdentifier,
  (value) => hex(contentOf(onlyElement(value, Tag.octetString, "SubjectKeyIdentifier"))),
);

/** authorityKeyIdentifier of a certificate. */
export const authorityKeyIdentifier: (certificate: Certificate) => Decoded<AuthorityKeyIdentifier> =
  decoder(ExtensionOid.authorityKeyIdentifier, (value) => {
    const reader = inside(onlyElement(value, Tag.sequence, "AuthorityKeyIdentifier"));
    const key = reader.optional(0x80);
    const issuer = reader.optional(0xa1);
    const serial = reader.optional(0x82);
    reader.finish("AuthorityKeyIdentifier");
    return {
      keyIdentifier: key === undefined ? null : hex(contentOf(key)),
      issuer: issuer === undefined ? null : readList(inside(issuer), readGeneralName),
      serialNumber: serial === undefined ? null : hex(readIntegerBytes(serial)),
    };
  });

/** nameConstraints of a certificate. */
export const nameConstraints: (certificate: Certificate) => Decoded<NameConstraints> = decoder(
  ExtensionOid.nameConstraints,
  (value) => {
    const reader = inside(onlyElement(value, Tag.sequence, "NameConstraints"));
    const permitted = reader.optional(0xa0);
    const excluded = reader.optional(0xa1);
    reader.finish("NameConstraints");
    return {
      permitted: permitted === undefined ? null : readList(inside(permitted), readSubtree),
      excluded: excluded === undefined ? null : readList(inside(excluded), readSubtree),
    };
  },
);

/** authorityInfoAccess of a certificate. */
export const authorityInfoAccess: (
  certificate: Certificate,
) => Decoded<readonly AccessDescription[]> = decoder(ExtensionOid.authorityInfoAccess, (value) =>
  readList(inside(onlyElement(value, Tag.sequence, "AuthorityInfoAccess")), (element) => {
    const reader = inside(element);
    const method = readOid(reader.expect(Tag.oid, "an access method"));
    return { method, location: readGeneralName(reader.next()) };
  }),
);

/** tlsFeature of a certificate: the TLS extensions that its server has to answer (RFC 7633); 5 is stapling. */
export const tlsFeature: (certificate: Certificate) => Decoded<readonly number[]> = decoder(
  ExtensionOid.tlsFeature,
  (value) =>
    readList(inside(onlyElement(value, Tag.sequence, "Features")), (element) => {
      if (element.tag !== Tag.integer)
        throw new DerError("tag-unexpected", element.start, "Expected a TLS extension number");
      return readSmallInteger(element);
    }),
);

/** Netscape certificate type bits: the first octet of the BIT STRING. */
export const netscapeCertType: (certificate: Certificate) => Decoded<number> = decoder(
  ExtensionOid.netscapeCertType,
  (value) => readBitString(onlyElement(value, Tag.bitString, "NetscapeCertType")).bytes[0] ?? 0,
);

function readSubtree(element: Element): GeneralSubtree {
  const reader = inside(element);
  const base = readGeneralName(reader.next());
  const minimum = reader.optional(0x80);
  const maximum = reader.optional(0x81);
  reader.finish("a GeneralSubtree");
  return {
    base,
    minimum: minimum === undefined ? 0 : readSmallInteger(minimum),
    maximum: maximum === undefined ? null : readSmallInteger(maximum),
  };
}

/** Every element of a list, bounded. @throws {DerError} */
export function readList<T>(reader: DerReader, read: (element: Element) => T): readonly T[] {
  const list: T[] = [];
  while (!reader.done) {
    if (list.length >= MAX_LIST)
      throw new DerError("value-invalid", reader.offset, "List has too many members");
    list.push(read(reader.next()));
  }
  return list;
}
