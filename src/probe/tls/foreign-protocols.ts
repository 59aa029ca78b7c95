import type { UpgradeScheme } from "../handshake.ts";

/** How a protocol shows itself in a peer's first bytes. */
export interface ForeignProtocol {
  readonly name: string;
  /** Schemes under which a server that greets like this is probed; none where it has no TLS of its own. */
  readonly schemes: readonly UpgradeScheme[];
  /** Where more bytes could still tell it from another protocol. */
  readonly ambiguous?: true;
  /** Matched against the first bytes as Latin-1 text. Each pattern is anchored and linear. */
  readonly pattern: RegExp;
}

/**
 * Protocols that are found on ports where TLS, or another protocol, was expected, most telling patterns
 * first. Text protocols show their greeting or their complaint about what they got; binary ones a fixed
 * header.
 */
const FOREIGN_PROTOCOLS: readonly ForeignProtocol[] = [
  { name: "HTTP", schemes: [], pattern: /^HTTP\/|^\s{0,8}<(?:!doctype html|html|head|body)/i },
  { name: "SSH", schemes: [], pattern: /^SSH-/ },
  { name: "LMTP", schemes: ["lmtp"], pattern: /^(?:220|421)[ -].{0,60}LMTP/is },
  {
    name: "SMTP",
    schemes: ["smtp"],
    pattern: /^(?:220|421|554)[ -].{0,60}(?:SMTP|postfix|exim|sendmail|mail serv)/is,
  },
  { name: "SMTP", schemes: ["smtp", "lmtp"], pattern: /^(?:502|500) 5\.|^554[ -]/ },
  {
    name: "FTP",
    schemes: ["ftp"],
    pattern: /^(?:220|421|500|530|120)[ -].{0,60}(?:FTP|filezilla)/is,
  },
  {
    name: "SMTP or FTP",
    schemes: ["smtp", "lmtp", "ftp"],
    ambiguous: true,
    pattern: /^(?:220|421)[ -]/,
  },
  { name: "NNTP", schemes: ["nntp"], pattern: /^20[01] |^40[08] / },
  {
    name: "Redis",
    schemes: [],
    pattern: /^-(?:ERR (?:unknown command|wrong number|Protocol error)|NOAUTH |DENIED )/i,
  },
  {
    name: "POP3",
    schemes: ["pop3"],
    pattern: /^\+OK/i,
  },
  { name: "POP3", schemes: ["pop3"], ambiguous: true, pattern: /^-ERR/i },
  { name: "IMAP", schemes: ["imap"], pattern: /^\* (?:OK|PREAUTH|BYE)/i },
  {
    name: "ManageSieve",
    schemes: ["sieve"],
    pattern: /^"(?:IMPLEMENTATION|SIEVE|VERSION)"/i,
  },
  {
    name: "XMPP",
    schemes: ["xmpp", "xmpp-server"],
    pattern: /^(?:<\?xml.{0,60})?<(?:stream:|\/stream)/is,
  },
  {
    name: "IRC",
    schemes: ["irc"],
    pattern: /^(?::\S{1,64} )?(?:NOTICE|ERROR|\d{3}) (?:AUTH|\*|:)/,
  },
  { name: "VNC", schemes: [], pattern: /^RFB \d{3}\.\d{3}/ },
  { name: "AMQP", schemes: [], pattern: /^AMQP/ },
  { name: "rsync", schemes: [], pattern: /^@RSYNCD:/ },
  { name: "NATS", schemes: [], pattern: /^INFO \{/ },
  { name: "RTSP", schemes: [], pattern: /^RTSP\/1/ },
  { name: "SIP", schemes: [], pattern: /^SIP\/2/ },
  { name: "memcached", schemes: [], pattern: /^(?:CLIENT_)?ERROR(?: |\r\n)/ },
  { name: "Zabbix", schemes: [], pattern: /^ZBX/ },
  { name: "Java debugging", schemes: [], pattern: /^JDWP-Handshake/ },
  {
    name: "MySQL",
    schemes: ["mysql"],
    pattern: /^[^]{3}[\0\x01](?:\x0a\d{1,2}\.\d|\xff[^]{2})/,
  },
  {
    name: "PostgreSQL",
    schemes: ["postgres"],
    pattern: /^E\0\0[^]{2}S(?:FATAL|ERROR)|^EFATAL/,
  },
  {
    name: "LDAP",
    schemes: ["ldap"],
    pattern: /^\x30(?:[^]|\x81[^]|\x82[^]{2}|\x84[^]{4})\x02\x01[^][\x61\x65\x78]/,
  },
  { name: "RDP", schemes: ["rdp"], pattern: /^\x03\0\0[^][^]\xd0/ },
  { name: "HTTP/2", schemes: [], pattern: /^\0\0[^]\x04\0\0{4}/ },
  { name: "Oracle Net", schemes: [], pattern: /^\0[^]\0\0[\x04\x0b]\0\0\0/ },
  { name: "SSL 2.0", schemes: [], pattern: /^[\x80-\xff][^]\x04[\0\x01][\0\x01]\0\x02/ },
  { name: "TLS", schemes: [], pattern: /^[\x15\x16]\x03[\0-\x04]/ },
  {
    name: "Java remote method invocation",
    schemes: [],
    pattern: /^(?:JRMI|N\0\x0e|\xac\xed\0\x05)/,
  },
  {
    name: "TDS (SQL Server)",
    schemes: ["mssql"],
    pattern: /^\x04\x01[^]{2}\0\0/,
  },
  { name: "MQTT", schemes: [], pattern: /^\x20\x02[\0\x01][\0-\x05]$/ },
  { name: "Telnet", schemes: [], pattern: /^\xff[\xfb-\xfe]/ },
];

/** The protocol that first bytes belong to; undefined when it is none of the known ones. */
export function foreignProtocol(firstBytes: Uint8Array): ForeignProtocol | undefined {
  const text = Buffer.from(firstBytes).toString("latin1");
  return FOREIGN_PROTOCOLS.find(({ pattern }) => pattern.test(text));
}
