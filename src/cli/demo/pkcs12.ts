import { createCipheriv, createHmac, hash, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import {
  type Asn1,
  bmp,
  encode,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  tagged,
  taggedOctets,
} from "./asn1.ts";
import type { StoreEntry } from "./store-entry.ts";

const deriveKey = promisify(pbkdf2);

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const CERT_BAG = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME = "1.2.840.113549.1.9.20";
const TRUSTED_KEY_USAGE = "2.16.840.1.113894.746875.1.1";
const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const HMAC_SHA256 = "1.2.840.113549.2.9";
const AES_256_CBC = "2.16.840.1.101.3.4.1.42";
const SHA256 = "2.16.840.1.101.3.4.2.1";

/** Whose habits a written PKCS#12 truststore shows. */
export type Pkcs12Writer = "keytool" | "openssl";

/** Iterations of key derivation and MAC: OpenJDK's `keystore.pkcs12.*IterationCount`, OpenSSL's `PKCS12_DEFAULT_ITER`. */
const ITERATIONS = { keytool: 10_000, openssl: 2048 } as const satisfies Record<
  Pkcs12Writer,
  number
>;

const SALT_LENGTH = { keytool: 20, openssl: 8 } as const satisfies Record<Pkcs12Writer, number>;

function attributes(entry: StoreEntry, writer: Pkcs12Writer): readonly Asn1[] {
  switch (writer) {
    case "keytool":
      return [
        set(
          sequence(oid(FRIENDLY_NAME), set(bmp(entry.alias))),
          sequence(oid(TRUSTED_KEY_USAGE), set(oid(ANY_EXTENDED_KEY_USAGE))),
        ),
      ];
    case "openssl":
      return [];
  }
}

/** SafeBag around a CertBag (RFC 7292 section 4.2.3). */
function certificateBag(entry: StoreEntry, writer: Pkcs12Writer): Asn1 {
  return sequence(
    oid(CERT_BAG),
    tagged(0, sequence(oid(X509_CERTIFICATE), tagged(0, octets(entry.der)))),
    ...attributes(entry, writer),
  );
}

/** EncryptedData under PBES2: PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode (RFC 8018 section 6.2). */
async function encrypted(content: Uint8Array, password: string, iterations: number): Promise<Asn1> {
  const keyLength = 32;
  const salt = randomBytes(20);
  const iv = randomBytes(16);
  const key = await deriveKey(password, salt, iterations, keyLength, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const keyDerivation = sequence(
    oid(PBKDF2),
    sequence(
      octets(salt),
      integer(iterations),
      integer(keyLength),
      sequence(oid(HMAC_SHA256), nothing()),
    ),
  );
  const algorithm = sequence(
    oid(PBES2),
    sequence(keyDerivation, sequence(oid(AES_256_CBC), octets(iv))),
  );
  return sequence(
    oid(ENCRYPTED_DATA),
    tagged(0, sequence(integer(0), sequence(oid(DATA), algorithm, taggedOctets(0, ciphertext)))),
  );
}

/**
 * Key of the MAC (RFC 7292 appendix B.2, ID 3) with SHA-256. Key and digest are equally long, so that a
 * single block is all there is to derive.
 */
function macKey(password: string, salt: Uint8Array, iterations: number): Buffer {
  const blockLength = 64;
  const fill = (source: Uint8Array): Buffer =>
    Buffer.alloc(Math.ceil(source.length / blockLength) * blockLength, source);
  const bmpPassword = Buffer.from(`${password}\0`, "utf16le").swap16();
  const diversifier = Buffer.alloc(blockLength, 3);
  let key = Buffer.concat([diversifier, fill(salt), fill(bmpPassword)]);
  for (let round = 0; round < iterations; round += 1) key = hash("sha256", key, "buffer");
  return key;
}

/** MacData over the authenticated safe (RFC 7292 section 4). */
function macData(authenticatedSafe: Buffer, password: string, writer: Pkcs12Writer): Asn1 {
  const salt = randomBytes(SALT_LENGTH[writer]);
  const iterations = ITERATIONS[writer];
  const mac = createHmac("sha256", macKey(password, salt, iterations))
    .update(authenticatedSafe)
    .digest();
  return sequence(
    sequence(sequence(oid(SHA256), nothing()), octets(mac)),
    octets(salt),
    integer(iterations),
  );
}

/**
 * A PKCS#12 truststore (RFC 7292), encrypted and with a MAC. As `keytool` writes it, every certificate
 * carries the trusted-key-usage attribute that makes it an anchor for Java. As `openssl pkcs12 -export
 * -nokeys` writes it, none does: OpenSSL reads every certificate, Java reads the same file as empty.
 */
export async function writePkcs12(
  entries: readonly StoreEntry[],
  password: string,
  writer: Pkcs12Writer,
): Promise<Buffer> {
  const bags = encode(sequence(...entries.map((entry) => certificateBag(entry, writer))));
  const authenticatedSafe = encode(sequence(await encrypted(bags, password, ITERATIONS[writer])));
  return encode(
    sequence(
      integer(3),
      sequence(oid(DATA), tagged(0, octets(authenticatedSafe))),
      macData(authenticatedSafe, password, writer),
    ),
  );
}
