import { createHmac } from "node:crypto";
import { SHA_1 } from "../../src/truststore/digests.ts";
import { bmpPassword } from "../../src/truststore/password-forms.ts";
import { derivePkcs12Now, KeyPurpose } from "../../src/truststore/pkcs12-kdf-steps.ts";
import { bytes, ENTRY_DATE, javaText, u32 } from "./write-stores.ts";

/** One entry of a BKS file to write. */
export interface BksPlan {
  readonly alias: string;
  /** Type octet: 1 certificate, 2 key, 3 secret, 4 sealed key. */
  readonly type: number;
  readonly certificates: readonly Uint8Array[];
}

/** Kind of a key in the clear that may have any content. */
const SECRET_KEY = 2;

const SALT = Buffer.from("00112233445566778899aabbccddeeff00112233", "hex");

function certificate(der: Uint8Array): Uint8Array {
  return bytes(javaText("X.509"), u32(der.length), der);
}

function entry({ alias, type, certificates }: BksPlan): Uint8Array {
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(ENTRY_DATE));
  const head = bytes(Uint8Array.of(type), javaText(alias), date);
  if (type === 1) return bytes(head, u32(0), ...certificates.map(certificate));
  const chain = bytes(u32(certificates.length), ...certificates.map(certificate));
  const key = bytes(u32(5), Buffer.from("junk!"));
  return type === 2
    ? bytes(head, chain, Uint8Array.of(SECRET_KEY), javaText("RAW"), javaText("AES"), key)
    : bytes(head, chain, key);
}

/** Writes a BKS file by its description, including ones that BouncyCastle would not write. */
export function writeBks(
  plans: readonly BksPlan[],
  {
    password = "changeit",
    version = 2,
    announced = 1000,
  }: { password?: string; version?: number; announced?: number } = {},
): Uint8Array {
  const body = bytes(...plans.map(entry), Uint8Array.of(0));
  const key = derivePkcs12Now({
    digest: SHA_1,
    purpose: KeyPurpose.mac,
    password: bmpPassword(password),
    salt: SALT,
    iterations: 1000,
    length: version === 2 ? 20 : 2,
  });
  const mac = createHmac("sha1", key).update(body).digest();
  return bytes(u32(version), u32(SALT.length), SALT, u32(announced), body, mac);
}
