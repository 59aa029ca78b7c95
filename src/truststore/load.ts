import { open } from "node:fs/promises";
import { basename } from "node:path";
import { fail, ok, type Result } from "../x509/result.ts";
import { MAX_STORE_BYTES } from "./limits.ts";
import { parseStore, tooLarge } from "./parse-store.ts";
import { type StoreError, storeError } from "./store-error.ts";
import type { StoreFile, Truststore } from "./truststore.ts";

/** Options of loadStoreFile. */
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
  return parsed.ok
    ? ok({ bytes: bytes.value, file: { ...parsed.value, path } })
    : fail(inFile(parsed.error, path));
}

/** Which files make up a truststore. */
export interface TruststoreSource {
  readonly name: string;
  /** At least one. */
  readonly paths: readonly string[];
  readonly password: string | null;
}

/**
 * Reads the files of a truststore. The first file that cannot be read, or whose password is wrong, fails the whole:
 * no client would go on with half a store.
 */
export async function loadTruststore({
  name,
  paths,
  password,
}: TruststoreSource): Promise<Result<Truststore, StoreError>> {
  const loaded = await Promise.all(paths.map((path) => loadStoreFile(path, { password })));
  const files: StoreFile[] = [];
  for (const file of loaded) {
    if (!file.ok) return file;
    if (file.value.integrity === "wrong") return fail(integrityFailure(file.value));
    files.push(file.value);
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

/** Puts the path in front of the message, and on the error. */
function inFile(error: StoreError, path: string): StoreError {
  return { ...error, path, message: `${path}: ${error.message}` };
}

/** The content of a store file, up to the size of the largest that is read. */
export async function readBytes(path: string): Promise<Result<Uint8Array, StoreError>> {
  try {
    await using file = await open(path, "r");
    const status = await file.stat();
    if (!status.isFile() && !status.isFIFO())
      return fail(notAFile(path, status.isDirectory() ? "a directory" : "a device or socket"));
    if (status.size > MAX_STORE_BYTES) return fail(inFile(tooLarge(status.size), path));
    return await readUpTo(file, path);
  } catch (error) {
    return fail(fileError(error, path));
  }
}

type OpenFile = Awaited<ReturnType<typeof open>>;

/** A pipe, or a file that grows, has no size to check beforehand. */
async function readUpTo(file: OpenFile, path: string): Promise<Result<Uint8Array, StoreError>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of file.createReadStream({ autoClose: false })) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > MAX_STORE_BYTES) return fail(inFile(tooLarge(size), path));
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks, size));
}

function notAFile(path: string, what: string): StoreError {
  return storeError(
    "not-a-file",
    `${path}: This is ${what}; the path of a truststore file was expected`,
    {
      path,
      remedy: [`Name the file itself, e.g. ${path}/cacerts or ${path}/ca.pem`],
    },
  );
}

/** The failure of a system call; Java falls back to its own cacerts without a word where the file is missing or unreadable. */
function fileError(error: unknown, path: string): StoreError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return storeError(
        "not-found",
        `${path}: File not found; Java clients fall back to the JDK's own cacerts without a message`,
        { path, remedy: [`Check the path and the name ${basename(path)}: ls -l ${path}`] },
      );
    case "EACCES":
    case "EPERM":
      return storeError(
        "permission-denied",
        `${path}: No permission to read the file; the account that runs this program needs it`,
        { path, remedy: [`ls -l ${path}`, "Give this account read permission"] },
      );
    case "EISDIR":
      return notAFile(path, "a directory");
    default:
      return storeError("unreadable", `${path}: File cannot be read (${code})`, { path });
  }
}
