import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

/** OpenLDAP's server without a database: its root entry and StartTLS are all that is asked for. */
export async function startSlapd(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"ldap" | "ldaps">> {
  const file = join(directory, "slapd.conf");
  const lines = [
    `pidfile ${join(directory, "slapd.pid")}`,
    ...(identity === null
      ? []
      : [`TLSCertificateFile ${identity.chain}`, `TLSCertificateKeyFile ${identity.key}`]),
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const ports = {
    ldap: await freePort(),
    ...(identity === null ? {} : { ldaps: await freePort() }),
  };
  const urls = Object.entries(ports).map(([scheme, port]) => `${scheme}://127.0.0.1:${port}`);
  return startDaemon(program, ["-d", "0", "-f", file, "-h", urls.join(" ")], { ports });
}
