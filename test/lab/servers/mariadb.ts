import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { isRoot, type LabDaemon, NOBODY, type ServerParts, startDaemon } from "./daemon.ts";

/** MariaDB on an empty folder: no user can log in, and none has to. */
export async function startMariadb(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"mysql">> {
  const data = join(directory, "data");
  await mkdir(data);
  const { uid, gid } = NOBODY;
  if (uid !== undefined && gid !== undefined) await chown(data, uid, gid);
  const ports = { mysql: await freePort() };
  const args = [
    "--no-defaults",
    `--datadir=${data}`,
    "--skip-grant-tables",
    "--skip-networking=0",
    "--bind-address=127.0.0.1",
    `--port=${ports.mysql}`,
    `--socket=${join(data, "socket")}`,
    `--pid-file=${join(data, "pid")}`,
    "--innodb-buffer-pool-size=8M",
    "--innodb-log-file-size=4M",
    ...(isRoot ? ["--user=nobody"] : []),
    ...(identity === null
      ? ["--skip-ssl"]
      : [`--ssl-cert=${identity.chain}`, `--ssl-key=${identity.key}`]),
  ];
  return startDaemon(program, args, { ports });
}
