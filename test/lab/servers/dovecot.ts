import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../process.ts";
import { type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

/** What Dovecot speaks here. */
export type DovecotScheme = "imap" | "imaps" | "pop3" | "pop3s" | "sieve" | "lmtp";

/** Dovecot with IMAP, POP3, ManageSieve and LMTP. It changes its user, so it needs root. */
export async function startDovecot(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<DovecotScheme>> {
  const ports: Partial<Record<DovecotScheme, number>> = {
    imap: await freePort(),
    pop3: await freePort(),
    sieve: await freePort(),
    lmtp: await freePort(),
    ...(identity === null ? {} : { imaps: await freePort(), pop3s: await freePort() }),
  };
  for (const folder of ["run", "state", "mail"]) await mkdir(join(directory, folder));
  const file = join(directory, "dovecot.conf");
  const listener = (name: string, port: number | undefined): string =>
    `inet_listener ${name} {\n address = 127.0.0.1\n port = ${port ?? 0}\n}`;
  const service = (name: string, ...listeners: readonly string[]): string =>
    `service ${name} {\n${listeners.join("\n")}\n}`;
  const text = [
    `base_dir = ${join(directory, "run")}`,
    `state_dir = ${join(directory, "state")}`,
    "log_path = /dev/stderr",
    "protocols = imap pop3 lmtp sieve",
    "listen = 127.0.0.1",
    `mail_location = maildir:${join(directory, "mail")}`,
    "passdb {\n driver = static\n args = nopassword=y\n}",
    "userdb {\n driver = static\n args = uid=nobody gid=nogroup home=/nonexistent\n}",
    identity === null
      ? "ssl = no"
      : `ssl = yes\nssl_cert = <${identity.chain}\nssl_key = <${identity.key}`,
    service("imap-login", listener("imap", ports.imap), listener("imaps", ports.imaps)),
    service("pop3-login", listener("pop3", ports.pop3), listener("pop3s", ports.pop3s)),
    service("managesieve-login", listener("sieve", ports.sieve)),
    service("lmtp", listener("lmtp", ports.lmtp)),
  ];
  await writeFile(file, `${text.join("\n")}\n`);
  return startDaemon(program, ["-F", "-c", file], { ports });
}
