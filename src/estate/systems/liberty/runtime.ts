import { isAbsolute, join, resolve } from "node:path";
import type { ProfileName } from "../../../trust/profile-names.ts";
import { byDefault, derived, type Sourced } from "../origin.ts";
import { parseProperties, propertyOf } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import type { LibertyLayout } from "./layout.ts";
import type { Variables } from "./variables.ts";

/** Which Liberty and which Java a server runs on. */
export interface LibertyRuntime {
  /** E.g. `24.0.0.9`; null when nothing says. */
  readonly version: Sourced<string> | null;
  /** Absolute path of the JVM's home; null when nothing says. */
  readonly javaHome: Sourced<string> | null;
  readonly profile: Sourced<ProfileName>;
  /** Whether the profile was taken for want of anything better. */
  readonly isProfileAssumed: boolean;
}

/** Files in `lib/versions` that state the product's version. */
const VERSION_FILES = ["WebSphereApplicationServer.properties", "openliberty.properties"] as const;

/** Finds the versions of Liberty and Java from the installation and the server's environment. */
export async function libertyRuntime(
  layout: LibertyLayout,
  variables: Variables,
  reader: SourceReader,
  given: string | null,
): Promise<LibertyRuntime> {
  const version =
    given === null
      ? await installedVersion(layout, reader)
      : derived(given, "the version was given with the import", []);
  const home = variables.serverEnvironment("JAVA_HOME");
  const javaHome: Sourced<string> | null =
    home === null || home.place === null || !isAbsolute(home.value)
      ? null
      : {
          value: resolve(home.value),
          origin: { kind: "written", place: home.place, variables: [] },
        };
  const profile = javaHome === null ? null : await profileOf(javaHome, reader);
  return {
    version,
    javaHome,
    profile:
      profile ??
      byDefault<ProfileName>(
        "openjdk-17",
        "nothing says which Java runs the server; a current LTS",
      ),
    isProfileAssumed: profile === null,
  };
}

async function installedVersion(
  { install }: LibertyLayout,
  reader: SourceReader,
): Promise<Sourced<string> | null> {
  if (install === null) return null;
  for (const name of VERSION_FILES) {
    const source = await reader.read(join(install, "lib", "versions", name), "latin-1");
    if (!source.ok) continue;
    const found = propertyOf(parseProperties(source.value), "com.ibm.websphere.productVersion");
    if (found !== null) return found;
  }
  return null;
}

/** The profile of a JVM by its `release` file. */
async function profileOf(
  { value: home, origin }: Sourced<string>,
  reader: SourceReader,
): Promise<Sourced<ProfileName> | null> {
  const release = join(home, "release");
  reader.allow(release);
  const source = await reader.read(release);
  if (!source.ok) return null;
  const properties = parseProperties(source.value);
  const of = (key: string): string => propertyOf(properties, key)?.value.replace(/"/g, "") ?? "";
  const version = of("JAVA_VERSION");
  const profile = profileOfJava(version, of("IMPLEMENTOR"));
  const places = origin.kind === "written" ? [origin.place] : [];
  return profile === null
    ? null
    : derived(profile, `JAVA_HOME is Java ${version} (${release})`, places);
}

/**
 * The profile for a Java version as `release` files state it: the newest known one that is not newer.
 * Semeru from 11 on is OpenJDK's class library; IBM's own is Java 8.
 */
export function profileOfJava(version: string, implementor: string): ProfileName | null {
  const [, old, feature] = /^(?:1\.(\d+)|(\d+))/.exec(version) ?? [];
  const number = Number.parseInt(old ?? feature ?? "", 10);
  if (Number.isNaN(number)) return null;
  if (number <= 8) return implementor.startsWith("IBM Corporation") ? "ibm-java-8" : "openjdk-8";
  if (number >= 25) return "openjdk-25";
  if (number >= 21) return "openjdk-21";
  if (number >= 17) return "openjdk-17";
  return number >= 11 ? "openjdk-11" : "openjdk-8";
}

/** Whether a Liberty version such as 24.0.0.9 is at least another. */
export function isAtLeast(version: string, least: string): boolean {
  const parts = (text: string): readonly number[] =>
    text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [parts(version), parts(least)];
  for (let index = 0; index < want.length; index++) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
