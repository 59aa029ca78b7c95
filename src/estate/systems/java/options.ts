import type { SecretReference } from "../../estate.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import { javaProtocols } from "../java-protocols.ts";
import { LineIndex } from "../line-index.ts";
import type { ImportedClient } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";
import type { ProfileName } from "../../../trust/profile-names.ts";
import type { NameCheck } from "../../../trust/verdict.ts";

/** An option `-Dname=value` of a Java command line. */
export interface JavaOption {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** Most options that are read of one file. */
const MAX_OPTIONS = 10_000;

/** Finds every `-Dname=value` of a file: a command line, a shell script, a unit of systemd, or one option a line. */
export function javaOptions({ file, text }: SourceText): readonly JavaOption[] {
  const lines = new LineIndex(text);
  const found: JavaOption[] = [];
  for (const match of text.matchAll(
    /-D([A-Za-z][\w.]{0,200})(?:=("[^"\r\n]*"|'[^'\r\n]*'|[^\s"']*))?/gu,
  )) {
    if (found.length >= MAX_OPTIONS) break;
    const line = text.slice(text.lastIndexOf("\n", match.index) + 1, match.index);
    const before = text.charAt(match.index - 1);
    // `OPTS="-Da=b -Dc=d"` is a list of words, `java "-Da=b c"` one option
    const isQuoted = (before === '"' || before === "'") && text.charAt(match.index - 2) !== "=";
    if (/^\s*(?:#|rem\s|::)/iu.test(line)) continue;
    const [, name = "", value = ""] = match;
    const place = { file, ...lines.at(match.index), at: `-D${name}` };
    found.push({
      name,
      value: isQuoted ? upTo(text, match.index + name.length + 3, before) : unquoted(value),
      place,
    });
  }
  return found;
}

const unquoted = (value: string): string => value.replace(/^(["'])(.*)\1$/u, "$2");

/** The value of an option that stands in quotes as a whole: up to the closing one, in the same line. */
function upTo(text: string, start: number, quote: string): string {
  const [line = ""] = text.slice(start, start + 8192).split(/[\r\n]/u, 1);
  return line.split(quote, 1)[0] ?? "";
}

/** The last option of a name, which is the one that counts; null when it is not set. */
export function javaOption(options: readonly JavaOption[], name: string): Sourced<string> | null {
  const found = options.findLast((option) => option.name === name);
  return found === undefined ? null : written(found.value, found.place);
}

/** `JAVA_HOME=…` of a script, as the option java.home. */
export function javaHomeOf({ file, text }: SourceText): readonly JavaOption[] {
  const pattern = /^[ \t]*(?:export |set )?"?JAVA_HOME="?([^"\r\n$%]+)"?[ \t]*\r?$/gmu;
  const match = [...text.matchAll(pattern)].at(-1);
  const [, value] = match ?? [];
  if (match === undefined || value === undefined) return [];
  const place = { file, ...new LineIndex(text).at(match.index), at: "JAVA_HOME" };
  return [{ name: "java.home", value: value.trim(), place }];
}

const PROFILES: readonly (readonly [version: number, profile: ProfileName])[] = [
  [8, "openjdk-8"],
  [11, "openjdk-11"],
  [17, "openjdk-17"],
  [21, "openjdk-21"],
  [25, "openjdk-25"],
];

/** The profile of a Java version such as `17.0.9` or `1.8`: the newest that is not newer; null for none. */
export function javaProfile(version: string): ProfileName | null {
  const [, major = ""] = /^(?:1\.)?(\d+)/u.exec(version) ?? [];
  return PROFILES.findLast(([from]) => from <= Number(major))?.[1] ?? null;
}

/** What is known about the JVM around its options. */
export interface JavaSurroundings {
  /** Folder from which relative paths are taken. */
  readonly base: string;
  readonly profile: Sourced<ProfileName>;
  /** Local name of the client and its truststore. */
  readonly name: string;
  /** Where to point when nothing is written. */
  readonly place: Place;
  /** What names are compared by. @default as Java does it for HTTPS */
  readonly nameCheck?: Sourced<NameCheck>;
}

/**
 * Adds the client that a JVM is by its options: `javax.net.ssl.trustStore` and its like. Null, with a note, when its
 * truststore is that of a JVM that nobody names.
 */
export async function addJavaClient(
  options: readonly JavaOption[],
  surroundings: JavaSurroundings,
  builder: ImportBuilder,
): Promise<string | null> {
  const { base, profile, name, place, nameCheck } = surroundings;
  const trust = trustOf(options, base);
  if (trust === null) {
    builder.note(
      "No javax.net.ssl.trustStore is set and no JAVA_HOME is named: the JVM reads its own cacerts, wherever it is",
      place,
    );
    return null;
  }
  const password = optionSecret(options, "javax.net.ssl.trustStorePassword");
  const store = builder.truststore({ name, paths: [trust], password });
  if (!trust.value.includes(":"))
    await checkStore(
      {
        role: "javax.net.ssl.trustStore",
        path: trust,
        type: javaOption(options, "javax.net.ssl.trustStoreType"),
        password,
        alias: null,
        isTruststore: true,
      },
      builder,
    );
  const offered = ["jdk.tls.client.protocols", "https.protocols"].flatMap(
    (each) => javaOption(options, each) ?? [],
  )[0];
  const ciphers = ["jdk.tls.client.cipherSuites", "https.cipherSuites"].flatMap(
    (each) => javaOption(options, each) ?? [],
  )[0];
  const suites = ciphers === undefined ? null : javaCipherSuites(ciphers.value);
  const names = javaOption(options, "jsse.enableSNIExtension");
  if (names?.value === "false")
    builder.issue({
      code: "estate.no-server-name",
      severity: "warning",
      summary:
        "The JVM sends no server name (jsse.enableSNIExtension is false): servers with several names present the certificate of the default one",
      place: placeOf(names),
      remedy: ["Remove -Djsse.enableSNIExtension=false, and restart the JVM"],
    });
  return builder.client({
    name,
    profile,
    trust: [derived(store, "javax.net.ssl.trustStore", [placeOf(trust) ?? place])],
    nameCheck: nameCheck ?? byDefault("https", "Java checks the names of HTTPS servers"),
    ...(await identityOf(options, base, builder)),
    ...(ciphers === undefined || suites === null
      ? {}
      : { cipherSuites: { ...ciphers, value: suites } }),
    ...(offered === undefined
      ? {}
      : { protocols: { ...offered, value: javaProtocols(offered.value) } }),
  });
}

function trustOf(options: readonly JavaOption[], base: string): Sourced<string> | null {
  const path = javaOption(options, "javax.net.ssl.trustStore");
  if (path !== null && path.value !== "" && path.value !== "NONE" && !path.value.includes("$"))
    return { ...path, value: configuredPath(path.value, base) };
  const home = javaOption(options, "java.home");
  return home === null || home.value === "" ? null : { ...home, value: `java-home:${home.value}` };
}

async function identityOf(
  options: readonly JavaOption[],
  base: string,
  builder: ImportBuilder,
): Promise<Pick<ImportedClient, "identity" | "ownChain">> {
  const file = javaOption(options, "javax.net.ssl.keyStore");
  if (file === null || file.value === "" || file.value === "NONE" || file.value.includes("$"))
    return { identity: null };
  const path = { ...file, value: configuredPath(file.value, base) };
  const password = optionSecret(options, "javax.net.ssl.keyStorePassword");
  const loaded = await checkStore(
    {
      role: "javax.net.ssl.keyStore",
      path,
      type: javaOption(options, "javax.net.ssl.keyStoreType"),
      password,
      alias: null,
      isTruststore: false,
    },
    builder,
  );
  return {
    identity: { kind: "keystore", path, password, keyPassword: null, alias: null },
    ownChain: ownChain(loaded, null),
  };
}

function optionSecret(
  options: readonly JavaOption[],
  name: string,
): Sourced<SecretReference> | null {
  const option = options.findLast((each) => each.name === name);
  if (option === undefined || option.value === "") return null;
  const [, variable] = /^\$\{?([A-Za-z_]\w*)\}?$/u.exec(option.value) ?? [];
  if (variable !== undefined) return written({ kind: "env", name: variable }, option.place);
  const { file } = option.place;
  return written({ kind: "config", path: file, at: `option:${name}`, key: null }, option.place);
}
