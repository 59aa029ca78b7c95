import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { isRoot, type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

/** vsftpd, with AUTH TLS, or with TLS at once (`implicit`). */
export async function startVsftpd(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"ftp" | "ftps">> {
  const start = (port: number, implicit: boolean): Promise<LabDaemon<"ftp">> =>
    startOne(program, { directory, identity, port, implicit });
  const ftp = await freePort();
  const upgrading = await start(ftp, false);
  if (identity === null) return upgrading;
  const ftps = await freePort();
  const direct = await start(ftps, true);
  return {
    ports: { ftp, ftps },
    output: () => upgrading.output() + direct.output(),
    stop: async () => void (await Promise.all([upgrading.stop(), direct.stop()])),
  };
}

async function startOne(
  program: string,
  {
    directory,
    identity,
    port,
    implicit,
  }: ServerParts & { readonly port: number; readonly implicit: boolean },
): Promise<LabDaemon<"ftp">> {
  const empty = join(directory, "empty");
  await mkdir(empty, { recursive: true });
  const file = join(directory, `vsftpd-${port}.conf`);
  const lines = [
    "listen=YES",
    "listen_address=127.0.0.1",
    `listen_port=${port}`,
    "background=NO",
    "anonymous_enable=NO",
    "local_enable=YES",
    "seccomp_sandbox=NO",
    `secure_chroot_dir=${empty}`,
    `vsftpd_log_file=${join(directory, "vsftpd.log")}`,
    ...(isRoot ? [] : ["run_as_launching_user=YES"]),
    ...(identity === null
      ? []
      : [
          "ssl_enable=YES",
          `implicit_ssl=${implicit ? "YES" : "NO"}`,
          `rsa_cert_file=${identity.chain}`,
          `rsa_private_key_file=${identity.key}`,
        ]),
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  return startDaemon(program, [file], { ports: { ftp: port } });
}
