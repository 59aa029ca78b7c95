import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { ImportBuilder } from "../import-builder.ts";
import { byDefault, derived, type Place } from "../origin.ts";
import { parseProperties, propertyOf } from "../properties/parse-properties.ts";
import type { SourceReader, SourceText } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { addJavaClient, javaHomeOf, type JavaOption, javaOptions, javaProfile } from "./options.ts";

/** Files of a folder that set options of a JVM. */
const FILES = [
  "jvm.options",
  "setenv.sh",
  "setenv.bat",
  "catalina.sh",
  "standalone.conf",
  "domain.conf",
  "java.security",
] as const;

/** Any JVM: its options wherever they are written, and java.security. */
export const JAVA: SystemImporter = {
  system: "java",
  title: "JVM options and java.security",
  expects:
    "files with Java options (jvm.options, setenv.sh, standalone.conf, a unit of systemd) and java.security",
  detect: async (path, reader) => {
    for (const file of await filesOf(path, reader)) {
      const source = await reader.read(file);
      if (
        source.ok &&
        javaOptions(source.value).some(({ name }) => name.startsWith("javax.net.ssl."))
      )
        return 3;
    }
    return 0;
  },
  read: async ({ paths, reader, version }) => {
    const builder = new ImportBuilder();
    const options: JavaOption[] = [];
    let place: Place | null = null;
    let simple: Place | null = null;
    for (const path of paths)
      for (const file of await filesOf(path, reader)) {
        const source = await reader.read(file);
        if (!source.ok) {
          builder.unreadable(source.error, null);
          continue;
        }
        place ??= { file, line: 1, column: 1, at: "options" };
        if (file.endsWith("java.security")) simple = readSecurity(source.value, builder) ?? simple;
        else options.push(...javaHomeOf(source.value), ...javaOptions(source.value));
      }
    if (place === null)
      return fail(builder.failure(`${paths.join(", ")} holds no file with Java options`));
    const named = version === null ? null : javaProfile(version);
    const profile =
      simple !== null
        ? derived("openjdk-17-sunx509" as const, "ssl.TrustManagerFactory.algorithm", [simple])
        : named === null
          ? byDefault("openjdk-21" as const, "the version of the JVM is not named", place)
          : derived(named, "the version that was named for this import", []);
    const surroundings = { base: dirname(place.file), profile, name: "", place };
    await addJavaClient(options, surroundings, builder);
    builder.note(
      "What the applications of a JVM dial is not in its options; link the client to it",
      place,
    );
    return ok(builder.build("java"));
  },
};

async function filesOf(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return [path];
  const found: string[] = [];
  for (const folder of [path, join(path, "bin"), join(path, "conf")])
    for (const name of FILES) {
      const file = join(folder, name);
      if ((await reader.look(file))?.kind === "file") found.push(file);
    }
  return found;
}

/** Rules of java.security that change verdicts. Gives the place where the simple trust manager is chosen. */
function readSecurity(source: SourceText, builder: ImportBuilder): Place | null {
  const properties = parseProperties(source);
  const algorithm = propertyOf(properties, "ssl.TrustManagerFactory.algorithm");
  for (const name of ["jdk.tls.disabledAlgorithms", "jdk.certpath.disabledAlgorithms"]) {
    const rule = propertyOf(properties, name);
    if (rule?.origin.kind === "written")
      builder.note(
        `${name} of this file decides beside the profile; judge with --as java-security:${source.file}`,
        rule.origin.place,
      );
  }
  return algorithm?.origin.kind === "written" && algorithm.value === "SunX509"
    ? algorithm.origin.place
    : null;
}
