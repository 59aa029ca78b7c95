import { dirname } from "node:path";
import { resolvePassword } from "../../../truststore/password.ts";
import { fail, type Result } from "../../../x509/result.ts";
import type { SecretReference } from "../../estate.ts";
import { DISK_FILES } from "../disk-files.ts";
import { SourceReader } from "../source-reader.ts";
import { decodePassword } from "./decode-password.ts";
import { locate } from "./locator.ts";

/** A password that cannot be had; the message never shows one. */
export interface SecretError {
  readonly message: string;
}

/**
 * Gets the password that a reference of the estate leads to. What stands in a configuration may be plain or
 * encoded as Liberty and WebSphere do; it is read anew each time.
 */
export async function readSecret(reference: SecretReference): Promise<Result<string, SecretError>> {
  switch (reference.kind) {
    case "env":
      return resolvePassword(`env:${reference.name}`);
    case "file":
    case "stash":
      return resolvePassword(`${reference.kind}:${reference.path}`);
    case "encoded":
      return decoded(reference.text, reference.key);
    case "config": {
      const reader = new SourceReader(DISK_FILES);
      reader.allow(dirname(reference.path));
      const latin1 = reference.at.startsWith("properties:");
      const source = await reader.read(reference.path, latin1 ? "latin-1" : "detect");
      if (!source.ok) return source;
      const text = locate(source.value, reference.at);
      return text.ok ? decoded(text.value, reference.key) : fail({ message: text.error });
    }
  }
}

async function decoded(
  text: string,
  key: SecretReference | null,
): Promise<Result<string, SecretError>> {
  if (key === null) return decodePassword(text);
  const passphrase = await readSecret(key);
  return passphrase.ok ? decodePassword(text, passphrase.value) : passphrase;
}

/** Files that a reference is read from. */
export function secretFiles(reference: SecretReference): readonly string[] {
  switch (reference.kind) {
    case "env":
      return [];
    case "file":
    case "stash":
      return [reference.path];
    case "encoded":
      return reference.key === null ? [] : secretFiles(reference.key);
    case "config":
      return [reference.path, ...(reference.key === null ? [] : secretFiles(reference.key))];
  }
}
