import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import {
  context0,
  implicitOctets0,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
} from "./der-writer.ts";
import { type Digest, DIGESTS, HMACS, SHA_1 } from "./digests.ts";
import type { PasswordForm } from "./password-forms.ts";
import { derivePbkdf2, PBKDF2 } from "./pbkdf2.ts";
import { derivePkcs12, KeyPurpose } from "./pkcs12-kdf.ts";

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const PBES2 = "1.2.840.113549.1.5.13";
const PBE_SHA1_3DES = "1.2.840.113549.1.12.1.3";
const HMAC_SHA256 = "1.2.840.113549.2.9";
const AES_256_CBC = "2.16.840.1.101.3.4.1.42";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const SHA1 = "1.3.14.3.2.26";

/** How the certificates of a written PKCS#12 file are encrypted. */
export type SafeProtection =
  /** PBES2: AES-256-CBC, key by PBKDF2 with HMAC-SHA-256 (RFC 8018). */
  | { readonly kind: "pbes2"; readonly iterations: number; readonly saltLength: number }
  /** PBE with SHA-1 and three-key 3DES (RFC 7292 appendix C), which every Java reads. */
  | { readonly kind: "pbe-3des"; readonly iterations: number; readonly saltLength: number }
  /** In the clear. */
  | { readonly kind: "none" };

/** The MAC of a written file: HMAC with a key by the derivation of RFC 7292 appendix B. */
export interface MacProtection {
  readonly digest: "sha256" | "sha1";
  readonly iterations: number;
  readonly saltLength: number;
}

/** ContentInfo around SafeContents, encrypted as `protection` says. */
export async function protectSafe(
  safeContents: Uint8Array,
  password: PasswordForm,
  protection: SafeProtection,
): Promise<Uint8Array> {
  switch (protection.kind) {
    case "none":
      return sequence(objectIdentifier(DATA), context0(octetString(safeContents)));
    case "pbes2":
      return encryptPbes2(safeContents, password, protection);
    case "pbe-3des":
      return encrypt3Des(safeContents, password, protection);
  }
}

interface Cost {
  readonly iterations: number;
  readonly saltLength: number;
}

async function encryptPbes2(
  content: Uint8Array,
  { utf8 }: PasswordForm,
  { iterations, saltLength }: Cost,
): Promise<Uint8Array> {
  const keyLength = 32;
  const salt = randomBytes(saltLength);
  const iv = randomBytes(16);
  const digest = digestOf(HMACS, HMAC_SHA256);
  const key = await derivePbkdf2({ digest, salt, iterations, keyLength }, utf8, keyLength);
  const derivation = sequence(
    objectIdentifier(PBKDF2),
    sequence(
      octetString(salt),
      integer(iterations),
      integer(keyLength),
      sequence(objectIdentifier(HMAC_SHA256), nothing()),
    ),
  );
  const scheme = sequence(objectIdentifier(AES_256_CBC), octetString(iv));
  return encryptedData(
    sequence(objectIdentifier(PBES2), sequence(derivation, scheme)),
    encipher("aes-256-cbc", key, iv, content),
  );
}

async function encrypt3Des(
  content: Uint8Array,
  { bmp }: PasswordForm,
  { iterations, saltLength }: Cost,
): Promise<Uint8Array> {
  const salt = randomBytes(saltLength);
  const common = { digest: SHA_1, password: bmp, salt, iterations };
  const key = await derivePkcs12({ ...common, purpose: KeyPurpose.key, length: 24 });
  const iv = await derivePkcs12({ ...common, purpose: KeyPurpose.iv, length: 8 });
  return encryptedData(
    sequence(objectIdentifier(PBE_SHA1_3DES), sequence(octetString(salt), integer(iterations))),
    encipher("des-ede3-cbc", key, iv, content),
  );
}

function encipher(name: string, key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

/** ContentInfo of type EncryptedData (RFC 5652 section 8). */
function encryptedData(algorithm: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const info = sequence(objectIdentifier(DATA), algorithm, implicitOctets0(ciphertext));
  return sequence(objectIdentifier(ENCRYPTED_DATA), context0(sequence(integer(0), info)));
}

/** MacData over an AuthenticatedSafe (RFC 7292 section 4). */
export async function macData(
  authenticatedSafe: Uint8Array,
  { bmp }: PasswordForm,
  { digest: name, iterations, saltLength }: MacProtection,
): Promise<Uint8Array> {
  const oid = name === "sha256" ? SHA256 : SHA1;
  const digest = digestOf(DIGESTS, oid);
  const salt = randomBytes(saltLength);
  const key = await derivePkcs12({
    digest,
    purpose: KeyPurpose.mac,
    password: bmp,
    salt,
    iterations,
    length: digest.size,
  });
  const mac = createHmac(digest.name, key).update(authenticatedSafe).digest();
  return sequence(
    sequence(sequence(objectIdentifier(oid), nothing()), octetString(mac)),
    octetString(salt),
    integer(iterations),
  );
}

/** The PFX of RFC 7292 section 4 around an AuthenticatedSafe. */
export function pfx(authenticatedSafe: Uint8Array, mac: Uint8Array | null): Uint8Array {
  return sequence(
    integer(3),
    sequence(objectIdentifier(DATA), context0(octetString(authenticatedSafe))),
    ...(mac === null ? [] : [mac]),
  );
}

function digestOf(table: ReadonlyMap<string, Digest>, oid: string): Digest {
  const digest = table.get(oid);
  if (digest === undefined) throw new Error(`Digest ${oid} is missing from its table`);
  return digest;
}
