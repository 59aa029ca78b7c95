import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { encode } from "../../../src/x509/ber.ts";
import {
  ALGORITHMS,
  bytes,
  element,
  extension,
  extensions,
  oid,
  text,
} from "../../x509/encodings.ts";

/** A certificate that was made here, with what its holder needs to sign. */
export interface Issued {
  readonly der: Uint8Array;
  readonly name: Uint8Array;
  readonly key: KeyObject;
  readonly spki: Uint8Array;
  /** Content octets of the serial number. */
  readonly serial: Uint8Array;
}

/** DER of a common name. */
export const commonName = (value: string): Uint8Array =>
  element(0x30, element(0x31, element(0x30, oid("550403"), text(0x0c, value))));

/** UTCTime of a moment, in milliseconds since 1970. */
export function utcTime(at: number): Uint8Array {
  const digits = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+Z/g, "");
  return text(0x17, `${digits.slice(2)}Z`);
}

/** GeneralizedTime of a moment, in milliseconds since 1970. */
export function generalizedTime(at: number): Uint8Array {
  return text(0x18, `${new Date(at).toISOString().replaceAll(/[-:T]|\.\d+Z/g, "")}Z`);
}

/** DER of a positive INTEGER. */
export function integer(value: number): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return element(0x02, bytes(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even));
}

/** SHA-1 of the key bits: the usual key identifier. */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  // P-256: the point stands behind 26 octets of header
  return Uint8Array.from(createHash("sha1").update(spki.subarray(26)).digest());
}

const TRUE = bytes("0101ff");

/** Extensions by the name that OpenSSL's configuration gives them. */
export const Extensions = {
  basicConstraints: (ca: boolean): Uint8Array =>
    extension("551d13", ca ? element(0x30, TRUE) : bytes("3000"), TRUE),
  /** Bits of the first octet: 0x80 digitalSignature, 0x04 keyCertSign, 0x02 cRLSign. */
  keyUsage: (bits: number): Uint8Array =>
    extension("551d0f", bytes(`030200${bits.toString(16).padStart(2, "0")}`), TRUE),
  subjectKey: (spki: Uint8Array): Uint8Array =>
    extension("551d0e", element(0x04, keyIdentifier(spki))),
  authorityKey: (id: Uint8Array): Uint8Array =>
    extension("551d23", element(0x30, element(0x80, id))),
  /** Distribution points given whole. */
  distributionPoints: (...points: readonly Uint8Array[]): Uint8Array =>
    extension("551d1f", element(0x30, ...points)),
  ocspSigning: (): Uint8Array => extension("551d25", element(0x30, oid("2b06010505070309"))),
  responder: (url: string): Uint8Array =>
    extension(
      "2b06010505070101",
      element(0x30, element(0x30, oid("2b06010505073001"), text(0x86, url))),
    ),
  mustStaple: (): Uint8Array => extension("2b06010505070118", element(0x30, integer(5))),
} as const;

/** A distribution point with a URL, with reasons and another issuer where they are given. */
export const distributionPoint = (
  url: string,
  { reasons, issuer }: { readonly reasons?: Uint8Array; readonly issuer?: Uint8Array } = {},
): Uint8Array =>
  element(
    0x30,
    element(0xa0, element(0xa0, text(0x86, url))),
    ...(reasons === undefined ? [] : [element(0x81, reasons)]),
    ...(issuer === undefined ? [] : [element(0xa2, element(0xa4, issuer))]),
  );

const DAY = 86_400_000;

/** Moment at which everything that is made here is judged, unless a case says otherwise. */
export const NOW = Date.UTC(2026, 10, 21, 12);

function signed(tbs: Uint8Array, key: KeyObject): Uint8Array {
  const signature = sign("sha256", tbs, key);
  return encode(0x30, [tbs, ALGORITHMS.ecdsaWithSha256, element(0x03, bytes("00"), signature)]);
}

/** A new key on P-256 with its SubjectPublicKeyInfo. */
export function newKey(): { readonly key: KeyObject; readonly spki: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    key: privateKey,
    spki: Uint8Array.from(publicKey.export({ type: "spki", format: "der" })),
  };
}

/** What a certificate is to say. */
export interface CertificateWish {
  readonly subject: string;
  readonly serial: number;
  readonly issuer?: Issued | undefined;
  readonly isCa?: boolean;
  /** Bits of the key usage; null leaves it out. @default keyCertSign and cRLSign for a CA */
  readonly keyUsage?: number | null;
  readonly more?: readonly Uint8Array[];
  /** The key of another certificate, for a second certificate of the same holder. */
  readonly holder?: Issued;
  readonly notBefore?: number;
  readonly notAfter?: number;
}

/** Makes and signs a certificate; self-signed without an issuer. */
export function issue(wish: CertificateWish): Issued {
  const { key, spki } = wish.holder ?? newKey();
  const name = commonName(wish.subject);
  const issuer = wish.issuer ?? { name, key, spki };
  const usage = wish.keyUsage === undefined ? (wish.isCa === true ? 0x06 : 0x80) : wish.keyUsage;
  const number = integer(wish.serial);
  const tbs = element(
    0x30,
    bytes("a003020102"),
    number,
    ALGORITHMS.ecdsaWithSha256,
    issuer.name,
    element(
      0x30,
      utcTime(wish.notBefore ?? NOW - 30 * DAY),
      utcTime(wish.notAfter ?? NOW + 30 * DAY),
    ),
    name,
    spki,
    extensions(
      Extensions.basicConstraints(wish.isCa === true),
      ...(usage === null ? [] : [Extensions.keyUsage(usage)]),
      Extensions.subjectKey(spki),
      Extensions.authorityKey(keyIdentifier(issuer.spki)),
      ...(wish.more ?? []),
    ),
  );
  return { der: signed(tbs, issuer.key), name, key, spki, serial: number.subarray(2) };
}

