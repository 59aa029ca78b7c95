import { join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { globFiles } from "../glob-files.ts";
import { ImportBuilder } from "../import-builder.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { addBinds } from "./binds.ts";
import { HaproxyConfiguration } from "./configuration.ts";
import { parseHaproxy } from "./parse.ts";
import { addServers } from "./servers.ts";

/** HAProxy: haproxy.cfg, or a folder of files that it loads together (`-f FOLDER`). */
export const HAPROXY: SystemImporter = {
  system: "haproxy",
  title: "HAProxy",
  expects: "haproxy.cfg, or a folder of .cfg files",
  detect: async (path, reader) => {
    for (const file of await filesOf(path, reader)) {
      const source = await reader.read(file);
      if (!source.ok) continue;
      const { sections } = parseHaproxy(source.value.text);
      if (sections.some(({ kind }) => kind === "frontend" || kind === "backend")) return 8;
    }
    return 0;
  },
  read: async ({ paths, reader, host, environment }) => {
    const builder = new ImportBuilder();
    const configuration = new HaproxyConfiguration(environment);
    let found = false;
    for (const path of paths)
      for (const file of await filesOf(path, reader)) {
        const source = await reader.read(file);
        if (!source.ok) {
          builder.unreadable(source.error, null);
          continue;
        }
        const parsed = parseHaproxy(source.value.text);
        for (const { position, message } of parsed.faults.slice(0, 20))
          builder.issue({
            code: "estate.file-unreadable",
            severity: "warning",
            summary: `${file} has a fault: ${message}`,
            place: { file, ...position, at: "" },
            remedy: ["haproxy -c -f /etc/haproxy/haproxy.cfg"],
          });
        found ||= parsed.sections.length > 0;
        configuration.add(parsed.sections, file);
      }
    if (!found)
      return fail(builder.failure(`${paths.join(", ")} holds no section of a haproxy.cfg`));
    await addBinds(configuration, host, builder);
    await addServers(configuration, builder);
    return ok(builder.build("haproxy"));
  },
};

async function filesOf(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return [path];
  const files = await globFiles(join(path, "*.cfg"), reader);
  return files.ok ? files.value : [];
}
