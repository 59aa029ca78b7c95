import type { DialogLine, HandshakeFailure, UpgradeScheme } from "../../src/probe/handshake.ts";
import { DialogPrelude } from "../../src/probe/dialogs/dialog-prelude.ts";
import type { Framing } from "../../src/probe/prelude.ts";

/** One conversation up to the server's leave to begin TLS, as servers hold it. */
export interface DialogScript {
  readonly name: string;
  readonly scheme: UpgradeScheme;
  /** What the server sends, each part after the client has answered the one before; text is Latin-1. */
  readonly server: readonly string[];
}

/** How a dialog went. */
export interface DialogOutcome {
  readonly end: "ready" | "open" | HandshakeFailure;
  /** Everything that the client sent, Latin-1. */
  readonly sent: string;
  readonly lines: readonly DialogLine[];
  readonly firstBytes: Uint8Array | null;
  readonly framing: Framing | null;
}

const FACTS = { serverName: "mail.example.com", clientName: "[192.0.2.7]" };

/** Holds a dialog with a server that sends these chunks whatever the client says, and then does `last`. */
export function converse(
  scheme: UpgradeScheme,
  chunks: readonly Uint8Array[],
  last: "closed" | "reset" | "expired" | "open" = "open",
): DialogOutcome {
  const prelude = new DialogPrelude(scheme, FACTS);
  const sent: Uint8Array[] = [];
  let { output, end } = prelude.start();
  if (output !== null) sent.push(output);
  for (const chunk of chunks) {
    if (end !== null) break;
    ({ output, end } = prelude.receive(chunk));
    if (output !== null) sent.push(output);
  }
  const left =
    end !== null || last === "open"
      ? null
      : last === "expired"
        ? prelude.expire(1000)
        : (prelude.hangUp(last) ?? { code: "connection-reset", message: "Reset" });
  return {
    end: left ?? (end === null ? "open" : end.kind === "ready" ? "ready" : end.failure),
    sent: Buffer.concat(sent).toString("latin1"),
    lines: prelude.lines,
    firstBytes: prelude.firstBytes,
    framing: end?.kind === "ready" ? (end.framing ?? null) : null,
  };
}

/** Text as bytes. */
export const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

const PRELOGIN =
  "\x04\x01\x00\x2b\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01\x00\x20\x00\x01\x02\x00\x21\x00\x01\x03\x00\x22\x00\x00\x04\x00\x22\x00\x01\xff\x0f\x00\x07\xd0\x00\x00";

const MYSQL_8 =
  "\x4a\0\0\0\x0a8.0.36\0\x0b\0\0\0abcdefgh\0\xff\xff\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0abcdefghijkl\0caching_sha2_password\0";

