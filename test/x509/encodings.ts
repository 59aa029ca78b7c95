import { encode } from "../../src/x509/ber.ts";

/** DER of an element whose content is given in pieces. */
export const element = (tag: number, ...content: readonly Uint8Array[]): Uint8Array =>
  encode(tag, content);

/** Octets from hexadecimal text. */
export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** A string type with its text. */
export const text = (tag: number, value: string): Uint8Array =>
  element(tag, Uint8Array.from(Buffer.from(value, "utf8")));

/** An OBJECT IDENTIFIER from its content octets in hexadecimal. */
export const oid = (hex: string): Uint8Array => element(0x06, bytes(hex));

/** A Name with one common name. */
export const name = (value: Uint8Array): Uint8Array =>
  element(0x30, element(0x31, element(0x30, oid("550403"), value)));

/** AlgorithmIdentifiers that certificates use. */
export const ALGORITHMS = {
  ecdsaWithSha256: element(0x30, oid("2a8648ce3d040302")),
  sha256WithRsa: element(0x30, oid("2a864886f70d01010b"), bytes("0500")),
  rsa: element(0x30, oid("2a864886f70d010101"), bytes("0500")),
  p256: element(0x30, oid("2a8648ce3d0201"), oid("2a8648ce3d030107")),
} as const;

/** A key on P-256: its base point. */
export const P256_KEY = element(
  0x30,
  ALGORITHMS.p256,
  element(
    0x03,
    bytes(
      "00046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ),
  ),
);

/** The parts of a certificate in order; undefined leaves one out. */
export interface CertificateParts {
  readonly version?: Uint8Array | undefined;
  readonly serial?: Uint8Array;
  readonly algorithm?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly validity?: Uint8Array;
  readonly subject?: Uint8Array;
  readonly key?: Uint8Array;
  /** What stands between the key and the end of the part that is signed. */
  readonly tail?: readonly Uint8Array[];
  readonly outerAlgorithm?: Uint8Array;
  readonly signature?: Uint8Array;
  /** What follows the signature. */
  readonly behind?: readonly Uint8Array[];
}

/** The Extensions field with extensions given whole. */
export const extensions = (...list: readonly Uint8Array[]): Uint8Array =>
  element(0xa3, element(0x30, ...list));

/** One extension; `flag` stands between identifier and value. */
export const extension = (hex: string, value: Uint8Array, flag?: Uint8Array): Uint8Array =>
  element(0x30, oid(hex), ...(flag === undefined ? [] : [flag]), element(0x04, value));

/** A certificate of version 3 that nobody signed, with any of its parts replaced. */
export function certificate(parts: CertificateParts = {}): Uint8Array {
  const algorithm = parts.algorithm ?? ALGORITHMS.ecdsaWithSha256;
  const version = "version" in parts ? parts.version : bytes("a003020102");
  const tbs = element(
    0x30,
    ...(version === undefined ? [] : [version]),
    parts.serial ?? bytes("020105"),
    algorithm,
    parts.issuer ?? name(text(0x0c, "Issuer")),
    parts.validity ?? element(0x30, text(0x17, "260101000000Z"), text(0x17, "270101000000Z")),
    parts.subject ?? name(text(0x0c, "Subject")),
    parts.key ?? P256_KEY,
    ...(parts.tail ?? []),
  );
  return element(
    0x30,
    tbs,
    parts.outerAlgorithm ?? algorithm,
    parts.signature ?? bytes("03020000"),
    ...(parts.behind ?? []),
  );
}
