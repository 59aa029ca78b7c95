import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { isRoot, type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

/** ngIRCd, which has TLS at once and no STARTTLS. */
export async function startNgircd(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"irc" | "ircs">> {
  const ports = {
    irc: await freePort(),
    ...(identity === null ? {} : { ircs: await freePort() }),
  };
  const file = join(directory, "ngircd.conf");
  const text = [
    "[Global]",
    "Name = irc.example.com",
    "Info = Lab",
    "Listen = 127.0.0.1",
    `Ports = ${ports.irc}`,
    ...(isRoot ? ["ServerUID = nobody", "ServerGID = nogroup"] : []),
    "[Options]",
    "PAM = no",
    "DNS = no",
    "Ident = no",
    ...(identity === null
      ? []
      : [
          "[SSL]",
          `CertFile = ${identity.chain}`,
          `KeyFile = ${identity.key}`,
          `Ports = ${ports.ircs}`,
        ]),
  ];
  await writeFile(file, `${text.join("\n")}\n`);
  return startDaemon(program, ["-n", "-f", file], { ports });
}
