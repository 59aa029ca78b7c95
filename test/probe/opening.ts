import t from "tap";
import { replay } from "./recording.ts";

const greetings: Readonly<Record<string, readonly [protocol: string | null, bytes: string]>> = {
  "an HTTP status line": ["HTTP", "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n"],
  "a bare HTML page": ["HTTP", "<html>\r\n<head><title>400</title>"],
  "an HTML page with a doctype": ["HTTP", "<!DOCTYPE HTML PUBLIC>\n<html>"],
  "an SSH banner": ["SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"],
  "an SMTP greeting": ["SMTP", "220 mail.example.com ESMTP Postfix (Debian)\r\n"],
  "an SMTP greeting without words": ["SMTP or FTP", "220 mail.example.com\r\n"],
  "an SMTP refusal": ["SMTP", "554 5.7.1 Go away\r\n"],
  "an FTP greeting": ["FTP", "220 (vsFTPd 3.0.3)\r\n"],
  "a POP3 greeting": ["POP3", "+OK Dovecot ready.\r\n"],
  "an IMAP greeting": ["IMAP", "* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n"],
  "an IMAP goodbye": ["IMAP", "* BYE Too many connections\r\n"],
  "a sieve greeting": ["ManageSieve", '"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n'],
  "an NNTP greeting": ["NNTP", "200 news.example.com ready\r\n"],
  "an XMPP stream": ["XMPP", "<?xml version='1.0'?><stream:stream xmlns='jabber:client'>\n"],
  "an IRC notice": ["IRC", ":irc.example.com NOTICE * :*** Looking up your hostname\r\n"],
  "a VNC banner": ["VNC", "RFB 003.008\n"],
  "a MySQL greeting": ["MySQL", "\x4a\0\0\0\x0a8.0.36-0ubuntu\0\x0b\0\0\0abcdefgh\0"],
  "a MySQL greeting as long as a record type": [
    "MySQL",
    "\x16\0\0\0\x0a5.7.1\0\x0b\0\0\0abcdefgh\0\xff\xff",
  ],
  "a MySQL refusal": ["MySQL", "\x45\0\0\0\xff\x6a\x04Host '10.0.0.1' is not allowed\n"],
  "a PostgreSQL error": ["PostgreSQL", "E\0\0\0\x6dSFATAL\0VFATAL\0C0A000\0Munsupported"],
  "an LDAP notice of disconnection": [
    "LDAP",
    "\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x02\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20036",
  ],
  "an LDAP notice with long lengths": [
    "LDAP",
    "\x30\x84\0\0\0\x24\x02\x01\x00\x78\x84\0\0\0\x1f\x0a\x01\x02\x04\x00\x04\x00\x8a\x16",
  ],
  "an AMQP header": ["AMQP", "AMQP\0\0\x09\x01"],
  "HTTP/2 settings": ["HTTP/2", "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0"],
  "telnet negotiation": ["Telnet", "\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27"],
  "a record type with a foreign version": [null, "\x16\x09\x09\0\x10and something else entirely"],
  garbage: [null, "\x93\x01garbage garbage garbage"],
};

const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

for (const [what, [protocol, text]] of Object.entries(greetings))
  t.test(`TlsClient recognises ${what}`, async (t) => {
    const bytes = bytesOf(text);
    for (const chunks of [[bytes], Array.from(bytes, (byte) => Uint8Array.of(byte))]) {
      const { events } = replay({}, chunks, "closed");
      const [end, event, ...rest] = events;
      t.match(end, { kind: "end", how: "closed" });
      t.same(rest, []);
      if (event?.kind !== "failed") return t.fail("did not fail");
      t.equal(event.failure.code, "not-tls");
      const { message } = event.failure;
      if (protocol === null) t.match(message, /^Peer does not speak TLS; its first bytes are "/);
      else t.ok(message.startsWith(`Peer speaks ${protocol}, not TLS`), message);
      t.ok(/^[\x20-\x7e]*$/.test(message), "shows no control characters");
      const first = event.firstBytes ?? new Uint8Array();
      t.same([...first], [...bytes.subarray(0, first.length)]);
      t.ok(first.length > 0 && first.length <= 64);
    }
    return undefined;
  });

t.test("TlsClient names a foreign peer that falls silent when it is stopped", async (t) => {
  const { events } = replay({}, [bytesOf("+O")], "open");
  t.same(events, []);
  for (const end of ["closed", "reset"] as const)
    t.match(replay({}, [bytesOf("+OK")], end).events, [
      { kind: "end" },
      { kind: "failed", failure: { code: "not-tls", message: /^Peer speaks POP3/ } },
    ]);
});

t.test("TlsClient does not call a cut TLS record foreign", async (t) => {
  for (const start of ["\x16", "\x16\x03", "\x15\x03\x03\0\x02\x02"])
    t.match(replay({}, [bytesOf(start)]).events, [
      { kind: "end", by: "server", how: "closed" },
      { kind: "failed", failure: { code: "connection-closed" } },
    ]);
});
