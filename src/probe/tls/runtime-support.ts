import { generateKeyPairSync } from "node:crypto";
import * as zlib from "node:zlib";

/** Whether this runtime's OpenSSL can compute with a type of key. */
function can(generate: () => unknown): boolean {
  try {
    generate();
    return true;
  } catch {
    return false;
  }
}

/** What not every runtime has: each was added to OpenSSL or Node late, or may be built without it. */
export const RUNTIME = {
  mlKem: can(() => generateKeyPairSync("ml-kem-768")),
  mlDsa: can(() => generateKeyPairSync("ml-dsa-44")),
  brainpool: can(() => generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" })),
  zstd: typeof zlib.zstdDecompressSync === "function",
} as const;
