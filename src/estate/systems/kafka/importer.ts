import { basename, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { globFiles } from "../glob-files.ts";
import { ImportBuilder } from "../import-builder.ts";
import { javaProfile } from "../java/options.ts";
import { byDefault, derived } from "../origin.ts";
import { parseProperties } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { addBroker } from "./broker.ts";
import { addKafkaClient, clientPrefixes } from "./client.ts";
import { KafkaSettings } from "./settings.ts";

/** Kafka: brokers, clients, Connect and Streams, in their properties files. */
export const KAFKA: SystemImporter = {
  system: "kafka",
  title: "Apache Kafka",
  expects: "properties files of brokers or clients, or a folder of them",
  detect: async (path, reader) => {
    for (const file of await filesOf(path, reader)) {
      const source = await reader.read(file, "latin-1");
      if (
        source.ok &&
        /^\s*(?:bootstrap\.servers|listeners|zookeeper\.connect)\s*[=:]/mu.test(source.value.text)
      )
        return 7;
    }
    return 0;
  },
  read: async ({ paths, reader, host, version }) => {
    const builder = new ImportBuilder();
    const named = version === null ? null : javaProfile(version);
    const profile =
      named === null
        ? byDefault("openjdk-17" as const, "the Java of Kafka is not named")
        : derived(named, "the Java version that was named for this import", []);
    let found = false;
    for (const path of paths)
      for (const file of await filesOf(path, reader)) {
        const source = await reader.read(file, "latin-1");
        if (!source.ok) {
          builder.unreadable(source.error, null);
          continue;
        }
        const properties = parseProperties(source.value);
        if (properties.length === 0) continue;
        const settings = new KafkaSettings(properties, file);
        found = true;
        await addBroker(settings, { builder, host });
        for (const prefix of clientPrefixes(settings))
          await addKafkaClient(settings.below(prefix), {
            builder,
            profile,
            name: nameOf(file, prefix),
          });
      }
    return found
      ? ok(builder.build("kafka"))
      : fail(builder.failure(`${paths.join(", ")} holds no properties of Kafka`));
  },
};

/** The local name of a client: its file, and the prefix where there are several in one. */
function nameOf(file: string, prefix: string): string {
  const stem = basename(file).replace(/\.[^.]*$/u, "");
  return prefix === "" ? stem : `${stem}-${prefix.replace(/\.$/u, "")}`;
}

async function filesOf(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return [path];
  const files = await globFiles(join(path, "*.properties"), reader);
  return files.ok ? files.value : [];
}
