import { readBitString, readBoolean } from "./der-values.ts";
import { type DerReader, type Element, encodingOf, inside, onlyElement, Tag } from "./der.ts";
import { type Decoded, decodeExtension, decoder, readList } from "./extensions.ts";
import type { Certificate } from "./certificate.ts";
import type { Extension } from "./extension-list.ts";
import { type GeneralName, readGeneralName } from "./general-name.ts";
import { ExtensionOid } from "./oids.ts";

/** Where a revocation list is found: whole names, or what has to be added to its issuer's name (DER of the RDN). */
export type DistributionPointName =
  | { readonly kind: "full"; readonly names: readonly GeneralName[] }
  | { readonly kind: "relative"; readonly rdn: Uint8Array };

/** Reasons for revocation as bits, bit n standing for ReasonFlags (n): 1 keyCompromise … 8 aACompromise. */
export type ReasonMask = number;

/** Every reason (RFC 5280 section 4.2.1.13). */
export const ALL_REASONS: ReasonMask = 0x1fe;

/** One point of cRLDistributionPoints or freshestCRL (RFC 5280 section 4.2.1.13). */
export interface DistributionPoint {
  readonly name: DistributionPointName | null;
  /** Null stands for all. */
  readonly reasons: ReasonMask | null;
  /** Who signs the list; null stands for the issuer of the certificate. */
  readonly crlIssuer: readonly GeneralName[] | null;
}

/** What a revocation list covers (RFC 5280 section 5.2.5). */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | null;
  readonly onlyUserCertificates: boolean;
  readonly onlyCaCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  /** Null stands for all. */
  readonly reasons: ReasonMask | null;
  readonly indirect: boolean;
}

/** cRLDistributionPoints of a certificate. */
export const crlDistributionPoints: (
  certificate: Certificate,
) => Decoded<readonly DistributionPoint[]> = decoder(
  ExtensionOid.crlDistributionPoints,
  readDistributionPoints,
);

function readDistributionPoints(value: Uint8Array): readonly DistributionPoint[] {
  const list = inside(onlyElement(value, Tag.sequence, "CRLDistributionPoints"));
  return readList(list, (element) => {
    const reader = inside(element);
    const name = reader.optional(0xa0);
    const reasons = reader.optional(0x81);
    const issuer = reader.optional(0xa2);
    reader.finish("a DistributionPoint");
    return {
      name: name === undefined ? null : readPointName(inside(name)),
      reasons: reasons === undefined ? null : readReasons(reasons),
      crlIssuer: issuer === undefined ? null : readList(inside(issuer), readGeneralName),
    };
  });
}

function readPointName(reader: DerReader): DistributionPointName {
  const full = reader.optional(0xa0);
  if (full !== undefined) {
    reader.finish("a DistributionPointName");
    return { kind: "full", names: readList(inside(full), readGeneralName) };
  }
  const relative = reader.expect(0xa1, "a DistributionPointName");
  reader.finish("a DistributionPointName");
  const rdn = Uint8Array.from(encodingOf(relative));
  rdn[0] = Tag.set;
  return { kind: "relative", rdn };
}

function readReasons(element: Element): ReasonMask {
  const { bytes } = readBitString(element);
  let mask = 0;
  for (let bit = 1; bit <= 8; bit++)
    if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) mask |= 1 << bit;
  return mask;
}

/** issuingDistributionPoint among the extensions of a revocation list. */
export function issuingDistributionPoint(
  extensions: readonly Extension[],
): Decoded<IssuingDistributionPoint> {
  return decodeExtension(extensions, ExtensionOid.issuingDistributionPoint, (value) => {
    const reader = inside(onlyElement(value, Tag.sequence, "IssuingDistributionPoint"));
    const name = reader.optional(0xa0);
    const flag = (tag: number): boolean => {
      const element = reader.optional(tag);
      return element !== undefined && readBoolean(element);
    };
    const onlyUserCertificates = flag(0x81);
    const onlyCaCertificates = flag(0x82);
    const reasons = reader.optional(0x83);
    const indirect = flag(0x84);
    const onlyAttributeCertificates = flag(0x85);
    reader.finish("IssuingDistributionPoint");
    return {
      name: name === undefined ? null : readPointName(inside(name)),
      onlyUserCertificates,
      onlyCaCertificates,
      onlyAttributeCertificates,
      reasons: reasons === undefined ? null : readReasons(reasons),
      indirect,
    };
  });
}
