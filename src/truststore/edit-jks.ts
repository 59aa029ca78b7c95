import { layOutJks } from "./jks-layout.ts";
import type { StoreEdit } from "./store-edit.ts";
import { assembleJks, jksCertificateEntry } from "./write-jks.ts";

/**
 * A JKS file with entries added and left out. All others, private keys above all, keep their octets: each is protected
 * on its own, and only the digest at the end covers the whole.
 * @param created date of new entries, ms since 1970
 * @throws {StoreFault} when the bytes are not a JKS file
 */
export function editJks(
  bytes: Uint8Array,
  { add, remove }: StoreEdit,
  password: string,
  created: number,
): Uint8Array {
  const { version, entries } = layOutJks(bytes);
  let index = 0;
  const kept = entries.filter(({ isKey, certificates }) => {
    const first = index;
    index += certificates;
    return isKey || !remove.has(first);
  });
  return assembleJks(
    version,
    [
      ...kept.map((entry) => entry.bytes),
      ...add.map((entry) => jksCertificateEntry(entry, created, version)),
    ],
    password,
  );
}
