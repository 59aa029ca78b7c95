import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Test } from "tap";
import { findTool, requireTool } from "../tools.ts";

/** The folders under which systems install JVMs and Java libraries. */
const JVMS = "/usr/lib/jvm";
const JARS = "/usr/share/java";

/** A Java runtime on this machine. */
export interface JavaHome {
  /** Feature release, e.g. 17. */
  readonly release: number;
  readonly home: string;
  readonly java: string;
  readonly keytool: string;
}

function javaHome(home: string): readonly JavaHome[] {
  const [java, keytool] = [join(home, "bin", "java"), join(home, "bin", "keytool")];
  const release = Number(/(?:^|\D)(8|1[0-9]|2[0-9])(?:\D|$)/.exec(home.replace(/^.*\//, ""))?.[1]);
  return existsSync(java) && existsSync(keytool) && !Number.isNaN(release)
    ? [{ release, home, java, keytool }]
    : [];
}

/** Java runtimes of this machine, each once, by release. */
export function javaHomes(): readonly JavaHome[] {
  const onPath = findTool("java");
  const homes = [
    ...(onPath === undefined ? [] : [dirname(dirname(realpathSync(onPath)))]),
    ...(existsSync(JVMS) ? readdirSync(JVMS).map((name) => realpathSync(join(JVMS, name))) : []),
  ];
  return [...new Set(homes)].flatMap(javaHome).toSorted((a, b) => a.release - b.release);
}

/** The Java runtime of a release; the test is skipped with a visible reason where there is none. */
export function requireJava(t: Test, release: number): JavaHome | undefined {
  const home = javaHomes().find((each) => each.release === release);
  if (home === undefined) t.plan(0, `Java ${release} is not installed`);
  return home;
}

/** The library of BouncyCastle, and a Java to run it with; the test is skipped, and fails where `CI=true`, without. */
export function requireBouncyCastle(
  t: Test,
): { readonly java: string; readonly jar: string } | undefined {
  const java = requireTool(t, "java");
  if (java === undefined) return undefined;
  const jar = process.env["BCPROV_JAR"] ?? join(JARS, "bcprov.jar");
  if (existsSync(jar)) return { java, jar };
  const reason = `${jar} is not installed; name it in BCPROV_JAR`;
  if (process.env["CI"] === "true") t.fail(reason);
  else t.plan(0, reason);
  return undefined;
}
