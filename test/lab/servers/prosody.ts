import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { isRoot, type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

/** Prosody for the host `localhost`, to clients and to servers. */
export async function startProsody(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"xmpp" | "xmpp-server">> {
  const ports = { xmpp: await freePort(), "xmpp-server": await freePort() };
  const data = join(directory, "data");
  await mkdir(data);
  const file = join(directory, "prosody.cfg.lua");
  const text = [
    ...(isRoot ? ["run_as_root = true"] : []),
    `pidfile = "${join(directory, "prosody.pid")}"`,
    `data_path = "${data}"`,
    'interfaces = { "127.0.0.1" }',
    `c2s_ports = { ${ports.xmpp} }`,
    `s2s_ports = { ${ports["xmpp-server"]} }`,
    'modules_enabled = { "saslauth", "dialback", "tls" }',
    ...(identity === null
      ? ['modules_disabled = { "tls" }']
      : [`ssl = { key = "${identity.key}", certificate = "${identity.chain}" }`]),
    "c2s_require_encryption = false",
    "s2s_require_encryption = false",
    'log = { info = "*console" }',
    'VirtualHost "localhost"',
  ];
  await writeFile(file, `${text.join("\n")}\n`);
  return startDaemon(program, ["--config", file, "-F"], { ports });
}
