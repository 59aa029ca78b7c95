import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

/** xrdp with the TLS security layer, or with RDP's own encryption alone. */
export async function startXrdp(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"rdp">> {
  const ports = { rdp: await freePort() };
  const file = join(directory, "xrdp.ini");
  const text = [
    "[Globals]",
    "ini_version=1",
    "fork=true",
    `port=tcp://127.0.0.1:${ports.rdp}`,
    `security_layer=${identity === null ? "rdp" : "tls"}`,
    ...(identity === null
      ? []
      : [
          `certificate=${identity.chain}`,
          `key_file=${identity.key}`,
          "ssl_protocols=TLSv1.2, TLSv1.3",
        ]),
    "[Logging]",
    `LogFile=${join(directory, "xrdp.log")}`,
    "LogLevel=INFO",
    "EnableConsole=true",
    "[Xorg]",
    "name=Xorg",
    "lib=libxup.so",
  ];
  await writeFile(file, `${text.join("\n")}\n`);
  return startDaemon(program, ["--nodaemon", "--config", file], { ports });
}
