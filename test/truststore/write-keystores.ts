import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run, scratch } from "./material.ts";

/** Types that a Java with BouncyCastle writes. */
export type KeystoreType =
  | "JKS"
  | "JCEKS"
  | "PKCS12"
  | "BKS"
  | "BKS-V1"
  | "UBER"
  | "BCFKS"
  | "BCPKCS12"
  | "PKCS12-3DES-3DES";

/** An entry of a keystore to write; `files` are DER certificates. */
export interface KeystoreEntry {
  readonly kind: "cert" | "key" | "secret";
  readonly alias: string;
  readonly files: readonly string[];
}

/** A keystore to write. */
export interface KeystorePlan {
  readonly path: string;
  readonly type: KeystoreType;
  /** Words for BCFKS, e.g. `scrypt:1024:8:2,AES256_KWP`. */
  readonly variant?: string;
  readonly password: string;
  readonly entries: readonly KeystoreEntry[];
}

const PROGRAM = fileURLToPath(new URL("write-keystores.java", import.meta.url));

let written = 0;

/** Writes keystores with the real Java, all in one run. @param jar of BouncyCastle, for its types */
export function writeKeystores(
  java: string,
  plans: readonly KeystorePlan[],
  jar: string | null = null,
): void {
  const file = scratch(`plans-${++written}.tsv`);
  const lines = plans.map(({ path, type, variant = "-", password, entries }) => {
    const fields = entries.map(({ kind, alias, files }) => [kind, alias, ...files].join("|"));
    return `${[path, type, variant, password, ...fields].join("\t")}\n`;
  });
  writeFileSync(file, lines.join(""));
  run(java, [...(jar === null ? [] : ["-cp", jar]), PROGRAM, file]);
}

/** The path of a file with this certificate in DER. */
export function derFile(name: string, der: Uint8Array): string {
  const path = scratch(`${name}.der`);
  writeFileSync(path, der);
  return path;
}