/** Dialogs that end with leave to begin TLS. */
export const AGREED: readonly DialogScript[] = [
  {
    name: "a mail server",
    scheme: "smtp",
    server: [
      "220 mail.example.com ESMTP\r\n",
      "250-mail.example.com\r\n250-SIZE\r\n250 STARTTLS\r\n",
      "220 Go ahead\r\n",
    ],
  },
  {
    name: "a mail server with a long greeting and lower case",
    scheme: "smtp",
    server: [
      `220-mail.example.com\r\n${"220-No spam here\r\n".repeat(90)}220 \r\n`,
      "250-hello\r\n250-starttls\r\n250 help\r\n",
      "220\r\n",
    ],
  },
  {
    name: "a local delivery server",
    scheme: "lmtp",
    server: ["220 lmtp\r\n", "250-me\r\n250 STARTTLS\r\n", "220 2.0.0 Go\r\n"],
  },
  {
    name: "a file server",
    scheme: "ftp",
    server: ["220-Welcome\r\n  to this\r\n220-server\r\n220 ready\r\n", "234 Go\r\n"],
  },
  {
    name: "a file server that is slow, and knows only the older name",
    scheme: "ftp",
    server: ["120 soon\r\n", "220 FTP\r\n", "504 Unknown\r\n", "334 Go\r\n"],
  },
  {
    name: "a news server",
    scheme: "nntp",
    server: ["200 news\r\n", "101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n", "382 Go\r\n"],
  },
  {
    name: "a news server without CAPABILITIES",
    scheme: "nntp",
    server: ["201 news, no posting\r\n", "500 What?\r\n", "382 Go\r\n"],
  },
  {
    name: "a mailbox server",
    scheme: "imap",
    server: [
      "* OK ready\r\n",
      "* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n",
      "a2 OK begin\r\n",
    ],
  },
  {
    name: "a mailbox server that talks in between",
    scheme: "imap",
    server: [
      "* OK [ALERT] \xfcber\r\n* OK more\r\n",
      "* NO disk full\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n* CAPABILITY STARTTLS\r\nA1 ok\r\n",
      "* OK\r\na2 OK begin\r\n",
    ],
  },
  {
    name: "a post office",
    scheme: "pop3",
    server: ["+OK\r\n", "+OK list\r\nSTLS\r\nUSER\r\n.\r\n", "+OK begin\r\n"],
  },
  {
    name: "a post office without CAPA",
    scheme: "pop3",
    server: ["+OK <1.2@example>\r\n", "-ERR unknown\r\n", "+OK\r\n"],
  },
  {
    name: "a filter server",
    scheme: "sieve",
    server: ['"IMPLEMENTATION" "x"\r\n"SIEVE" "a b"\r\n"STARTTLS"\r\nOK\r\n', "OK go\r\n"],
  },
  {
    name: "a filter server with literals",
    scheme: "sieve",
    server: [
      '"IMPLEMENTATION" {5}\r\na\r\nbc\r\n"SIEVE" {3+}\r\nabc\r\n"STARTTLS"\r\nOK (TAG {2}\r\nhi) "ready"\r\n',
      'OK "go"\r\n',
    ],
  },
  {
    name: "a chat server",
    scheme: "irc",
    server: [
      ":irc NOTICE * :*** Looking up\r\n:irc CAP * LS * :multi-prefix\r\n:irc CAP * LS :sasl tls\r\n:irc 670 * :go\r\n",
    ],
  },
  {
    name: "a chat server that wants an answer first, without capabilities",
    scheme: "irc",
    server: ["PING :abc\r\n", ":irc 421 * CAP :Unknown command\r\n:irc 670 * :go\r\n"],
  },
  {
    name: "a messaging server",
    scheme: "xmpp",
    server: [
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='a>b' version='1.0'>",
      "\n<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
      "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ],
  },
  {
    name: "a messaging server with other prefixes",
    scheme: "xmpp-server",
    server: [
      '<s:stream xmlns="jabber:server" xmlns:s="http://etherx.jabber.org/streams" version="1.0"><s:features><t:starttls xmlns:t="urn:ietf:params:xml:ns:xmpp-tls"/></s:features>',
      "<proceed></proceed>",
    ],
  },
  { name: "a database", scheme: "postgres", server: ["S"] },
  { name: "MySQL 8", scheme: "mysql", server: [MYSQL_8] },
  {
    name: "a directory",
    scheme: "ldap",
    server: ["\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"],
  },
  {
    name: "a directory that writes long lengths",
    scheme: "ldap",
    server: [
      "\x30\x84\0\0\0\x28\x02\x01\x01\x78\x84\0\0\0\x1f\x0a\x01\0\x04\0\x04\0\x8a\x161.3.6.1.4.1.1466.20037",
    ],
  },
  { name: "SQL Server", scheme: "mssql", server: [`${PRELOGIN}\x01\x00\x00`] },
  {
    name: "SQL Server in two packets",
    scheme: "mssql",
    server: [
      `\x04\x00\x00\x0d${PRELOGIN.slice(4, 13)}\x04\x01\x00\x26${PRELOGIN.slice(4, 8)}${PRELOGIN.slice(13)}\x03\x00\x00`,
    ],
  },
  {
    name: "SQL Server 2008",
    scheme: "mssql",
    server: [
      "\x04\x01\x00\x25\x00\x00\x01\x00\x00\x00\x15\x00\x06\x01\x00\x1b\x00\x01\x02\x00\x1c\x00\x01\x03\x00\x1d\x00\x00\xff\x0a\x00\x06\x40\x00\x00\x00\x00",
    ],
  },
  {
    name: "a desktop",
    scheme: "rdp",
    server: ["\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\x1f\x08\0\x02\0\0\0"],
  },
];

/** A server's refusal, and the words that the failure must repeat. */
export interface RefusalScript extends DialogScript {
  readonly words: RegExp;
}

/** Dialogs that the server ends. */
export const REFUSED: readonly RefusalScript[] = [
  {
    name: "no service",
    scheme: "smtp",
    server: ["554 5.7.1 Go away\r\n"],
    words: /554 5\.7\.1 Go away/,
  },
  { name: "too busy", scheme: "smtp", server: ["421 busy\r\n"], words: /421 busy/ },
  {
    name: "an offer without STARTTLS",
    scheme: "smtp",
    server: ["220 m\r\n", "250-m\r\n250-XXXXXXXA\r\n250 SIZE 10\r\n"],
    words: /does not offer STARTTLS: it offers XXXXXXXA SIZE/,
  },
  ...["454 4.7.0 TLS not available", "502 5.5.1 Not implemented", "530 No"].map((words) => ({
    name: words,
    scheme: "smtp" as const,
    server: ["220 m\r\n", "250-m\r\n250 STARTTLS\r\n", `${words}\r\n`],
    words: new RegExp(`refused STARTTLS: ${words}`),
  })),
  {
    name: "an unknown LHLO",
    scheme: "lmtp",
    server: ["220 m\r\n", "500 unknown\r\n"],
    words: /refused LHLO: 500 unknown/,
  },
  {
    name: "both names",
    scheme: "ftp",
    server: ["220 m\r\n", "530 Please login\r\n", "500 What\r\n"],
    words: /AUTH TLS and AUTH SSL: 530 Please login/,
  },
  {
    name: "a passing trouble",
    scheme: "ftp",
    server: ["220 m\r\n", "431 no security\r\n"],
    words: /refused AUTH TLS: 431 no security/,
  },
  { name: "no service", scheme: "nntp", server: ["400 later\r\n"], words: /400 later/ },
  {
    name: "a list without STARTTLS",
    scheme: "nntp",
    server: ["200 n\r\n", "101 l\r\nVERSION 2\r\nREADER\r\n.\r\n"],
    words: /it offers VERSION 2, READER/,
  },
  {
    name: "580",
    scheme: "nntp",
    server: ["200 n\r\n", "500 w\r\n", "580 Can not\r\n"],
    words: /refused STARTTLS: 580 Can not/,
  },
  { name: "BYE", scheme: "imap", server: ["* BYE full\r\n"], words: /\* BYE full/ },
  {
    name: "PREAUTH",
    scheme: "imap",
    server: ["* PREAUTH hello\r\n"],
    words: /logged the client in/,
  },
  {
    name: "a list without STARTTLS",
    scheme: "imap",
    server: ["* OK\r\n", "* CAPABILITY IMAP4rev1 IDLE\r\na1 OK\r\n"],
    words: /it offers IMAP4rev1 IDLE/,
  },
  {
    name: "BAD",
    scheme: "imap",
    server: ["* OK\r\n", "* CAPABILITY STARTTLS\r\na1 OK\r\n", "a2 BAD no TLS\r\n"],
    words: /refused STARTTLS: BAD no TLS/,
  },
  {
    name: "BYE in between",
    scheme: "imap",
    server: ["* OK\r\n", "* BYE shutting down\r\n"],
    words: /at CAPABILITY: \* BYE shutting down/,
  },
  { name: "-ERR", scheme: "pop3", server: ["-ERR locked\r\n"], words: /-ERR locked/ },
  {
    name: "a list without STLS",
    scheme: "pop3",
    server: ["+OK\r\n", "+OK\r\nTOP\r\n.\r\n"],
    words: /does not offer STLS: it offers TOP/,
  },
  {
    name: "-ERR to STLS",
    scheme: "pop3",
    server: ["+OK\r\n", "-ERR\r\n", "-ERR no\r\n"],
    words: /refused STLS: -ERR no/,
  },
  {
    name: "a list without STARTTLS",
    scheme: "sieve",
    server: ['"IMPLEMENTATION" "x"\r\nOK\r\n'],
    words: /it offers IMPLEMENTATION/,
  },
  {
    name: "NO",
    scheme: "sieve",
    server: ['"IMPLEMENTATION" "x"\r\n"STARTTLS"\r\nOK\r\n', 'NO (TRYLATER) "not now"\r\n'],
    words: /refused STARTTLS: NO \(TRYLATER\) "not now"/,
  },
  { name: "BYE", scheme: "sieve", server: ['BYE "too many"\r\n'], words: /BYE "too many"/ },
  {
    name: "capabilities without tls",
    scheme: "irc",
    server: [":irc CAP * LS :multi-prefix sasl\r\n"],
    words: /it offers multi-prefix sasl/,
  },
  {
    name: "691",
    scheme: "irc",
    server: [":irc CAP * LS :tls\r\n:irc 691 * :STARTTLS failed\r\n"],
    words: /691 \* :STARTTLS failed/,
  },
  {
    name: "two unknown commands",
    scheme: "irc",
    server: [":irc 451 * :Register first\r\n:irc 451 * :Register first\r\n"],
    words: /refused STARTTLS: 451 \* :Register first/,
  },
  {
    name: "ERROR",
    scheme: "irc",
    server: ["ERROR :Closing link: banned\r\n"],
    words: /Closing link: banned/,
  },
  {
    name: "features without starttls",
    scheme: "xmpp",
    server: ["<stream:stream version='1.0'><stream:features><bind/></stream:features>"],
    words: /it offers bind/,
  },
  {
    name: "no features",
    scheme: "xmpp",
    server: ["<stream:stream version='1.0'><stream:features/>"],
    words: /does not offer STARTTLS/,
  },
  {
    name: "a stream from before features",
    scheme: "xmpp",
    server: ["<stream:stream id='1'>"],
    words: /its stream has no version/,
  },
  {
    name: "an error of the stream",
    scheme: "xmpp-server",
    server: [
      "<stream:stream version='1.0'><stream:error><host-unknown/><text>No &lt;b&gt;</text></stream:error></stream:stream>",
    ],
    words: /ends the stream: host-unknown/,
  },
  {
    name: "failure",
    scheme: "xmpp",
    server: [
      "<stream:stream version='1.0'><stream:features><starttls/></stream:features>",
      "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>",
    ],
    words: /refused STARTTLS: failure/,
  },
  { name: "N", scheme: "postgres", server: ["N"], words: /N \(TLS is switched off/ },
  {
    name: "an error",
    scheme: "postgres",
    server: ["E\0\0\0\x2cSFATAL\0VFATAL\0C53300\0Mtoo many clients\0\0"],
    words: /FATAL 53300: too many clients/,
  },
  {
    name: "an error of old",
    scheme: "postgres",
    server: ["EFATAL: unsupported frontend protocol\n\0"],
    words: /FATAL: {2}?unsupported frontend|FATAL: unsupported frontend/,
  },
  {
    name: "a greeting without TLS",
    scheme: "mysql",
    server: [MYSQL_8.replace("\xff\xff\xff\x02", "\xff\xf7\xff\x02")],
    words: /8\.0\.36 is without the flag CLIENT_SSL/,
  },
  {
    name: "a blocked host",
    scheme: "mysql",
    server: ["\x1b\0\0\0\xff\x6a\x04Host 'h' is not allowed\n"],
    words: /error 1130: Host 'h' is not allowed/,
  },
  {
    name: "too many connections",
    scheme: "mysql",
    server: ["\x1d\0\0\0\xff\x10\x04#08004Too many connections"],
    words: /error 1040: Too many connections/,
  },
  {
    name: "protocolError",
    scheme: "ldap",
    server: ["\x30\x0e\x02\x01\x01\x78\x09\x0a\x01\x02\x04\x00\x04\x02no"],
    words: /protocolError, no/,
  },
  {
    name: "a referral",
    scheme: "ldap",
    server: ["\x30\x1b\x02\x01\x01\x78\x16\x0a\x01\x0a\x04\x00\x04\x00\xa3\x0d\x04\x0bldap://b.x/"],
    words: /referral, see ldap:\/\/b\.x\//,
  },
  {
    name: "a notice of disconnection",
    scheme: "ldap",
    server: [
      "\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x34\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20036",
    ],
    words: /ends the session: unavailable/,
  },
  {
    name: "ENCRYPT_NOT_SUP",
    scheme: "mssql",
    server: [`${PRELOGIN}\x02\x00\x00`],
    words: /does not offer TLS: ENCRYPT_NOT_SUP/,
  },
  {
    name: "the error of a login",
    scheme: "mssql",
    server: ["\x04\x01\x00\x1d\x00\x00\x01\x00\xaa\x12\x00\x0f\xa2\0\0\x01\x0eLogin failed"],
    words: /refused the PRELOGIN: .*Login failed/,
  },
  ...[
    [2, "SSL_NOT_ALLOWED_BY_SERVER"],
    [3, "SSL_CERT_NOT_ON_SERVER"],
    [5, "HYBRID_REQUIRED_BY_SERVER"],
    [99, "failure 99"],
  ].map(([code, words]) => ({
    name: String(words),
    scheme: "rdp" as const,
    server: [
      `\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x03\0\x08\0${String.fromCharCode(Number(code))}\0\0\0`,
    ],
    words: new RegExp(`refused TLS: ${words}`),
  })),
  {
    name: "no negotiation",
    scheme: "rdp",
    server: ["\x03\0\0\x0b\x06\xd0\0\0\x12\x34\0"],
    words: /knows only RDP's own encryption/,
  },
  {
    name: "a disconnection",
    scheme: "rdp",
    server: ["\x03\0\0\x0b\x06\x80\0\0\x12\x34\0"],
    words: /Disconnect Request/,
  },
];
