import { hash } from "node:crypto";
import { encode } from "./ber.ts";
import type { Certificate } from "./certificate.ts";
import { DerWalk, Tag } from "./der.ts";
import type { CertificateId } from "./ocsp.ts";

/** Digests that a CertID may use, by identifier, as node:crypto names them. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

const SHA1 = "1.3.14.3.2.26";

/** How responders name a certificate (RFC 6960 section 4.1.1); null for a digest that nobody uses. */
export function certificateId(
  certificate: Certificate,
  issuer: Certificate,
  hashAlgorithm: string = SHA1,
): CertificateId | null {
  const digest = DIGESTS.get(hashAlgorithm);
  if (digest === undefined) return null;
  return {
    hashAlgorithm,
    issuerNameHash: hash(digest, certificate.issuer.der, "hex"),
    issuerKeyHash: hash(digest, keyBits(issuer), "hex"),
    serialNumber: certificate.serialNumber,
  };
}

/** SHA-1 of a certificate's key bits, as a ResponderID by key has it, hexadecimal. */
export function responderKeyHash(certificate: Certificate): string {
  return hash("sha1", keyBits(certificate), "hex");
}

/** Content of the subjectPublicKey BIT STRING without the count of unused bits. */
function keyBits({ spki }: Certificate): Uint8Array {
  const walk = new DerWalk(spki);
  walk.next(spki.length);
  walk.offset = walk.content;
  walk.next(spki.length);
  walk.next(spki.length);
  return spki.subarray(walk.content + 1, walk.end);
}

const SHA1_IDENTIFIER = Uint8Array.of(0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0);
const NONCE_OID = Uint8Array.of(6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2);

/**
 * DER of an OCSPRequest for one certificate, with SHA-1 as every responder understands it (RFC 5019 section 2.1.1).
 * @param nonce 16 to 32 random octets (RFC 9654), or null: most responders answer from a cache and ignore it
 */
export function encodeOcspRequest(
  certificate: Certificate,
  issuer: Certificate,
  nonce: Uint8Array | null = null,
): Uint8Array {
  const id = certificateId(certificate, issuer);
  if (id === null) throw new Error("SHA-1 is always known");
  const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
  const certId = encode(Tag.sequence, [
    SHA1_IDENTIFIER,
    encode(Tag.octetString, [octets(id.issuerNameHash)]),
    encode(Tag.octetString, [octets(id.issuerKeyHash)]),
    encode(Tag.integer, [octets(id.serialNumber)]),
  ]);
  const list = encode(Tag.sequence, [encode(Tag.sequence, [certId])]);
  const extensions =
    nonce === null
      ? []
      : [
          encode(Tag.constructed2, [
            encode(Tag.sequence, [
              encode(Tag.sequence, [
                NONCE_OID,
                encode(Tag.octetString, [encode(Tag.octetString, [nonce])]),
              ]),
            ]),
          ]),
        ];
  return encode(Tag.sequence, [encode(Tag.sequence, [list, ...extensions])]);
}

/** Whether a response's CertID names a certificate and its issuer, with whatever digest it uses. */
export function matchesCertificate(
  id: CertificateId,
  certificate: Certificate,
  issuer: Certificate,
): boolean {
  if (id.serialNumber !== certificate.serialNumber) return false;
  const own = certificateId(certificate, issuer, id.hashAlgorithm);
  return (
    own !== null &&
    own.issuerNameHash === id.issuerNameHash &&
    own.issuerKeyHash === id.issuerKeyHash
  );
}
