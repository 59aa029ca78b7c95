import { createHash } from "node:crypto";
import { encodeModifiedUtf8 } from "./modified-utf8.ts";
import type { NewEntry } from "./new-entry.ts";
import { JKS_MAGIC } from "./read-jks.ts";

const TRUSTED_CERTIFICATE = 2;
const DIGEST_SALT = "Mighty Aphrodite";

/** Version of the format: 1 does not name the type of its certificates; everything is written as 2 since JDK 1.2. */
export type JksVersion = 1 | 2;

/** Alias under which an entry without a name is written: a JKS entry must have one. */
const UNNAMED = "ca";

/**
 * A Java keystore of type JKS with trusted certificates (sun.security.provider.JavaKeyStore), all entered at `created`
 * (ms since 1970). The password encrypts nothing: it goes into the digest at the end.
 */
export function writeJks(
  entries: readonly NewEntry[],
  password: string,
  created: number,
): Uint8Array {
  return assembleJks(
    2,
    entries.map((entry) => jksCertificateEntry(entry, created, 2)),
    password,
  );
}

/** The octets of one trusted certificate; `created` in ms since 1970. */
export function jksCertificateEntry(
  { alias, der }: NewEntry,
  created: number,
  version: JksVersion,
): Uint8Array {
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(Math.trunc(created)));
  return Buffer.concat([
    u32(TRUSTED_CERTIFICATE),
    encodeModifiedUtf8(alias ?? UNNAMED),
    date,
    version === 2 ? encodeModifiedUtf8("X.509") : new Uint8Array(0),
    u32(der.length),
    der,
  ]);
}

/** A whole file from the octets of its entries, with a fresh digest. */
export function assembleJks(
  version: JksVersion,
  entries: readonly Uint8Array[],
  password: string,
): Uint8Array {
  const body = Buffer.concat([u32(JKS_MAGIC), u32(version), u32(entries.length), ...entries]);
  const digest = createHash("sha1")
    .update(Buffer.from(password, "utf16le").swap16())
    .update(DIGEST_SALT, "latin1")
    .update(body)
    .digest();
  return Buffer.concat([body, digest]);
}

function u32(value: number): Uint8Array {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}