/** One entry of a list. */
export interface EntryWish {
  readonly serial: Uint8Array;
  readonly at?: number;
  readonly reason?: number;
  readonly more?: readonly Uint8Array[];
}

/** What a list is to say. */
export interface ListWish {
  readonly signer: Issued;
  /** Issuer name when it is not the signer's. */
  readonly issuer?: Uint8Array;
  readonly entries?: readonly EntryWish[];
  readonly thisUpdate?: number;
  /** Null leaves it out. */
  readonly nextUpdate?: number | null;
  /** Null leaves it out. */
  readonly number?: number | null;
  readonly numberIsCritical?: boolean;
  /** Null leaves the authority key identifier out; default is the signer's. */
  readonly authorityKey?: Uint8Array | null;
  readonly more?: readonly Uint8Array[];
  readonly version?: 1 | 2;
}

/** Makes and signs a revocation list. */
export function revocationList(wish: ListWish): Uint8Array {
  const { signer, number = 1, entries = [] } = wish;
  const authority =
    wish.authorityKey === undefined ? keyIdentifier(signer.spki) : wish.authorityKey;
  const list = entries.map((entry) =>
    element(
      0x30,
      element(0x02, entry.serial),
      utcTime(entry.at ?? NOW - DAY),
      ...entryExtensions(entry),
    ),
  );
  const isFirst = wish.version === 1;
  const more = [
    ...(authority === null ? [] : [Extensions.authorityKey(authority)]),
    ...(number === null
      ? []
      : [extension("551d14", integer(number), wish.numberIsCritical === true ? TRUE : undefined)]),
    ...(wish.more ?? []),
  ];
  const next = wish.nextUpdate === undefined ? NOW + DAY : wish.nextUpdate;
  const tbs = element(
    0x30,
    ...(isFirst ? [] : [bytes("020101")]),
    ALGORITHMS.ecdsaWithSha256,
    wish.issuer ?? signer.name,
    utcTime(wish.thisUpdate ?? NOW - DAY),
    ...(next === null ? [] : [utcTime(next)]),
    ...(list.length === 0 ? [] : [element(0x30, ...list)]),
    ...(isFirst || more.length === 0 ? [] : [element(0xa0, element(0x30, ...more))]),
  );
  return signed(tbs, signer.key);
}

function entryExtensions({ reason, more = [] }: EntryWish): readonly Uint8Array[] {
  const list = [
    ...(reason === undefined ? [] : [extension("551d15", element(0x0a, Uint8Array.of(reason)))]),
    ...more,
  ];
  return list.length === 0 ? [] : [element(0x30, ...list)];
}

/** issuingDistributionPoint with its fields given whole. */
export const scope = (...fields: readonly Uint8Array[]): Uint8Array =>
  extension("551d1c", element(0x30, ...fields), TRUE);

/** What a response is to say about one certificate. */
export interface ResponseWish {
  readonly subject: Issued;
  readonly issuer: Issued;
  /** Who signs; the issuer itself by default. */
  readonly signer?: Issued;
  /** Certificates that travel with the response. */
  readonly certificates?: readonly Uint8Array[];
  readonly byKey?: boolean;
  readonly status?: "good" | "revoked" | "unknown";
  readonly revokedAt?: number;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly serial?: Uint8Array;
  readonly more?: readonly Uint8Array[];
}

/** Makes and signs an OCSP response. */
export function ocspResponse(wish: ResponseWish): Uint8Array {
  const signer = wish.signer ?? wish.issuer;
  const sha1 = (data: Uint8Array): Uint8Array =>
    Uint8Array.from(createHash("sha1").update(data).digest());
  const status = {
    good: bytes("8000"),
    unknown: bytes("8200"),
    revoked: element(0xa1, generalizedTime(wish.revokedAt ?? NOW - DAY), bytes("a0030a0101")),
  }[wish.status ?? "good"];
  const next = wish.nextUpdate === undefined ? NOW + DAY : wish.nextUpdate;
  const single = element(
    0x30,
    element(
      0x30,
      bytes("300906052b0e03021a0500"),
      element(0x04, sha1(wish.issuer.name)),
      element(0x04, keyIdentifier(wish.issuer.spki)),
      element(0x02, wish.serial ?? wish.subject.serial),
    ),
    status,
    generalizedTime(wish.thisUpdate ?? NOW - DAY),
    ...(next === null ? [] : [element(0xa0, generalizedTime(next))]),
  );
  const tbs = element(
    0x30,
    wish.byKey === true
      ? element(0xa2, element(0x04, keyIdentifier(signer.spki)))
      : element(0xa1, signer.name),
    generalizedTime(wish.thisUpdate ?? NOW - DAY),
    element(0x30, single),
    ...(wish.more ?? []),
  );
  const certificates = wish.certificates ?? [];
  const basic = element(
    0x30,
    tbs,
    ALGORITHMS.ecdsaWithSha256,
    element(0x03, bytes("00"), sign("sha256", tbs, signer.key)),
    ...(certificates.length === 0 ? [] : [element(0xa0, element(0x30, ...certificates))]),
  );
  return element(
    0x30,
    bytes("0a0100"),
    element(0xa0, element(0x30, oid("2b0601050507300101"), element(0x04, basic))),
  );
}

/** Octets as one PEM block. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
