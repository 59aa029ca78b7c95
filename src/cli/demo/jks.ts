import { createHash } from "node:crypto";
import type { StoreEntry } from "./store-entry.ts";

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;

function u32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

/** `java.io.DataOutput.writeUTF` for the ASCII texts that a store of the demo holds. */
function text(value: string): Buffer {
  const content = Buffer.from(value, "ascii");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length);
  return Buffer.concat([length, content]);
}

function milliseconds(at: number): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeBigInt64BE(BigInt(at));
  return octets;
}

/**
 * A Java keystore of trusted certificates (sun.security.provider.JavaKeyStore), all entered at `created`
 * (milliseconds since 1970). The digest at its end covers the password, which encrypts nothing here.
 */
export function writeJks(
  entries: readonly StoreEntry[],
  password: string,
  created: number,
): Buffer {
  const body = Buffer.concat([
    u32(MAGIC),
    u32(VERSION),
    u32(entries.length),
    ...entries.flatMap(({ alias, der }) => [
      u32(TRUSTED_CERTIFICATE),
      text(alias),
      milliseconds(created),
      text("X.509"),
      u32(der.length),
      der,
    ]),
  ]);
  const digest = createHash("sha1")
    .update(Buffer.from(password, "utf16le").swap16())
    .update("Mighty Aphrodite", "ascii")
    .update(body)
    .digest();
  return Buffer.concat([body, digest]);
}
