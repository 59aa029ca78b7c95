import { basename, dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { ImportBuilder } from "../import-builder.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import { addDialled } from "./dialled.ts";
import { addListeners } from "./listeners.ts";
import { loadNginx, type PlacedDirective } from "./load.ts";
import { NginxScope } from "./scope.ts";

/** nginx: `nginx.conf` with what it includes, its http, stream and mail parts. */
export const NGINX: SystemImporter = {
  system: "nginx",
  title: "nginx",
  expects: "nginx.conf, or the folder that holds it",
  detect: async (path, reader) => {
    const file = await mainFile(path, reader);
    if (basename(file) === "nginx.conf" && (await reader.look(file)) !== null) return 9;
    const source = path.endsWith(".conf") ? await reader.read(file) : null;
    return source?.ok === true &&
      /^\s*(?:proxy_pass|server_name|listen)\s[^;]*;/mu.test(source.value.text)
      ? 5
      : 0;
  },
  read: async ({ paths, reader, host }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const main = await mainFile(path, reader);
      const directives = await loadNginx(main, reader, builder);
      if (directives === null) continue;
      found = true;
      const context = { builder, host, prefix: dirname(main), clients: new Map<string, string>() };
      for (const part of PARTS) {
        const blocks = blocksOf(directives, part);
        // a file of conf.d on its own has no block around its servers
        const bare = part === "http" ? directives.filter(({ name }) => BARE.has(name)) : [];
        const inside = blocks.flatMap(({ block }) => block ?? []);
        const around = new NginxScope([...directives, ...inside, ...bare], null);
        for (const server of [...inside, ...bare]) {
          if (server.name !== "server" || server.block === null) continue;
          const scope = new NginxScope(server.block, around);
          await addListeners(part, server, scope, context);
          if (part !== "mail") await addDialled(part, server.block, scope, around, context);
        }
      }
    }
    return found
      ? ok(builder.build("nginx"))
      : fail(builder.failure(`${paths.join(", ")} holds no readable nginx.conf`));
  },
};

const PARTS = ["http", "stream", "mail"] as const;

/** Blocks of `http` that stand for themselves in an included file. */
const BARE: ReadonlySet<string> = new Set(["server", "upstream"]);

const blocksOf = (
  directives: readonly PlacedDirective[],
  name: string,
): readonly PlacedDirective[] => directives.filter((directive) => directive.name === name);

async function mainFile(path: string, reader: SourceReader): Promise<string> {
  if ((await reader.look(path))?.kind !== "folder") return path;
  const below = join(path, "conf", "nginx.conf");
  return (await reader.look(join(path, "nginx.conf"))) === null &&
    (await reader.look(below)) !== null
    ? below
    : join(path, "nginx.conf");
}
