import { basename, dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { type DataNode, itemsOf, member, memberAt, textOf } from "../data/data-node.ts";
import { parseJson } from "../data/parse-json.ts";
import { parseYaml } from "../data/parse-yaml.ts";
import { globFiles } from "../glob-files.ts";
import { ImportBuilder } from "../import-builder.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { checkModule, modulesOf, type ProberModule } from "./modules.ts";
import { addTarget, type TargetContext } from "./targets.ts";

/** Prometheus with blackbox_exporter: modules of blackbox.yml, scrape configurations, file_sd. */
export const PROMETHEUS: SystemImporter = {
  system: "prometheus",
  title: "Prometheus blackbox_exporter and file_sd",
  expects: "blackbox.yml, prometheus.yml, file_sd files, or a folder of them",
  detect: async (path, reader) => {
    const name = basename(path);
    if (/^(?:blackbox|prometheus)\.ya?ml$/u.test(name)) return 8;
    for (const each of ["prometheus.yml", "blackbox.yml"])
      if ((await reader.look(join(path, each)))?.kind === "file") return 7;
    return 0;
  },
  read: async ({ paths, reader }) => {
    const builder = new ImportBuilder();
    const documents: Document[] = [];
    for (const path of paths)
      for (const file of await filesOf(path, reader))
        documents.push(...(await load(file, reader, builder)));
    const modules = new Map<string, ProberModule>();
    for (const { node, file } of documents)
      for (const each of modulesOf(node, file)) modules.set(each.name, each);
    const context: TargetContext = { builder, modules, clients: new Map() };
    const included = new Set<string>();
    for (const { node, file } of documents)
      for (const job of itemsOf(member(node, "scrape_configs"))) {
        const name = textOf(itemsOf(memberAt(job, "params", "module"))[0] ?? null);
        const isProbe = textOf(member(job, "metrics_path")) === "/probe" || name !== null;
        const scrape = { module: name, isProbe, job, file };
        for (const group of itemsOf(member(job, "static_configs")))
          await addGroup(group, file, scrape, context);
        for (const source of itemsOf(member(job, "file_sd_configs")))
          for (const pattern of itemsOf(member(source, "files"))) {
            const files = await globFiles(join(dirname(file), textOf(pattern) ?? ""), reader);
            for (const each of files.ok ? files.value : []) {
              included.add(each);
              for (const { node: groups } of await load(each, reader, builder))
                for (const group of itemsOf(groups)) await addGroup(group, each, scrape, context);
            }
          }
      }
    for (const { node, file } of documents)
      if (node.kind === "list" && !included.has(file))
        for (const group of node.items)
          await addGroup(group, file, { module: null, isProbe: true, job: null, file }, context);
    for (const module of modules.values()) checkModule(module, context);
    return documents.length > 0
      ? ok(builder.build("prometheus"))
      : fail(builder.failure(`${paths.join(", ")} holds no readable YAML or JSON of Prometheus`));
  },
};

interface Document {
  readonly file: string;
  readonly node: DataNode;
}

async function filesOf(path: string, reader: SourceReader): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return [path];
  const files = await globFiles(join(path, "*"), reader);
  return files.ok ? files.value.filter((file) => /\.(?:ya?ml|json)$/u.test(file)) : [];
}

async function load(
  file: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<readonly Document[]> {
  const source = await reader.read(file);
  if (!source.ok) {
    builder.unreadable(source.error, null);
    return [];
  }
  const { text } = source.value;
  const json = file.endsWith(".json") ? parseJson(text) : null;
  if (json?.ok === true) return [{ file, node: json.value }];
  const { documents, faults } =
    json === null ? parseYaml(text) : { documents: [], faults: [json.error] };
  for (const { position, message } of faults)
    builder.issue({
      code: "estate.file-unreadable",
      severity: "warning",
      summary: `${file} is not read in whole: ${message}`,
      place: { file, ...position, at: "" },
      remedy: ["promtool check config prometheus.yml"],
    });
  return documents.map((node) => ({ file, node }));
}

interface Scrape {
  readonly module: string | null;
  /** Whether the targets are dialled by blackbox_exporter, and not scraped. */
  readonly isProbe: boolean;
  readonly job: DataNode | null;
  readonly file: string;
}

async function addGroup(
  group: DataNode,
  file: string,
  scrape: Scrape,
  context: TargetContext,
): Promise<void> {
  const own = textOf(memberAt(group, "labels", "__param_module"));
  for (const target of itemsOf(member(group, "targets")))
    await addTarget(target, file, { ...scrape, module: own ?? scrape.module }, context);
}
