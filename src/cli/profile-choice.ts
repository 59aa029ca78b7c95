import { readFile } from "node:fs/promises";
import { applyJavaSecurity, readJavaSecurity } from "../trust/java/java-security.ts";
import type { Profile } from "../trust/profile.ts";
import { isProfileName, type ProfileName } from "../trust/profile-names.ts";
import { profileOf } from "../trust/profiles.ts";
import { UsageError } from "./usage-error.ts";

/** What one `--as` says: a profile, and the `java.security` file of a JVM on top of it. */
export interface ProfileChoice {
  /** As given, without a default. */
  readonly text: string;
  readonly profile: ProfileName;
  readonly javaSecurity: string | null;
}

/** The release whose rules a file goes on top of when none is named. */
const DEFAULT_BASE: ProfileName = "openjdk-17";

/** Reads `PROFILE`, `java-security:FILE` or `PROFILE+java-security:FILE`; null when it is none of these. */
export function readProfileChoice(text: string): ProfileChoice | null {
  if (isProfileName(text)) return { text, profile: text, javaSecurity: null };
  const parts = /^(?:([a-z0-9-]+)\+)?java-security:(.+)$/.exec(text);
  const base = parts?.[1] ?? DEFAULT_BASE;
  const file = parts?.[2];
  return file === undefined || !isProfileName(base)
    ? null
    : { text, profile: base, javaSecurity: file };
}

/**
 * The rules of a choice; null for a profile's own.
 * @throws {UsageError} when the file cannot be read or makes no sense
 */
export async function chosenRules({
  profile,
  javaSecurity,
}: ProfileChoice): Promise<Profile | null> {
  if (javaSecurity === null) return null;
  const text = await readText(javaSecurity);
  const properties = readJavaSecurity(text);
  const applied = properties.ok
    ? applyJavaSecurity(profileOf(profile), properties.value)
    : properties;
  if (!applied.ok) throw new UsageError(`--as: ${javaSecurity}: ${applied.error.message}`);
  return applied.value;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "latin1");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`--as: ${file} cannot be read (${code})`);
  }
}
