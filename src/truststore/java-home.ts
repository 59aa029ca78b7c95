import { access, constants, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where a JVM looks for its trust anchors, in this order. */
export interface JavaTruststoreLookup {
  /** The file that it reads; null where it has none, or is told to use none. */
  readonly path: string | null;
  /** Files that it would have read before that one, but that are missing or unreadable. */
  readonly passedOver: readonly string[];
  /** Files that it would read next; they are not looked at. */
  readonly masked: readonly string[];
}

/** Value of `javax.net.ssl.trustStore` that stands for no file. */
const NO_FILE = "NONE";

/**
 * Follows a JVM to its truststore as sun.security.ssl.TrustStoreManager does: the property `javax.net.ssl.trustStore`,
 * else `jssecacerts`; and `cacerts` whenever that file is missing or unreadable, without a word. A property that names
 * nothing usable therefore never leads to `jssecacerts`.
 * @param trustStore value of the property; null where it is not set
 */
export async function followJavaHome(
  home: string,
  trustStore: string | null = null,
): Promise<JavaTruststoreLookup> {
  if (trustStore === NO_FILE) return { path: null, passedOver: [], masked: [] };
  const folder = await securityFolder(home);
  if (folder === null && trustStore === null) return { path: null, passedOver: [], masked: [] };
  const beside = (name: string): readonly string[] => (folder === null ? [] : [join(folder, name)]);
  const candidates = [
    ...(trustStore === null ? beside("jssecacerts") : [trustStore]),
    ...beside("cacerts"),
  ];
  const usable = await Promise.all(candidates.map(isReadableFile));
  const found = usable.indexOf(true);
  if (found < 0) return { path: null, passedOver: candidates, masked: [] };
  return {
    path: candidates[found] ?? null,
    passedOver: candidates.slice(0, found),
    masked: candidates.filter((_, index) => index > found && usable[index] === true),
  };
}

/** `lib/security` under `java.home`; a JDK 8 has its runtime, and with it `java.home`, in `jre`. */
async function securityFolder(home: string): Promise<string | null> {
  for (const folder of [join(home, "jre", "lib", "security"), join(home, "lib", "security")])
    if (await isDirectory(folder)) return folder;
  return null;
}

/** Whether a directory is the home of a JVM: it has that folder, with anchors in it. */
export async function isJavaHome(directory: string): Promise<boolean> {
  const folder = await securityFolder(directory);
  if (folder === null) return false;
  const present = await Promise.all(
    ["cacerts", "jssecacerts", "java.security"].map((name) => exists(join(folder, name))),
  );
  return present.includes(true);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}

async function isReadableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
