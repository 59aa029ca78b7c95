import {
  type Asn1,
  bits,
  encode,
  integer,
  octets,
  oid,
  sequence,
  tagged,
  taggedOctets,
  yes,
} from "./asn1.ts";
import { parseAddress } from "../../x509/general-name.ts";

/** Bits of KeyUsage by their number (RFC 5280 section 4.2.1.3). */
const KEY_USAGE_BITS = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

/** What a certified key may be used for. */
export type KeyUsage = keyof typeof KEY_USAGE_BITS;

const EXTENDED_KEY_USAGES = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
} as const;

/** Purposes of a leaf (RFC 5280 section 4.2.1.12). */
export type ExtendedKeyUsage = keyof typeof EXTENDED_KEY_USAGES;

function extension(identifier: string, critical: boolean, value: Asn1): Asn1 {
  return sequence(oid(identifier), ...(critical ? [yes()] : []), octets(encode(value)));
}

/** BasicConstraints (RFC 5280 section 4.2.1.9); critical in a CA certificate. */
export function basicConstraints(ca: boolean, pathLength: number | undefined): Asn1 {
  const members = ca ? [yes(), ...(pathLength === undefined ? [] : [integer(pathLength)])] : [];
  return extension("2.5.29.19", ca, sequence(...members));
}

/** KeyUsage, critical (RFC 5280 section 4.2.1.3). `usages` must not be empty. */
export function keyUsage(usages: readonly KeyUsage[]): Asn1 {
  const numbers = usages.map((usage) => KEY_USAGE_BITS[usage]);
  const octet = numbers.reduce<number>((value, number) => value | (0x80 >> number), 0);
  return extension("2.5.29.15", true, bits(Uint8Array.of(octet), 7 - Math.max(...numbers)));
}

/** ExtendedKeyUsage, not critical (RFC 5280 section 4.2.1.12). */
export function extendedKeyUsage(purposes: readonly ExtendedKeyUsage[]): Asn1 {
  const identifiers = purposes.map((purpose) => oid(EXTENDED_KEY_USAGES[purpose]));
  return extension("2.5.29.37", false, sequence(...identifiers));
}

/** SubjectAltName of dNSNames and iPAddresses (RFC 5280 section 4.2.1.6). */
export function subjectAltName(hosts: readonly string[]): Asn1 {
  const names = hosts.map((host) => {
    const address = parseAddress(host);
    return address === null
      ? taggedOctets(2, Buffer.from(host, "ascii"))
      : taggedOctets(7, address);
  });
  return extension("2.5.29.17", false, sequence(...names));
}

/** SubjectKeyIdentifier (RFC 5280 section 4.2.1.2). */
export function subjectKeyIdentifier(identifier: Uint8Array): Asn1 {
  return extension("2.5.29.14", false, octets(identifier));
}

/** AuthorityKeyIdentifier in its short form, key identifier only (RFC 5280 section 4.2.1.1). */
export function authorityKeyIdentifier(identifier: Uint8Array): Asn1 {
  return extension("2.5.29.35", false, sequence(taggedOctets(0, identifier)));
}

/** AuthorityInfoAccess with one caIssuers address (RFC 5280 section 4.2.2.1). */
export function caIssuers(url: string): Asn1 {
  return extension(
    "1.3.6.1.5.5.7.1.1",
    false,
    sequence(sequence(oid("1.3.6.1.5.5.7.48.2"), taggedOctets(6, Buffer.from(url, "ascii")))),
  );
}

/** The extensions field of a TBSCertificate (RFC 5280 section 4.1.2.9). */
export function encodeExtensions(extensions: readonly Asn1[]): Asn1 {
  return tagged(3, sequence(...extensions));
}
