import { join, resolve } from "node:path";
import type { SourceFiles } from "../estate/systems/source-reader.ts";
import { ok } from "../x509/result.ts";

/** Names that importers know a single file by; what is not here takes any name. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["liberty", "server.xml"],
  ["process-federation-server", "server.xml"],
  ["websphere", "security.xml"],
  ["tomcat", "server.xml"],
  ["wildfly", "standalone.xml"],
  ["connector-server", "server_osgi_jcs.xml"],
  ["service-manager", "sm.ini"],
  ["service-manager-web-tier", "web.xml"],
  ["service-manager-windows", "client.prefs"],
  ["spring-boot", "application.yml"],
  ["kafka", "client.properties"],
  ["prometheus", "prometheus.yml"],
]);

/** A configuration from standard input as if it were a file. */
export interface StandardInputFile {
  /** Where it is taken to stand, absolute: a folder of this name in the working directory. */
  readonly path: string;
  readonly files: SourceFiles;
}

/** Puts what came through standard input over the files of this machine. */
export function standardInputFile(
  system: string,
  bytes: Uint8Array,
  disk: SourceFiles,
): StandardInputFile {
  const isXml = Buffer.from(bytes.subarray(0, 200)).toString("latin1").includes("<");
  const folder = resolve("(standard input)");
  const path = join(folder, NAMES.get(system) ?? (isXml ? "plugin-cfg.xml" : "file.conf"));
  return {
    path,
    files: {
      read: async (wanted, limit) =>
        wanted === path ? ok(bytes.subarray(0, limit + 1)) : disk.read(wanted, limit),
      list: async (wanted) => (wanted === folder ? ok([]) : disk.list(wanted)),
      look: async (wanted) => (wanted === path ? { kind: "file", modified: 0 } : disk.look(wanted)),
      real: async (wanted) => (wanted === path ? path : disk.real(wanted)),
    },
  };
}
