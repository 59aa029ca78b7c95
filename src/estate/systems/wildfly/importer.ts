import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { ImportBuilder } from "../import-builder.ts";
import { javaProfile } from "../java/options.ts";
import { byDefault, derived, type Sourced } from "../origin.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { readXml } from "../xml/read-xml.ts";
import { addClientConfiguration } from "./client-configuration.ts";
import { addElytron } from "./elytron.ts";
import { addListeners } from "./listeners.ts";

/** Files that hold a server's configuration, in the order in which they are looked for. */
const FILES = [
  "standalone/configuration/standalone.xml",
  "standalone/configuration/standalone-full.xml",
  "standalone/configuration/standalone-ha.xml",
  "configuration/standalone.xml",
  "standalone.xml",
  "standalone-full.xml",
  "wildfly-config.xml",
] as const;

/** WildFly and JBoss EAP: Elytron, legacy security realms, Undertow, and `wildfly-config.xml` of clients. */
export const WILDFLY: SystemImporter = {
  system: "wildfly",
  title: "WildFly and JBoss EAP",
  expects:
    "home of the server, its standalone.xml or domain.xml, or wildfly-config.xml of a client",
  detect: async (path, reader) => {
    const file = await serverFile(path, reader);
    const source = file === null ? null : await reader.read(file);
    return source?.ok === true &&
      /xmlns="urn:(?:jboss:domain|elytron|wildfly)/u.test(source.value.text)
      ? 9
      : 0;
  },
  read: async ({ paths, reader, host, environment, version }) => {
    const builder = new ImportBuilder();
    const named = version === null ? null : javaProfile(version);
    const profile =
      named === null
        ? byDefault("openjdk-17" as const, "the Java of WildFly is not named")
        : derived(named, "the Java version that was named for this import", []);
    let found = false;
    for (const path of paths) {
      const file = await serverFile(path, reader);
      const remedy = "Correct the file; WildFly does not start with it either";
      const root = file === null ? null : await readXml(file, { reader, builder }, { remedy });
      if (file === null || root === null) continue;
      found = true;
      const folder = dirname(file);
      const folders = new Map([
        ["jboss.server.config.dir", folder],
        ["jboss.domain.config.dir", folder],
        ["jboss.server.base.dir", dirname(folder)],
        ["jboss.server.data.dir", join(dirname(folder), "data")],
        ["jboss.home.dir", dirname(dirname(folder))],
      ]);
      const fill = (value: Sourced<string>): ReturnType<typeof fillPlaceholders> =>
        fillPlaceholders(value, {
          separator: ":",
          find: (name) => {
            const [, variable] = /^env\.(.+)$/u.exec(name) ?? [];
            const value = variable === undefined ? folders.get(name) : environment[variable];
            return value === undefined ? null : { value, source: "server", place: null };
          },
        });
      const context = { builder, host, profile, folders, folder, fill };
      if (root.local === "configuration") await addClientConfiguration(root, context);
      else addListeners(root, await addElytron(root, context), context);
    }
    return found
      ? ok(builder.build("wildfly"))
      : fail(
          builder.failure(
            `${paths.join(", ")} holds no readable standalone.xml or wildfly-config.xml`,
          ),
        );
  },
};

async function serverFile(path: string, reader: SourceReader): Promise<string | null> {
  if ((await reader.look(path))?.kind === "file") return path.endsWith(".xml") ? path : null;
  for (const name of FILES)
    if ((await reader.look(join(path, name)))?.kind === "file") return join(path, name);
  return null;
}
