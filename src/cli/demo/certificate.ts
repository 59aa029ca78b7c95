import { createHash, randomBytes, sign } from "node:crypto";
import {
  type Asn1,
  bits,
  embed,
  encode,
  integer,
  integerBytes,
  nothing,
  oid,
  sequence,
  tagged,
  time,
} from "./asn1.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  caIssuers,
  encodeExtensions,
  extendedKeyUsage,
  type ExtendedKeyUsage,
  keyUsage,
  type KeyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from "./extensions.ts";
import type { KeyPair } from "./keys.ts";
import { encodeName, type Name } from "./name.ts";

/** What a certificate shall say. */
export interface CertificateRequest {
  readonly subject: Name;
  /** The key to certify. */
  readonly key: KeyPair;
  /** The certificate and key that sign; undefined makes the certificate sign itself. */
  readonly issuer?: IssuedCertificate | undefined;
  /** Host names and addresses; none leaves the extension out. */
  readonly san?: readonly string[] | undefined;
  /** Milliseconds since 1970, cut to whole seconds. */
  readonly notBefore: number;
  /** Milliseconds since 1970, cut to whole seconds. */
  readonly notAfter: number;
  readonly ca?: boolean | undefined;
  /** Path length constraint of a CA. */
  readonly pathLen?: number | undefined;
  /** Defaults: signing certificates and CRLs for a CA, otherwise what a TLS key of this kind does. */
  readonly keyUsage?: readonly KeyUsage[] | undefined;
  readonly eku?: readonly ExtendedKeyUsage[] | undefined;
  /** Where the issuer's certificate can be fetched. */
  readonly issuerUrl?: string | undefined;
  /** Big-endian, positive; 16 random octets when left out. */
  readonly serial?: Uint8Array | undefined;
}

/** A certificate with the key that it certifies. */
export interface IssuedCertificate {
  readonly subject: Name;
  readonly key: KeyPair;
  readonly der: Buffer;
  readonly pem: string;
}

/** SHA-1 of the public key's bits (RFC 5280 section 4.2.1.2, method 1). */
function keyIdentifierOf(key: KeyPair): Buffer {
  const spki = embed(key.publicKey.export({ type: "spki", format: "der" }));
  const [, subjectPublicKey] = Array.isArray(spki.value) ? spki.value : [];
  if (subjectPublicKey === undefined) throw new Error("Public key has no subjectPublicKey field");
  const bitString = encode(subjectPublicKey);
  const lengthOctets = (bitString[1] ?? 0) < 0x80 ? 1 : 1 + ((bitString[1] ?? 0) & 0x7f);
  const unusedBitsOctet = 1;
  return createHash("sha1")
    .update(bitString.subarray(1 + lengthOctets + unusedBitsOctet))
    .digest();
}

/** Signature algorithm and hash by the signing key (RFC 4055 section 5, RFC 5758 section 3.2). */
function signatureAlgorithm(key: KeyPair): { readonly identifier: Asn1; readonly hash: string } {
  switch (key.kind) {
    case "rsa-2048":
      return { identifier: sequence(oid("1.2.840.113549.1.1.11"), nothing()), hash: "sha256" };
    case "p-256":
      return { identifier: sequence(oid("1.2.840.10045.4.3.2")), hash: "sha256" };
    case "p-384":
      return { identifier: sequence(oid("1.2.840.10045.4.3.3")), hash: "sha384" };
  }
}

function defaultKeyUsage(request: CertificateRequest): readonly KeyUsage[] {
  if (request.ca === true) return ["keyCertSign", "cRLSign"];
  return request.key.kind === "rsa-2048"
    ? ["digitalSignature", "keyEncipherment"]
    : ["digitalSignature"];
}

function extensionsOf(request: CertificateRequest, signer: KeyPair): readonly Asn1[] {
  const { ca = false, san = [], eku = [] } = request;
  return [
    basicConstraints(ca, request.pathLen),
    keyUsage(request.keyUsage ?? defaultKeyUsage(request)),
    ...(eku.length > 0 ? [extendedKeyUsage(eku)] : []),
    ...(san.length > 0 ? [subjectAltName(san)] : []),
    subjectKeyIdentifier(keyIdentifierOf(request.key)),
    ...(signer === request.key ? [] : [authorityKeyIdentifier(keyIdentifierOf(signer))]),
    ...(request.issuerUrl === undefined ? [] : [caIssuers(request.issuerUrl)]),
  ];
}

/** A leading octet of 40 to 7F: positive, and minimal as an INTEGER. */
function randomSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}

/** Issues an X.509 version 3 certificate (RFC 5280 section 4.1) for an RSA or EC key, signed by either. */
export function issueCertificate(request: CertificateRequest): IssuedCertificate {
  const signer = request.issuer?.key ?? request.key;
  const algorithm = signatureAlgorithm(signer);
  const version3 = 2;
  const tbs = sequence(
    tagged(0, integer(version3)),
    integerBytes(request.serial ?? randomSerial()),
    algorithm.identifier,
    encodeName(request.issuer?.subject ?? request.subject),
    sequence(time(request.notBefore), time(request.notAfter)),
    encodeName(request.subject),
    embed(request.key.publicKey.export({ type: "spki", format: "der" })),
    encodeExtensions(extensionsOf(request, signer)),
  );
  const signature = sign(algorithm.hash, encode(tbs), signer.privateKey);
  const der = encode(sequence(tbs, algorithm.identifier, bits(signature)));
  return { subject: request.subject, key: request.key, der, pem: toPem(der) };
}

function toPem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
