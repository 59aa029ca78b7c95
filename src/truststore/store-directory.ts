import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail, ok, type Result } from "../x509/result.ts";
import { isJavaHome } from "./java-home.ts";
import { MAX_STORE_BYTES } from "./limits.ts";
import { parseStore } from "./parse-store.ts";
import { fileError, inFile, readBytes } from "./read-file.ts";
import { type StoreError, storeError } from "./store-error.ts";
import type { StoreEntry, StoreFile } from "./truststore.ts";

/** What a directory is for anchors. */
export type DirectoryKind = "java-home" | "nss" | "nss-legacy" | "files";

/** Most files of one directory that are looked into. */
const MAX_FILES = 5_000;

/** Name under which OpenSSL looks up the certificates of a directory: hash of the subject, number (X509_LOOKUP_hash_dir). */
const HASH_NAME = /^[0-9a-f]{8}\.\d{1,9}$/;

/** Tells the database of NSS and the home of a JVM from a directory of certificate files. */
export async function directoryKind(path: string): Promise<DirectoryKind> {
  const has = async (name: string): Promise<boolean> => {
    try {
      return (await stat(join(path, name))).isFile();
    } catch {
      return false;
    }
  };
  if (await has("cert9.db")) return "nss";
  if (await isJavaHome(path)) return "java-home";
  return (await has("cert8.db")) ? "nss-legacy" : "files";
}

/** The stores of a directory, and its files that are none that can be read. */
export interface DirectoryContent {
  /** By name; several names of one file count once. */
  readonly files: readonly StoreFile[];
  readonly passedOver: readonly StoreError[];
}

/**
 * Reads the certificate files of a directory, not of the directories in it. Clients of OpenSSL find only files that are
 * named by a hash (`openssl rehash`), others read all of them. Files that are no stores, or that do not open with the
 * password, are passed over, as such clients do.
 */
export async function readStoreDirectory(
  path: string,
  password: string | null,
): Promise<Result<DirectoryContent, StoreError>> {
  const names = await namesByFile(path);
  if (!names.ok) return names;
  const files: StoreFile[] = [];
  const passedOver: StoreError[] = [];
  let size = 0;
  for (const { name, hashed } of names.value) {
    const file = join(path, name);
    const bytes = await readBytes(file);
    if (!bytes.ok) {
      passedOver.push(bytes.error);
      continue;
    }
    size += bytes.value.length;
    if (size > MAX_STORE_BYTES)
      return fail(
        inFile(
          storeError(
            "too-large",
            `The files of the directory have more than ${MAX_STORE_BYTES} bytes together`,
          ),
          path,
        ),
      );
    const parsed = await parseStore(bytes.value, { password, fileName: file });
    if (parsed.ok && parsed.value.integrity !== "wrong")
      files.push({
        ...parsed.value,
        path: file,
        entries: hashed ? parsed.value.entries : parsed.value.entries.map(hiddenFromOpenssl),
      });
    else
      passedOver.push(
        parsed.ok
          ? inFile(storeError("wrong-password", "The password does not fit the file"), file)
          : inFile(parsed.error, file),
      );
  }
  if (files.length === 0) return fail(noStores(path, passedOver));
  return ok({ files, passedOver });
}

/** One file of a directory: the name to show, and whether one of its names is a hash. */
interface NamedFile {
  readonly name: string;
  readonly hashed: boolean;
}

/** Files by what they really are: `/etc/ssl/certs` has two links to every certificate. */
async function namesByFile(path: string): Promise<Result<readonly NamedFile[], StoreError>> {
  let names: readonly string[];
  try {
    names = (await readdir(path)).filter((name) => !name.startsWith(".")).toSorted();
  } catch (error) {
    return fail(fileError(error, path));
  }
  if (names.length > MAX_FILES)
    return fail(
      inFile(
        storeError(
          "too-many-entries",
          `The directory holds ${names.length} files; at most ${MAX_FILES} are read`,
        ),
        path,
      ),
    );
  const byFile = new Map<string, NamedFile>();
  for (const name of names) {
    const real = await realFile(join(path, name));
    if (real === null) continue;
    const before = byFile.get(real);
    const hashed = HASH_NAME.test(name);
    byFile.set(real, {
      name: before !== undefined && !HASH_NAME.test(before.name) ? before.name : name,
      hashed: hashed || before?.hashed === true,
    });
  }
  return ok([...byFile.values()]);
}

/** Null for directories, devices and links to nothing. */
async function realFile(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isFile() ? await realpath(path) : null;
  } catch {
    return null;
  }
}

function hiddenFromOpenssl(entry: StoreEntry): StoreEntry {
  if (!entry.visibleTo.openssl.visible) return entry;
  const openssl = { visible: false, reason: "not-hash-named" } as const;
  return { ...entry, visibleTo: { ...entry.visibleTo, openssl } };
}

function noStores(path: string, passedOver: readonly StoreError[]): StoreError {
  const [first] = passedOver;
  const why = first === undefined ? "it is empty" : `${passedOver.length} files are none`;
  return storeError(
    "no-certificate",
    `${path}: The directory holds no file with certificates: ${why}`,
    {
      path,
      remedy: [
        "Name a file, a directory of certificate files, an NSS database or the home of a JVM",
        ...(first === undefined ? [] : [first.message]),
      ],
    },
  );
}
