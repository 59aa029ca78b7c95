import type { DirectScheme, TargetScheme, UpgradeScheme } from "./handshake.ts";

/** Default port of each scheme whose TLS starts with the first byte (IANA service names; `tls` as https). */
export const DIRECT_PORTS: Readonly<Record<DirectScheme, number>> = {
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

/** A protocol that upgrades to TLS by a dialog of its own. */
export interface UpgradeProtocol {
  /** As operators call it. */
  readonly name: string;
  /** Default port (IANA service names; 6667 is what IRC servers use instead of 194). */
  readonly port: number;
  /** The scheme of the same protocol that starts with TLS. */
  readonly direct: DirectScheme | null;
}

/** Every scheme with an upgrade. */
export const UPGRADES: Readonly<Record<UpgradeScheme, UpgradeProtocol>> = {
  ldap: { name: "LDAP", port: 389, direct: "ldaps" },
  imap: { name: "IMAP", port: 143, direct: "imaps" },
  pop3: { name: "POP3", port: 110, direct: "pop3s" },
  smtp: { name: "SMTP", port: 25, direct: "smtps" },
  lmtp: { name: "LMTP", port: 24, direct: null },
  ftp: { name: "FTP", port: 21, direct: "ftps" },
  nntp: { name: "NNTP", port: 119, direct: "nntps" },
  xmpp: { name: "XMPP", port: 5222, direct: null },
  "xmpp-server": { name: "XMPP between servers", port: 5269, direct: null },
  sieve: { name: "ManageSieve", port: 4190, direct: null },
  irc: { name: "IRC", port: 6667, direct: "ircs" },
  postgres: { name: "PostgreSQL", port: 5432, direct: null },
  mysql: { name: "MySQL", port: 3306, direct: null },
  mssql: { name: "SQL Server", port: 1433, direct: null },
  rdp: { name: "RDP", port: 3389, direct: null },
};

/** Other names of schemes, as connection URLs of the same servers have them. */
export const SCHEME_ALIASES: ReadonlyMap<string, UpgradeScheme> = new Map([
  ["mariadb", "mysql"],
  ["postgresql", "postgres"],
  ["sqlserver", "mssql"],
]);

/** Every scheme, those with TLS at once first. */
export const SCHEMES = [...Object.keys(DIRECT_PORTS), ...Object.keys(UPGRADES)] as readonly (
  | DirectScheme
  | UpgradeScheme
)[];

/** Port of a target without one. */
export function defaultPort(scheme: TargetScheme): number {
  return isUpgradeScheme(scheme) ? UPGRADES[scheme].port : DIRECT_PORTS[scheme];
}

/** Whether a scheme's protocol speaks before TLS does. */
export function isUpgradeScheme(scheme: string): scheme is UpgradeScheme {
  return Object.hasOwn(UPGRADES, scheme);
}

/** Whether a text is a scheme. */
export function isTargetScheme(scheme: string): scheme is TargetScheme {
  return Object.hasOwn(DIRECT_PORTS, scheme) || isUpgradeScheme(scheme);
}
