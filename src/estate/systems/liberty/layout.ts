import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../../../x509/result.ts";
import type { SourceReader } from "../source-reader.ts";
import type { ImportFailure } from "../system-importer.ts";

/** Where the parts of one Liberty server are. Paths are absolute. */
export interface LibertyLayout {
  /** Name of the server: that of its folder. */
  readonly name: string;
  /** `server.config.dir`. */
  readonly config: string;
  readonly serverXml: string;
  /** `wlp.user.dir`: two folders above the server where it stands in `servers`; else the server's own. */
  readonly user: string;
  /** `wlp.install.dir`; null when the server stands in no installation. */
  readonly install: string | null;
}

/** Finds the parts of a server from its folder or its server.xml. */
export async function libertyLayout(
  path: string,
  reader: SourceReader,
): Promise<Result<LibertyLayout, ImportFailure>> {
  const found = await reader.look(path);
  const serverXml = found?.kind === "folder" ? join(path, "server.xml") : path;
  if ((await reader.look(serverXml))?.kind !== "file")
    return fail({
      message: `${serverXml} does not exist; the folder of a Liberty server, or its server.xml, was expected`,
      place: null,
    });
  const config = dirname(serverXml);
  const inServers = basename(dirname(config)) === "servers";
  const user = inServers ? dirname(dirname(config)) : config;
  const install = inServers ? await installOf(user, reader) : null;
  return ok({ name: basename(config), config, serverXml, user, install });
}

/** The installation is the folder around `usr` that holds `lib` or `bin`. */
async function installOf(user: string, reader: SourceReader): Promise<string | null> {
  const around = dirname(user);
  for (const folder of ["lib", "bin"])
    if ((await reader.look(join(around, folder)))?.kind === "folder") return around;
  return null;
}
