import type { Test } from "tap";
import { readPkcs12 } from "../../src/truststore/read-pkcs12.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { PASSWORD, type Pki, requirePki, run, scratch } from "./material.ts";

/** Reads a PKCS#12 file that must be readable. */
export async function read(
  store: Uint8Array,
  password: string | null = PASSWORD,
): Promise<StoreFile> {
  const result = await readPkcs12(store, { password });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** `visible` or the reason, for each entry. */
export const visibility = (file: StoreFile): readonly string[] =>
  file.entries.map(({ visibleToJava }) =>
    visibleToJava.visible ? "visible" : visibleToJava.reason,
  );

/** Byte strings as a set that can be compared. */
export const hexOf = (list: readonly Uint8Array[]): ReadonlySet<string> =>
  new Set(list.map((der) => Buffer.from(der).toString("hex")));

/** Writes a PKCS#12 file with openssl. */
export function exportPkcs12(
  openssl: string,
  path: string,
  options: readonly string[],
  password = PASSWORD,
): void {
  run(openssl, ["pkcs12", "-export", "-out", path, "-passout", `pass:${password}`, ...options]);
}

/** Writes a PKCS#12 file with the server's key and its whole chain; skips the test without openssl. */
export function exportWithKey(
  t: Test,
  name: string,
  password = PASSWORD,
): { path: string; pki: Pki } | undefined {
  const made = requirePki(t);
  if (made === undefined) return undefined;
  const { openssl, pki } = made;
  const path = scratch(`openssl-key-${name}.p12`);
  const options = [
    "-inkey",
    pki.leafKey,
    "-in",
    pki.leaf,
    "-certfile",
    pki.chain,
    "-name",
    "Server",
  ];
  exportPkcs12(openssl, path, options, password);
  return { path, pki };
}
