import t from "tap";
import { DIALOG_LIMITS } from "../../src/probe/dialogs/limits.ts";
import { SCHEMES, UPGRADES, isUpgradeScheme } from "../../src/probe/schemes.ts";
import { AGREED, converse, type DialogScript, latin1, REFUSED } from "./scripts.ts";

const upgrades = SCHEMES.filter(isUpgradeScheme);

const chunksOf = ({ server }: DialogScript): readonly Uint8Array[] => server.map(latin1);

const singleBytes = (chunks: readonly Uint8Array[]): readonly Uint8Array[] =>
  chunks.flatMap((chunk) => Array.from(chunk, (byte) => Uint8Array.of(byte)));

t.test("every scheme with a dialog has scripts", async (t) => {
  for (const scheme of upgrades) {
    t.ok(
      AGREED.some((script) => script.scheme === scheme),
      `${scheme} agrees`,
    );
    t.ok(
      REFUSED.some((script) => script.scheme === scheme),
      `${scheme} refuses`,
    );
  }
});

for (const script of AGREED)
  t.test(
    `${script.scheme} dialog agrees with ${script.name}, however its bytes are cut`,
    async (t) => {
      const chunks = chunksOf(script);
      const whole = converse(script.scheme, chunks);
      t.equal(whole.end, "ready", JSON.stringify(whole));
      t.equal(whole.framing !== null, script.scheme === "mssql");
      t.equal(whole.firstBytes, null);
      t.ok(whole.lines.some(({ direction }) => direction === "sent"));
      t.ok(whole.lines.some(({ direction }) => direction === "received"));
      t.match(converse(script.scheme, singleBytes(chunks)), {
        end: "ready",
        sent: whole.sent,
        lines: whole.lines,
      });
      // all at once: a server that does not wait for the client's words
      t.match(converse(script.scheme, [Buffer.concat(chunks)]), { end: "ready", sent: whole.sent });
    },
  );

for (const script of AGREED)
  t.test(
    `${script.scheme} dialog with ${script.name} says why when it breaks off anywhere`,
    async (t) => {
      const bytes = Buffer.concat(chunksOf(script));
      for (let length = 0; length < bytes.length; length++) {
        const { end } = converse(script.scheme, [bytes.subarray(0, length)], "closed");
        if (typeof end === "string") t.fail(`cut at ${length}: ${end}`);
        else if (end.code !== "connection-closed" && end.code !== "wrong-protocol")
          t.fail(`cut at ${length}: ${end.code}`);
        const { end: late } = converse(script.scheme, [bytes.subarray(0, length)], "expired");
        if (typeof late === "string" || !/^(?:timeout-dialog|wrong-protocol)$/.test(late.code))
          t.fail(`silent at ${length}: ${JSON.stringify(late)}`);
      }
      t.pass("every cut has a reason");
    },
  );

const lineProtocols = new Set(["smtp", "lmtp", "ftp", "nntp", "imap", "pop3", "irc"]);

for (const script of AGREED.filter(({ scheme }) => lineProtocols.has(scheme)))
  t.test(
    `${script.scheme} dialog takes lines of ${script.name} without carriage returns`,
    async (t) => {
      const chunks = script.server.map((text) => latin1(text.replaceAll("\r\n", "\n")));
      t.equal(converse(script.scheme, chunks).end, "ready");
    },
  );

for (const script of AGREED)
  t.test(
    `${script.scheme} dialog refuses what ${script.name} sends behind its leave`,
    async (t) => {
      const bytes = Buffer.concat([...chunksOf(script), latin1("\x16\x03\x03")]);
      t.match(converse(script.scheme, [bytes]).end, { code: "unexpected-message" });
    },
  );

for (const script of REFUSED)
  t.test(`${script.scheme} dialog repeats the refusal: ${script.name}`, async (t) => {
    const chunks = chunksOf(script);
    for (const cut of [chunks, singleBytes(chunks), [Buffer.concat(chunks)]]) {
      const { end, lines } = converse(script.scheme, cut);
      t.match(end, { code: "upgrade-refused", message: script.words });
      if (typeof end === "object") t.match(end.message, /^[A-Z][\x20-\x7e\u2026]*$/);
      t.ok(lines.length > 0);
    }
  });

t.test("dialogs announce themselves as the protocol wants it", async (t) => {
  const sent = Object.fromEntries(
    AGREED.map((script) => [script.scheme, converse(script.scheme, chunksOf(script)).sent]),
  );
  t.equal(sent["smtp"], "EHLO [192.0.2.7]\r\nSTARTTLS\r\n");
  t.equal(sent["lmtp"], "LHLO [192.0.2.7]\r\nSTARTTLS\r\n");
  t.match(sent["xmpp"], /<stream:stream xmlns='jabber:client' [^>]*to='mail\.example\.com'/);
  t.match(sent["xmpp-server"], /xmlns='jabber:server'/);
  t.equal(sent["postgres"], "\0\0\0\x08\x04\xd2\x16\x2f");
  t.match(sent["irc"], /PONG :abc\r\n/);
  t.equal(
    Buffer.from(sent["ldap"] ?? "", "latin1").toString("hex"),
    "301d02010177188016312e332e362e312e342e312e313436362e3230303337",
  );
});

