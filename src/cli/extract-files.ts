import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment, Finding } from "../diagnosis/finding.ts";
import { onScreen } from "../report/on-screen.ts";
import { writePemStore } from "../truststore/write-pem.ts";
import { createFile } from "../truststore/write-file.ts";
import { InputError } from "./input-error.ts";
import { UsageError } from "./usage-error.ts";

/** Most files of one run: a list of targets with hostile answers does not fill a disk. */
const MAX_FILES = 1000;

/** Writes the files that remedies name into a folder, each once. */
export interface FileExtractor {
  /** @throws {InputError} when a file cannot be written, or another one of that name is there */
  readonly add: (findings: readonly Finding[]) => Promise<void>;
}

/** Opens the folder of `--extract`. @throws {UsageError} when there is none of that name */
export async function fileExtractor(folder: string): Promise<FileExtractor> {
  if (!(await isFolder(folder)))
    throw new UsageError(
      `--extract: ${JSON.stringify(folder)} is no folder that is there; make it first`,
    );
  const written = new Set<string>();
  return {
    add: async (findings) => {
      for (const attachment of findings.flatMap(({ attachments = [] }) => attachments)) {
        if (written.has(attachment.fileName)) continue;
        if (written.size >= MAX_FILES)
          throw new InputError(`--extract: More than ${MAX_FILES} files; check fewer targets`);
        written.add(attachment.fileName);
        const path = join(folder, attachment.fileName);
        if (await writeOnce(path, attachment))
          process.stderr.write(`anchorwatch: ${onScreen(path)} written\n`);
      }
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** False where the very same content is there already. */
async function writeOnce(path: string, { certificates }: Attachment): Promise<boolean> {
  const content = writePemStore(certificates.map((der) => ({ alias: null, der })));
  const created = await createFile(path, Buffer.from(content, "utf8"), {
    mode: 0o666,
    overwrite: false,
  });
  if (created.ok) return true;
  if (created.error.code === "exists" && (await holds(path, content))) return false;
  throw new InputError(
    created.error.code === "exists"
      ? `--extract: ${path} is there already with other content, and is not overwritten`
      : `--extract: ${created.error.message}`,
  );
}

async function holds(path: string, content: string): Promise<boolean> {
  try {
    return (await readFile(path, "utf8")) === content;
  } catch {
    return false;
  }
}
