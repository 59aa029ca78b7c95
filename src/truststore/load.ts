import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fail, ok, type Result } from "../x509/result.ts";
import { shellWord } from "./conversion.ts";
import { followJavaHome } from "./java-home.ts";
import { parseLocation } from "./location.ts";
import { parseStore } from "./parse-store.ts";
import { inFile, readBytes } from "./read-file.ts";
import { type DirectoryContent, directoryKind, readStoreDirectory } from "./store-directory.ts";
import { type StoreError, storeError } from "./store-error.ts";
import { runtimeStore } from "./system-store.ts";
import type { StoreFile, Truststore } from "./truststore.ts";

export { readBytes } from "./read-file.ts";

/** Options of loadStoreFile and loadStoreFiles. */
export interface LoadOptions {
  /** The store's password; null or absent when none is known. */
  readonly password?: string | null;
}

/**
 * Reads one store file of any format. A wrong password on a format that is readable without one gives the entries with
 * integrity `wrong`.
 */
export async function loadStoreFile(
  path: string,
  options: LoadOptions = {},
): Promise<Result<StoreFile, StoreError>> {
  const loaded = await loadStoreBytes(path, options);
  return loaded.ok ? ok(loaded.value.file) : loaded;
}

/** A store file with its very bytes, to be changed. */
export interface StoreBytes {
  readonly bytes: Uint8Array;
  readonly file: StoreFile;
}

/** As loadStoreFile, with the bytes that were read. */
export async function loadStoreBytes(
  path: string,
  { password = null }: LoadOptions = {},
): Promise<Result<StoreBytes, StoreError>> {
  const bytes = await readBytes(path);
  if (!bytes.ok) return bytes;
  const parsed = await parseStore(bytes.value, { password, fileName: path });
  if (!parsed.ok) return fail(inFile(parsed.error, path));
  const file = { ...parsed.value, path };
  const lacksPassword = file.format === "cms-kdb" && password === null;
  return ok({
    bytes: bytes.value,
    file: lacksPassword ? await withStashHint(file, path) : file,
  });
}

/** GSKit keeps the password of a key database in a stash file beside it. */
async function withStashHint(file: StoreFile, path: string): Promise<StoreFile> {
  const stash = path.replace(/\.[^./]*$/, "") + ".sth";
  return (await isFile(stash))
    ? {
        ...file,
        message: `${file.message ?? "No password was given"}; the stash file beside it has one: stash:${shellWord(stash)}`,
      }
    : file;
}

/**
 * Reads whatever a location names: a file, a directory of certificate files, the directory of an NSS database, the home
 * of a JVM (also as `java-home:PATH`), or certificates of the runtime (`node:system`, `node:default`, `node:bundled`,
 * `node:extra`), or bytes that are the location itself (`inline:BASE64`).
 */
export async function loadStoreFiles(
  location: string,
  { password = null }: LoadOptions = {},
): Promise<Result<DirectoryContent, StoreError>> {
  const place = parseLocation(location);
  switch (place.kind) {
    case "runtime": {
      const store = runtimeStore(place.store);
      return store.ok ? ok({ files: store.value.files, passedOver: [] }) : store;
    }
    case "java-home":
      return only(loadJavaHome(place.path, password));
    case "inline":
      return only(parseStore(Buffer.from(place.base64, "base64"), { password }));
    case "path":
      return (await isDirectory(place.path))
        ? loadDirectory(place.path, password)
        : only(loadStoreFile(place.path, { password }));
  }
}

async function loadDirectory(
  path: string,
  password: string | null,
): Promise<Result<DirectoryContent, StoreError>> {
  const kind = await directoryKind(path);
  switch (kind) {
    case "nss":
      return only(loadStoreFile(join(path, "cert9.db"), { password }));
    case "nss-legacy":
      return only(loadStoreFile(join(path, "cert8.db"), { password }));
    case "java-home":
      return only(loadJavaHome(path, password));
    case "files":
      return readStoreDirectory(path, password);
  }
}

async function only(
  reading: Promise<Result<StoreFile, StoreError>>,
): Promise<Result<DirectoryContent, StoreError>> {
  const file = await reading;
  return file.ok ? ok({ files: [file.value], passedOver: [] }) : file;
}

/** The file that a JVM without any property reads. */
async function loadJavaHome(
  home: string,
  password: string | null,
): Promise<Result<StoreFile, StoreError>> {
  const { path, masked } = await followJavaHome(home);
  if (path === null)
    return fail(
      storeError(
        "not-found",
        `${home}: No home of a JVM: lib/security/jssecacerts or lib/security/cacerts was expected in it`,
        { path: home, remedy: ["java -XshowSettings:properties -version 2>&1 | grep java.home"] },
      ),
    );
  const file = await loadStoreFile(path, { password });
  if (!file.ok || masked.length === 0) return file;
  const anomaly = {
    code: "masks-cacerts" as const,
    message: `The JVM reads this file and therefore not ${masked.join(", ")}`,
  };
  return ok({ ...file.value, anomalies: [...file.value.anomalies, anomaly] });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Which files make up a truststore. */
export interface TruststoreSource {
  readonly name: string;
  /** At least one; locations as loadStoreFiles takes them. */
  readonly paths: readonly string[];
  readonly password: string | null;
}

/**
 * Reads the files of a truststore. The first file that cannot be read, or whose password is wrong, fails the whole:
 * no client would go on with half a store. Only a directory may hold files that are passed over.
 */
export async function loadTruststore({
  name,
  paths,
  password,
}: TruststoreSource): Promise<Result<Truststore, StoreError>> {
  const loaded = await Promise.all(paths.map((path) => loadStoreFiles(path, { password })));
  const files: StoreFile[] = [];
  for (const content of loaded) {
    if (!content.ok) return content;
    const wrong = content.value.files.find(({ integrity }) => integrity === "wrong");
    if (wrong !== undefined) return fail(integrityFailure(wrong));
    files.push(...content.value.files);
  }
  return ok({ name, files });
}

function integrityFailure({ path, format, message, java }: StoreFile): StoreError {
  const error = storeError("wrong-password", message ?? "The password does not fit the file", {
    format: format === "system" ? null : format,
    javaMessage: java.opens ? null : java.message,
  });
  return inFile(error, path ?? "store");
}
