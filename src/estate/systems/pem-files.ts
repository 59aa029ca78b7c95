import type { Certificate } from "../../x509/certificate.ts";
import { loadStoreFile, loadStoreFiles } from "../../truststore/load.ts";
import type { StoreFamily } from "../../truststore/truststore.ts";
import { anchorsIn, checkStore, ownChain } from "./check-store.ts";
import type { ImportBuilder } from "./import-builder.ts";
import type { Sourced } from "./origin.ts";

/** Whether a path can be looked at: no variable of each request, no location of another kind than a file. */
const isFile = ({ value }: Sourced<string>): boolean =>
  !/\$|^(?:node|inline|java-home|data|engine|store|pkcs11):/u.test(value);

/** What was read for one import, so that a file which several parts name is read, and complained about, once. */
const READ = new WeakMap<ImportBuilder, Map<string, Promise<readonly Certificate[]>>>();

/**
 * The CAs in the files and directories that a program without keystores reads them from; what is wrong with one is said.
 * @param paths absolute
 */
export async function authoritiesIn(
  paths: readonly Sourced<string>[],
  role: string,
  builder: ImportBuilder,
  family: StoreFamily = "openssl",
): Promise<readonly Certificate[]> {
  const known = READ.get(builder) ?? new Map<string, Promise<readonly Certificate[]>>();
  READ.set(builder, known);
  const found: Certificate[] = [];
  for (const path of paths.filter(isFile)) {
    const reading = known.get(path.value) ?? read(path, role, builder, family);
    known.set(path.value, reading);
    found.push(...(await reading));
  }
  return found;
}

async function read(
  path: Sourced<string>,
  role: string,
  builder: ImportBuilder,
  family: StoreFamily,
): Promise<readonly Certificate[]> {
  const content = await loadStoreFiles(path.value);
  const files = content.ok ? content.value.files : [];
  // a directory holds files of other paths
  if (files.some((file) => file.path !== path.value))
    return files.flatMap((file) => anchorsIn(file, family));
  const store = { role, path, type: null, password: null, alias: null, isTruststore: true, family };
  return anchorsIn(await checkStore(store, builder), family);
}

/** The chain in the file that a program presents it from, leaf first; empty for a file that cannot be read. */
export async function chainIn(path: Sourced<string> | null): Promise<readonly Certificate[]> {
  if (path === null || !isFile(path)) return [];
  const loaded = await loadStoreFile(path.value, { password: null });
  return loaded.ok ? ownChain(loaded.value, null) : [];
}
