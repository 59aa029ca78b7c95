import { basename, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { ImportBuilder } from "../import-builder.ts";
import { parseProperties } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { readXml } from "../xml/read-xml.ts";
import { addClientProperties } from "./client-props.ts";
import { addListeners } from "./listeners.ts";
import { addSecurity } from "./security-xml.ts";
import { cellVariables, profileVariables } from "./settings.ts";

/** WebSphere Application Server traditional: a cell's security.xml, and ssl.client.props of its clients. */
export const WEBSPHERE: SystemImporter = {
  system: "websphere",
  title: "WebSphere Application Server traditional",
  expects: "folder of a profile or a cell, security.xml, ssl.client.props",
  detect: async (path, reader) => {
    for (const file of await filesOf(path, reader)) {
      const source = await reader.read(file, file.endsWith(".props") ? "latin-1" : "detect");
      if (source.ok && /<security:Security\b|^com\.ibm\.ssl\./mu.test(source.value.text)) return 9;
    }
    return 0;
  },
  read: async ({ paths, reader, version, host }) => {
    const builder = new ImportBuilder();
    let cell = "was";
    let found = 0;
    for (const path of paths)
      for (const file of await filesOf(path, reader)) {
        const context = { builder, variables: profileVariables(file), version, reader };
        if (file.endsWith(".props")) {
          const source = await reader.read(file, "latin-1");
          if (!source.ok) {
            builder.unreadable(source.error, null);
            continue;
          }
          found += 1;
          await addClientProperties(parseProperties(source.value), context);
          continue;
        }
        const root = await readXml(file, { reader, builder }, { severity: "critical" });
        if (root === null) continue;
        found += 1;
        const folder = join(file, "..");
        cell = basename(folder);
        const variables = await cellVariables(folder, context.variables, reader, builder);
        const inbound = await addSecurity(root, { ...context, variables, folder });
        await addListeners(folder, reader, builder, { host, inbound });
      }
    return found === 0
      ? fail(
          builder.failure(`${paths.join(", ")} holds no readable security.xml or ssl.client.props`),
        )
      : ok(builder.build(cell));
  },
};

/** The files to read of a path: a file itself, or those of a cell or a profile. */
async function filesOf(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return [path];
  const candidates = [join(path, "security.xml"), join(path, "properties", "ssl.client.props")];
  const cells = join(path, "config", "cells");
  const names = await reader.list(cells);
  for (const name of names.ok ? names.value : [])
    candidates.push(join(cells, name, "security.xml"));
  const found: string[] = [];
  for (const candidate of candidates)
    if ((await reader.look(candidate))?.kind === "file") found.push(candidate);
  return found;
}
