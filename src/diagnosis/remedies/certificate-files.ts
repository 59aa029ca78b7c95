import type { Certificate } from "../../x509/certificate.ts";
import { aliasFor } from "../words.ts";

/** Letters of the fingerprint that a file name carries: enough that no two certificates of one check share it. */
const SHORT = 16;

/** `corp-root-0123456789abcdef.pem`: the name under which a certificate is written out, whatever its subject says. */
export function certificateFileName({ subject, sha256 }: Certificate): string {
  return `${aliasFor(subject)}-${sha256.slice(0, SHORT)}.pem`;
}

/** `www-0123456789abcdef-chain.pem`: the name of the bundle that a server should send, leaf first. */
export function chainFileName({ subject, sha256 }: Certificate): string {
  return `${aliasFor(subject)}-${sha256.slice(0, SHORT)}-chain.pem`;
}

/** A name that certificateFileName or chainFileName made, as a step of a remedy mentions it. */
export interface FileMention {
  readonly fileName: string;
  /** Beginning of the SHA-256 of the certificate, or of the leaf of the bundle. */
  readonly shortSha256: string;
  readonly isChain: boolean;
}

/** The files that the steps of a remedy name, each once. */
export function mentionedFiles(steps: readonly string[]): readonly FileMention[] {
  const found = new Map<string, FileMention>();
  for (const step of steps)
    // few steps name a file, and the pattern tries every letter of the others
    if (step.includes(".pem"))
      for (const [fileName, shortSha256 = "", chain] of step.matchAll(
        /[a-z0-9-]{1,60}-([0-9a-f]{16})(-chain)?\.pem/g,
      ))
        found.set(fileName, { fileName, shortSha256, isChain: chain !== undefined });
  return [...found.values()];
}

/** A file in a folder, or in the working directory where there is none. */
export function inFolder(folder: string | null, fileName: string): string {
  if (folder === null || folder === ".") return fileName;
  return `${folder.replace(/\/+$/, "")}/${fileName}`;
}
