import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../process.ts";
import { type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

const run = promisify(execFile);

/** Folders of a queue that the few services below look for. */
const QUEUE = ["pid", "private", "public", "active", "incoming", "maildrop", "deferred", "defer"];

/** Postfix's own `master` with an SMTP server and nothing that delivers. It changes its user, so it needs root. */
export async function startPostfix(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"smtp" | "smtps">> {
  const ports = {
    smtp: await freePort(),
    ...(identity === null ? {} : { smtps: await freePort() }),
  };
  const [configuration, queue, data] = ["etc", "queue", "data"].map((name) =>
    join(directory, name),
  );
  if (configuration === undefined || queue === undefined || data === undefined) throw new Error();
  for (const folder of [configuration, data, ...QUEUE.map((name) => join(queue, name))])
    await mkdir(folder, { recursive: true });
  await run("chown", ["-R", "postfix", queue, data]);
  await run("chown", ["root", queue, join(queue, "pid")]);
  const settings = [
    "compatibility_level = 3.6",
    `queue_directory = ${queue}`,
    `data_directory = ${data}`,
    "inet_interfaces = 127.0.0.1",
    "inet_protocols = ipv4",
    "myhostname = mail.example.com",
    "alias_maps =",
    "local_recipient_maps =",
    `maillog_file = ${join(data, "log")}`,
    `maillog_file_prefixes = ${data}`,
    ...(identity === null
      ? ["smtpd_tls_security_level = none"]
      : [
          "smtpd_tls_security_level = may",
          `smtpd_tls_chain_files = ${identity.key}, ${identity.chain}`,
        ]),
  ];
  const services = [
    `127.0.0.1:${ports.smtp} inet n - n - - smtpd`,
    ...(ports.smtps === undefined
      ? []
      : [`127.0.0.1:${ports.smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`]),
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "anvil unix - - n - 1 anvil",
    "rewrite unix - - n - - trivial-rewrite",
    "proxymap unix - - n - - proxymap",
    "postlog unix-dgram n - n - 1 postlogd",
  ];
  await writeFile(join(configuration, "main.cf"), `${settings.join("\n")}\n`);
  await writeFile(join(configuration, "master.cf"), `${services.join("\n")}\n`);
  const { stdout } = await run(join(dirname(program), "postconf"), ["-h", "daemon_directory"]);
  return startDaemon(join(stdout.trim(), "master"), ["-c", configuration, "-d"], { ports });
}
