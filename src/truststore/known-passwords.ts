import { parseStore } from "./parse-store.ts";
import type { StoreFile } from "./truststore.ts";

/**
 * Passwords that stores have by default or by example: of the JDK and of Tomcat (`changeit`), of WebSphere (`WebAS`),
 * of Liberty's and other products' documentation. Nobody who knows them needs to guess.
 */
const KNOWN_PASSWORDS: readonly string[] = [
  "changeit",
  "changeme",
  "password",
  "secret",
  "WebAS",
  "Liberty",
  "passw0rd",
  "changeme1",
  "123456",
  "admin",
];

/** Milliseconds after which no further password is tried: a file may ask for millions of iterations each time. */
const PATIENCE = 5000;

/** Whether a password is one that everybody knows. */
export function isKnownPassword(password: string): boolean {
  return KNOWN_PASSWORDS.includes(password);
}

/**
 * The store as it opens, with its integrity verified, with a password that everybody knows; null when none of them
 * fits. Which one it was is not told.
 */
export async function openWithKnownPassword(bytes: Uint8Array): Promise<StoreFile | null> {
  const start = performance.now();
  for (const password of KNOWN_PASSWORDS) {
    if (performance.now() - start > PATIENCE) return null;
    const read = await parseStore(bytes, { password });
    if (read.ok && read.value.integrity === "ok") return read.value;
    if (!read.ok && !RETRIED.has(read.error.code)) return null;
  }
  return null;
}

/** Failures that another password may turn into success. */
const RETRIED: ReadonlySet<string> = new Set(["wrong-password", "password-required"]);
