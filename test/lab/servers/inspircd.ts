import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freePort } from "../process.ts";
import { type LabDaemon, NOBODY, type ServerParts, startDaemon } from "./daemon.ts";

/** InspIRCd, which has STARTTLS and TLS at once. It refuses to run as root. */
export async function startInspircd(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"irc" | "ircs">> {
  const ports = {
    irc: await freePort(),
    ...(identity === null ? {} : { ircs: await freePort() }),
  };
  const run = join(directory, "run");
  await mkdir(run);
  const file = join(directory, "inspircd.conf");
  const modules = join(dirname(program), "..", "lib", "inspircd", "modules");
  const text = [
    '<config format="xml">',
    '<server name="irc.example.com" description="Lab" network="Lab">',
    '<admin name="Lab" nick="lab" email="lab@example.com">',
    `<bind address="127.0.0.1" port="${ports.irc}" type="clients">`,
    '<connect allow="*" timeout="60" resolvehostnames="no">',
    '<module name="cap">',
    ...(identity === null
      ? []
      : [
          '<module name="ssl_gnutls">',
          '<module name="starttls">',
          `<bind address="127.0.0.1" port="${ports.ircs}" type="clients" sslprofile="Lab">`,
          `<sslprofile name="Lab" provider="gnutls" certfile="${identity.chain}" keyfile="${identity.key}">`,
          '<starttls sslprofile="Lab">',
        ]),
    `<path configdir="${directory}" datadir="${run}" logdir="${run}" runtimedir="${run}" moduledir="${modules}">`,
  ];
  await writeFile(file, `${text.join("\n")}\n`);
  return startDaemon(program, ["--config", file, "--nofork", "--nopid", "--nolog"], {
    ...NOBODY,
    ports,
  });
}
