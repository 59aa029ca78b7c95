import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { ImportBuilder } from "../import-builder.ts";
import {
  addJavaClient,
  javaHomeOf,
  type JavaOption,
  javaOptions,
  javaProfile,
} from "../java/options.ts";
import { byDefault, derived } from "../origin.ts";
import { fillPlaceholders, type PlaceholderSyntax } from "../placeholders.ts";
import { parseProperties } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { descendants } from "../xml/element.ts";
import { readXml } from "../xml/read-xml.ts";
import { addConnector } from "./connector.ts";
import { addDirectoryRealms } from "./directory-realms.ts";

/** Apache Tomcat: `conf/server.xml` with catalina.properties and bin/setenv.sh. */
export const TOMCAT: SystemImporter = {
  system: "tomcat",
  title: "Apache Tomcat",
  expects: "CATALINA_BASE, or its conf/server.xml",
  detect: async (path, reader) => {
    const file = await serverXml(path, reader);
    const source = file === null ? null : await reader.read(file);
    return source?.ok === true &&
      /<Connector\b/u.test(source.value.text) &&
      /<Service\b/u.test(source.value.text)
      ? 8
      : 0;
  },
  read: async ({ paths, reader, host, version }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const file = await serverXml(path, reader);
      const remedy = "Correct the file; Tomcat does not start with it either";
      const root = file === null ? null : await readXml(file, { reader, builder }, { remedy });
      if (file === null || root === null) continue;
      found = true;
      const base = dirname(dirname(file));
      const options = await optionsOf(base, reader);
      const syntax = await placeholders(base, options, reader);
      const context = {
        builder,
        base,
        host,
        fill: (value: Parameters<typeof fillPlaceholders>[0]) => fillPlaceholders(value, syntax),
      };
      for (const element of descendants(root))
        if (element.local === "Connector") await addConnector(element, context);
      const named = version === null ? null : javaProfile(version);
      const profile =
        named === null
          ? byDefault("openjdk-21" as const, "the version of the JVM is not named")
          : derived(named, "the version that was named for this import", []);
      const jvm = { base, profile, name: "", place: root.place };
      if (options.some(({ name }) => name.startsWith("javax.net.ssl.")))
        await addJavaClient(options, jvm, builder);
      await addDirectoryRealms(root, options, { ...context, jvm });
    }
    return found
      ? ok(builder.build("tomcat"))
      : fail(builder.failure(`${paths.join(", ")} holds no readable conf/server.xml`));
  },
};

async function serverXml(path: string, reader: SourceReader): Promise<string | null> {
  if ((await reader.look(path))?.kind === "file") return path.endsWith(".xml") ? path : null;
  for (const file of [join(path, "conf", "server.xml"), join(path, "server.xml")])
    if ((await reader.look(file))?.kind === "file") return file;
  return null;
}

async function optionsOf(base: string, reader: SourceReader): Promise<readonly JavaOption[]> {
  const found: JavaOption[] = [];
  for (const name of ["setenv.sh", "setenv.bat"]) {
    const file = join(base, "bin", name);
    if ((await reader.look(file)) === null) continue;
    const source = await reader.read(file);
    if (source.ok) found.push(...javaHomeOf(source.value), ...javaOptions(source.value));
  }
  return found;
}

/** Variables of server.xml: catalina.properties, and above it system properties of the JVM (`-D`). */
async function placeholders(
  base: string,
  options: readonly JavaOption[],
  reader: SourceReader,
): Promise<PlaceholderSyntax> {
  const file = join(base, "conf", "catalina.properties");
  const source = (await reader.look(file)) === null ? null : await reader.read(file, "latin-1");
  const properties = source?.ok === true ? parseProperties(source.value) : [];
  return {
    separator: ":-",
    find: (name) => {
      if (name === "catalina.base" || name === "catalina.home")
        return { value: base, source: "CATALINA_BASE", place: null };
      const option = options.findLast((each) => each.name === name);
      if (option !== undefined)
        return { value: option.value, source: "system property", place: option.place };
      const property = properties.findLast(({ key }) => key === name);
      return property === undefined
        ? null
        : { value: property.value, source: "catalina.properties", place: property.place };
    },
  };
}
