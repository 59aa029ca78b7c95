import { loadStoreFile } from "../../truststore/load.ts";
import type { SecretReference } from "../estate.ts";
import { readSecret } from "./secret/read-secret.ts";

/**
 * Whether a store can be read and holds no private key: a client that names it as its keystore then has no
 * certificate of its own. A store that cannot be read is another matter, and is told elsewhere.
 */
export async function isWithoutKey(
  path: string,
  password: SecretReference | null,
): Promise<boolean> {
  const secret = password === null ? null : await readSecret(password);
  const text = secret?.ok === true ? secret.value : null;
  const loaded = await loadStoreFile(path, { password: text });
  return (
    loaded.ok &&
    loaded.value.integrity !== "wrong" &&
    loaded.value.entries.length > 0 &&
    !loaded.value.entries.some(({ kind }) => kind.kind === "key")
  );
}
