import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { decodeText } from "../../truststore/text-encoding.ts";
import { fail, ok, type Result } from "../../x509/result.ts";

/** Why a file was not read; closed list. */
export type SourceErrorCode =
  | "not-found"
  | "unreadable"
  | "is-folder"
  | "too-large"
  | "too-many"
  | "outside"
  | "binary";

/** A file that was not read. */
export interface SourceError {
  readonly code: SourceErrorCode;
  /** Absolute path. */
  readonly file: string;
  /** One sentence that names the file, without a trailing full stop. */
  readonly message: string;
}

/** What an importer sees of the file system; tests and other machines put their own in. */
export interface SourceFiles {
  /** At most `limit` + 1 bytes from the start. */
  readonly read: (path: string, limit: number) => Promise<Result<Uint8Array, string>>;
  /** Names in a folder, unsorted. */
  readonly list: (path: string) => Promise<Result<readonly string[], string>>;
  /** What is at a path, links followed; null for nothing. */
  readonly look: (path: string) => Promise<SourceLook | null>;
  /** The path without links; the path itself when nothing is there. */
  readonly real: (path: string) => Promise<string>;
}

/** What stands at a path. */
export interface SourceLook {
  readonly kind: "file" | "folder" | "other";
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Bounds of one import. */
export interface SourceLimits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files. */
  readonly totalBytes: number;
  /** Files and folders. */
  readonly files: number;
  /** Names in one folder. */
  readonly names: number;
}

/** Bounds that no real configuration comes near. */
export const SOURCE_LIMITS: SourceLimits = {
  fileBytes: 8 * 2 ** 20,
  totalBytes: 64 * 2 ** 20,
  files: 2000,
  names: 5000,
};

/** A file's text. */
export interface SourceText {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** How the bytes of a file become text: XML and most text by mark and UTF-8, `latin-1` as java.util.Properties. */
export type SourceEncoding = "detect" | "latin-1";

/** The byte order mark of UTF-8, as Latin-1. */
const MARK = "\u00EF\u00BB\u00BF";

/**
 * Reads the files of one import: bounded, only below the roots, and with a record of everything that
 * was looked at, so that a later change of any of it is noticed.
 */
export class SourceReader {
  readonly #files: SourceFiles;
  readonly #limits: SourceLimits;
  readonly #roots: string[] = [];
  readonly #watched = new Set<string>();
  readonly #marked = new Set<string>();
  #bytes = 0;

  constructor(files: SourceFiles, limits: SourceLimits = SOURCE_LIMITS) {
    this.#files = files;
    this.#limits = limits;
  }

  /** Every path that was read, listed or found missing: what the outcome depends on. Absolute. */
  get watched(): readonly string[] {
    return [...this.#watched];
  }

  /** Files read as java.util.Properties does that begin with a byte order mark: it spoils their first key. Absolute. */
  get marked(): readonly string[] {
    return [...this.#marked];
  }

  /** Lets files below a folder be read, beside the folders allowed so far. */
  allow(folder: string): void {
    this.#roots.push(resolve(folder));
  }

  /** Reads a text file. A path outside the roots, also by way of a link, is refused unread. */
  async read(
    path: string,
    encoding: SourceEncoding = "detect",
  ): Promise<Result<SourceText, SourceError>> {
    const bytes = await this.readBytes(path);
    if (!bytes.ok) return bytes;
    const file = resolve(path);
    const text =
      encoding === "latin-1"
        ? Buffer.from(bytes.value).toString("latin1")
        : decodeText(bytes.value).text;
    if (encoding === "latin-1" && text.startsWith(MARK)) this.#marked.add(file);
    return text.includes("\0")
      ? fail({ code: "binary", file, message: `${file} is not a text file` })
      : ok({ file, text });
  }

  /** As read(), undecoded. */
  async readBytes(path: string): Promise<Result<Uint8Array, SourceError>> {
    const file = resolve(path);
    const refused = await this.#enter(file);
    if (refused !== null) return fail(refused);
    const found = await this.#files.look(file);
    if (found === null) return fail({ code: "not-found", file, message: `${file} does not exist` });
    if (found.kind !== "file")
      return fail({
        code: found.kind === "folder" ? "is-folder" : "unreadable",
        file,
        message: found.kind === "folder" ? `${file} is a folder` : `${file} is not a file`,
      });
    const bytes = await this.#files.read(file, this.#limits.fileBytes);
    if (!bytes.ok)
      return fail({
        code: "unreadable",
        file,
        message: `${file} cannot be read (${bytes.error})`,
      });
    const { length } = bytes.value;
    if (length > this.#limits.fileBytes)
      return fail({
        code: "too-large",
        file,
        message: `${file} is larger than ${this.#limits.fileBytes / 2 ** 20} MiB, which no configuration is`,
      });
    this.#bytes += length;
    if (this.#bytes > this.#limits.totalBytes)
      return fail({
        code: "too-many",
        file,
        message: `${file} is not read: the configuration is larger than ${this.#limits.totalBytes / 2 ** 20} MiB`,
      });
    return ok(bytes.value);
  }

  /** Names in a folder, in the order of their code units; a folder that does not exist has none. */
  async list(path: string): Promise<Result<readonly string[], SourceError>> {
    const file = resolve(path);
    const refused = await this.#enter(file);
    if (refused !== null) return fail(refused);
    const found = await this.#files.look(file);
    if (found === null) return ok([]);
    const names = await this.#files.list(file);
    if (!names.ok)
      return fail({
        code: "unreadable",
        file,
        message: `${file} cannot be listed (${names.error})`,
      });
    if (names.value.length > this.#limits.names)
      return fail({
        code: "too-many",
        file,
        message: `${file} is not read: it has more than ${this.#limits.names} files`,
      });
    return ok(names.value.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  }

  /** What stands at a path, which may be outside the roots: stores are anywhere, and are not read here. */
  async look(path: string): Promise<SourceLook | null> {
    const file = resolve(path);
    this.#watched.add(file);
    return this.#files.look(file);
  }

  /** Whether a path lies below a root once links are followed. */
  async isInside(path: string): Promise<boolean> {
    const real = await this.#files.real(resolve(path));
    for (const root of this.#roots)
      if (isBelow(real, root) || isBelow(real, await this.#files.real(root))) return true;
    return false;
  }

  async #enter(file: string): Promise<SourceError | null> {
    this.#watched.add(file);
    if (this.#watched.size > this.#limits.files)
      return {
        code: "too-many",
        file,
        message: `${file} is not read: the configuration has more than ${this.#limits.files} files`,
      };
    if (await this.isInside(file)) return null;
    return {
      code: "outside",
      file,
      message: `${file} is not read: it is outside ${this.#roots.join(", ")}`,
    };
  }
}

/** Whether a path is a folder or lies in it, by their texts. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The folder of a file. */
export const folderOf = (file: string): string => dirname(file);
