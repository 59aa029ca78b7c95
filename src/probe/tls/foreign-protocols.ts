/** How a protocol shows itself in a peer's first bytes. */
export interface ForeignProtocol {
  readonly name: string;
  /** Where more bytes could still tell it from another protocol. */
  readonly ambiguous?: true;
  /** Matched against the first bytes as Latin-1 text. Each pattern is anchored and linear. */
  readonly pattern: RegExp;
}

/**
 * Protocols that are found on ports where TLS was expected, most telling patterns first. Text protocols show
 * their greeting or their complaint about the hello; binary ones a fixed header.
 */
const FOREIGN_PROTOCOLS: readonly ForeignProtocol[] = [
  { name: "HTTP", pattern: /^HTTP\/|^\s{0,8}<(?:!doctype html|html|head|body)/i },
  { name: "SSH", pattern: /^SSH-/ },
  {
    name: "SMTP",
    pattern: /^(?:220|421|554)[ -].{0,60}(?:SMTP|postfix|exim|sendmail|mail serv)/is,
  },
  { name: "SMTP", pattern: /^(?:502|500) 5\.|^554[ -]/ },
  { name: "FTP", pattern: /^(?:220|421|500|530|120)[ -].{0,60}(?:FTP|filezilla)/is },
  { name: "SMTP or FTP", ambiguous: true, pattern: /^(?:220|421)[ -]/ },
  { name: "NNTP", pattern: /^20[01] |^40[08] / },
  {
    name: "POP3",
    pattern: /^(?:\+OK|-ERR) ?(?:.{0,60}(?:POP|Dovecot|ready|hello))?/i,
  },
  { name: "IMAP", pattern: /^\* (?:OK|PREAUTH|BYE)/i },
  { name: "ManageSieve", pattern: /^"(?:IMPLEMENTATION|SIEVE|VERSION)"/i },
  { name: "XMPP", pattern: /^(?:<\?xml.{0,60})?<(?:stream:|\/stream)/is },
  { name: "IRC", pattern: /^(?::\S{1,64} )?(?:NOTICE|ERROR|\d{3}) (?:AUTH|\*|:)/ },
  { name: "VNC", pattern: /^RFB \d{3}\.\d{3}/ },
  { name: "AMQP", pattern: /^AMQP/ },
  { name: "rsync", pattern: /^@RSYNCD:/ },
  { name: "MySQL", pattern: /^[^]{3}[\0\x01](?:\x0a\d{1,2}\.\d|\xff[^]{2})/ },
  { name: "PostgreSQL", pattern: /^E\0\0[^]{2}S(?:FATAL|ERROR)|^EFATAL/ },
  {
    name: "LDAP",
    pattern: /^\x30(?:[^]|\x81[^]|\x82[^]{2}|\x84[^]{4})\x02\x01[^][\x61\x65\x78]/,
  },
  { name: "RDP", pattern: /^\x03\0\0[^][^]\xd0/ },
  { name: "HTTP/2", pattern: /^\0\0[^]\x04\0\0{4}/ },
  { name: "SSL 2.0", pattern: /^[\x80-\xff][^]\x04[\0\x01][\0\x01]\0\x02/ },
  {
    name: "Java remote method invocation",
    pattern: /^(?:JRMI|N\0\x0e|\xac\xed\0\x05)/,
  },
  { name: "TDS (SQL Server)", pattern: /^\x04\x01[^]{2}\0\0/ },
  { name: "MQTT", pattern: /^\x20\x02[\0\x01][\0-\x05]$/ },
  { name: "Telnet", pattern: /^\xff[\xfb-\xfe]/ },
];

/** The protocol that first bytes belong to; undefined when it is none of the known ones. */
export function foreignProtocol(firstBytes: Uint8Array): ForeignProtocol | undefined {
  const text = Buffer.from(firstBytes).toString("latin1");
  return FOREIGN_PROTOCOLS.find(({ pattern }) => pattern.test(text));
}
