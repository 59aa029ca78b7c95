import { open } from "node:fs/promises";
import { basename } from "node:path";
import { fail, ok, type Result } from "../x509/result.ts";
import { MAX_STORE_BYTES } from "./limits.ts";
import { tooLarge } from "./parse-store.ts";
import { type StoreError, storeError } from "./store-error.ts";

/** Puts the path in front of the message, and on the error. */
export function inFile(error: StoreError, path: string): StoreError {
  return { ...error, path, message: `${path}: ${error.message}` };
}

/** The bytes of a file or pipe, up to the largest store that is read. */
export async function readBytes(path: string): Promise<Result<Uint8Array, StoreError>> {
  try {
    await using file = await open(path, "r");
    const status = await file.stat();
    if (!status.isFile() && !status.isFIFO())
      return fail(notAFile(path, status.isDirectory() ? "a directory" : "a device or socket"));
    if (status.size > MAX_STORE_BYTES) return fail(inFile(tooLarge(status.size), path));
    return await readToEnd(file, status.size, path);
  } catch (error) {
    return fail(fileError(error, path));
  }
}

type OpenFile = Awaited<ReturnType<typeof open>>;

/** Bytes asked for at once where the size of a file says too little: of a pipe, or of a file that grows. */
const CHUNK_BYTES = 2 ** 16;

/** Reads in pieces, whatever the size was beforehand, and stops above the limit. */
async function readToEnd(
  file: OpenFile,
  expected: number,
  path: string,
): Promise<Result<Uint8Array, StoreError>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.max(expected - size, 0) + CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk);
    if (bytesRead === 0) break;
    size += bytesRead;
    if (size > MAX_STORE_BYTES) return fail(inFile(tooLarge(size), path));
    chunks.push(chunk.subarray(0, bytesRead));
  }
  const [first] = chunks;
  return ok(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size));
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
export function fileError(error: unknown, path: string): StoreError {
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
