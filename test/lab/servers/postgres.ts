import { execFile } from "node:child_process";
import { chmod, chown, copyFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../process.ts";
import { type LabDaemon, NOBODY, type ServerParts, startDaemon } from "./daemon.ts";

const run = promisify(execFile);

/** PostgreSQL with a cluster of its own. It refuses to run as root, and keys that others can read. */
export async function startPostgres(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"postgres">> {
  const data = join(directory, "data");
  const initdb = join(dirname(await realpath(program)), "initdb");
  const options = { ...NOBODY, cwd: directory };
  await run(initdb, ["-D", data, "-A", "trust", "-N", "-U", "lab", "--no-locale"], options);
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  if (identity !== null) {
    const key = join(directory, "server.key");
    await copyFile(identity.key, key);
    await chmod(key, 0o600);
    if (NOBODY.uid !== undefined && NOBODY.gid !== undefined)
      await chown(key, NOBODY.uid, NOBODY.gid);
    settings.push("ssl=on", `ssl_cert_file=${identity.chain}`, `ssl_key_file=${key}`);
  }
  const ports = { postgres: await freePort() };
  const args = settings.flatMap((setting) => ["-c", setting]);
  return startDaemon(program, ["-D", data, "-p", String(ports.postgres), ...args], {
    ...options,
    ports,
    signal: "SIGINT",
  });
}