t.test("the xmpp dialog puts nothing but a name into its stream", async (t) => {
  const { lines } = converse("xmpp", []);
  t.same(lines, [{ direction: "sent", text: "<stream to='mail.example.com'>" }]);
});

t.test("the transcript is printable and bounded, whatever a server says", async (t) => {
  const banner = `220-\x1b[31m\u00e9\x07${"x".repeat(500)}\r\n`.repeat(100);
  const { lines } = converse("smtp", [latin1(`${banner}220 end\r\n`)]);
  t.equal(lines.length, DIALOG_LIMITS.shownLines);
  t.equal(lines.at(-1)?.text, "EHLO [192.0.2.7]");
  for (const { text } of lines) {
    t.match(text, /^[\x20-\x7e\u2026]*$/);
    t.ok(text.length <= DIALOG_LIMITS.shownLength);
  }
});

const endless: Readonly<Record<string, string>> = {
  "one endless line": "a".repeat(1024),
  "endless lines": `${"b".repeat(78)}\r\n`,
  "an endless greeting of SMTP": "220-Welcome\r\n",
  "an endless greeting of IMAP": "* OK hello\r\n",
  "endless notices": ":irc NOTICE * :wait\r\n",
  "endless pings": "PING :1\r\n",
  "an endless list": '"SIEVE" "a"\r\n',
  "endless markup": "<a/>",
  "an endless stream": "<stream:stream version='1.0'><stream:features><a>",
  "endless space": " \r\n",
};

for (const [what, piece] of Object.entries(endless))
  t.test(`dialogs end with a reason when a server sends ${what}`, async (t) => {
    for (const scheme of upgrades) {
      const count = Math.ceil((DIALOG_LIMITS.totalBytes + 1) / piece.length);
      const chunk = latin1(piece);
      const { end } = converse(
        scheme,
        Array.from({ length: count }, () => chunk),
      );
      t.equal(typeof end, "object", `${scheme}: ${JSON.stringify(end)}`);
    }
  });

t.test("dialogs name what another server speaks", async (t) => {
  const others: Readonly<Record<string, string>> = {
    HTTP: "HTTP/1.1 400 Bad Request\r\n\r\n",
    SSH: "SSH-2.0-OpenSSH_9.2p1\r\n",
    TLS: "\x15\x03\x01\0\x02\x02\x28",
    Redis: "-ERR unknown command 'EHLO'\r\n",
    AMQP: "AMQP\0\0\x09\x01",
    VNC: "RFB 003.008\n",
    NATS: 'INFO {"server_id":"x"}\r\n',
  };
  for (const [name, bytes] of Object.entries(others))
    for (const scheme of upgrades) {
      const whole = [latin1(bytes)];
      // the first byte of one is the whole leave of the other
      const isLeave = name === "SSH" && scheme === "postgres";
      for (const chunks of isLeave ? [whole] : [whole, singleBytes(whole)]) {
        const { end, firstBytes } = converse(scheme, chunks, "closed");
        t.match(end, {
          code: "wrong-protocol",
          message: new RegExp(
            `^Peer speaks ${name}, not ${UPGRADES[scheme].name}; its first bytes`,
          ),
        });
        const kept = Buffer.from(firstBytes ?? []).toString("latin1");
        t.ok(kept !== "" && bytes.startsWith(kept), `${scheme} keeps the bytes of ${name}`);
      }
    }
});

t.test("dialogs tell apart protocols with the same greeting where they can", async (t) => {
  const cases = [
    ["lmtp", ["220 m ESMTP Postfix\r\n", "500 5.5.2 what\r\n"], "SMTP"],
    ["smtp", ["220 m LMTP\r\n", "500 what\r\n"], "LMTP"],
    ["smtp", ["220 ProFTPD\r\n", "500 EHLO not understood\r\n"], "FTP"],
    ["ftp", ["220 m ESMTP\r\n", "502 5.5.2 what\r\n", "502 5.5.2 what\r\n"], "SMTP"],
    ["irc", ["220 m ESMTP\r\n"], "SMTP"],
    ["nntp", ["220 (vsFTPd 3.0.3)\r\n"], "FTP"],
  ] as const;
  for (const [scheme, server, name] of cases)
    t.match(converse(scheme, server.map(latin1)).end, {
      code: "wrong-protocol",
      message: new RegExp(`^Peer speaks ${name}, not `),
    });
});

t.test("dialogs say what silence may mean", async (t) => {
  t.match(converse("imap", [], "expired").end, {
    code: "timeout-dialog",
    message: /no word of IMAP within 1000 ms.*imaps:\/\//,
  });
  t.notMatch(JSON.stringify(converse("rdp", [], "expired").end), /:\/\//);
});
