import type { TargetScheme } from "./handshake.ts";

/** Default port of each scheme whose TLS starts with the first byte (IANA service names; `tls` as https). */
export const DEFAULT_PORTS: Readonly<Record<TargetScheme, number>> = {
  tls: 443,
  https: 443,
  wss: 443,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  smtps: 465,
  ftps: 990,
  nntps: 563,
  ircs: 6697,
  mqtts: 8883,
  amqps: 5671,
};

/** Schemes whose protocol upgrades to TLS by a dialog of its own, and the scheme that starts with TLS instead. */
export const UPGRADE_SCHEMES: ReadonlyMap<string, TargetScheme | null> = new Map([
  ["ldap", "ldaps"],
  ["imap", "imaps"],
  ["pop3", "pop3s"],
  ["smtp", "smtps"],
  ["lmtp", null],
  ["ftp", "ftps"],
  ["nntp", "nntps"],
  ["xmpp", null],
  ["xmpp-server", null],
  ["sieve", null],
  ["irc", "ircs"],
  ["postgres", null],
  ["mysql", null],
  ["mssql", null],
  ["rdp", null],
]);

/** Whether a scheme's TLS starts with the first byte. */
export function isTargetScheme(scheme: string): scheme is TargetScheme {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}
