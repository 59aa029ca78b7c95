import { dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { loadHttpd, type HttpdStart, type PlacedHttpdDirective } from "../httpd/load.ts";
import { HttpdScope } from "../httpd/scope.ts";
import { ImportBuilder } from "../import-builder.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";
import type { ApacheContext } from "./context.ts";
import { addProxied } from "./proxied.ts";
import { addVirtualHost, portsOf } from "./virtual-host.ts";

/** Apache httpd with mod_ssl: `httpd.conf` or `apache2.conf` with what it includes. */
export const APACHE: SystemImporter = {
  system: "apache",
  title: "Apache httpd",
  expects: "httpd.conf or apache2.conf, or the folder that holds it",
  detect: async (path, reader) => {
    const file = await mainFile(path, reader);
    const source = file === null ? null : await reader.read(file);
    if (source?.ok !== true) return 0;
    return /^\s*(?:SSLEngine|SSLProxyEngine|ServerRoot|<VirtualHost|IncludeOptional)\b/imu.test(
      source.value.text,
    )
      ? 7
      : 0;
  },
  read: async ({ paths, reader, host, environment }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const main = await mainFile(path, reader);
      if (main === null) continue;
      const start = await startOf(main, environment, reader);
      const directives = await loadHttpd(main, start, reader, builder);
      if (directives === null) continue;
      found = true;
      await derive(directives, { builder, host, serverRoot: rootOf(directives, start) });
    }
    return found
      ? ok(builder.build("apache"))
      : fail(builder.failure(`${paths.join(", ")} holds no readable httpd.conf or apache2.conf`));
  },
};

async function derive(
  directives: readonly PlacedHttpdDirective[],
  context: ApacheContext,
): Promise<void> {
  const main = new HttpdScope(directives, null);
  const ports = portsOf(directives);
  const clients = new Map<string, string>();
  const hosts = directives.filter(({ name }) => name === "virtualhost");
  for (const virtualHost of hosts) {
    const scope = new HttpdScope(virtualHost.section ?? [], main);
    await addVirtualHost(virtualHost, scope, ports, context);
    await addProxied(scope, clients, context);
  }
  if (main.isOn("sslengine")) await addVirtualHost(null, main, ports, context);
  await addProxied(main, clients, context);
}

async function mainFile(path: string, reader: SourceReader): Promise<string | null> {
  if ((await reader.look(path))?.kind !== "folder") return path;
  for (const name of ["apache2.conf", "httpd.conf", join("conf", "httpd.conf")])
    if ((await reader.look(join(path, name)))?.kind === "file") return join(path, name);
  return null;
}

/** Debian's envvars beside apache2.conf, and otherwise the environment. */
async function startOf(
  main: string,
  environment: Readonly<Record<string, string | undefined>>,
  reader: SourceReader,
): Promise<HttpdStart> {
  const variables = new Map<string, { readonly value: string; readonly source: string }>();
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && name.startsWith("APACHE_"))
      variables.set(name, { value, source: "environment" });
  const file = join(dirname(main), "envvars");
  if ((await reader.look(file)) !== null) {
    const source = await reader.read(file);
    const text = source.ok ? source.value.text : "";
    variables.set("SUFFIX", { value: "", source: "envvars" });
    for (const [, name = "", quoted = ""] of text.matchAll(/^export +([A-Z_]+)=(.*)$/gmu)) {
      const value = quoted
        .replace(/^(["'])(.*)\1$/u, "$2")
        .replaceAll(
          /\$\{?([A-Z_]+)\}?/gu,
          (_all, other: string) => variables.get(other)?.value ?? "",
        );
      variables.set(name, { value, source: "envvars" });
    }
  }
  const folder = dirname(main);
  const serverRoot = folder.endsWith("/conf") ? dirname(folder) : folder;
  return { serverRoot, variables };
}

function rootOf(directives: readonly PlacedHttpdDirective[], { serverRoot }: HttpdStart): string {
  return directives.findLast(({ name }) => name === "serverroot")?.words[0]?.text ?? serverRoot;
}
