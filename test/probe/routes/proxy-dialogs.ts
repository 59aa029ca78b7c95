import t from "tap";
import type { FailureCode } from "../../../src/probe/handshake.ts";
import type { Prelude, PreludeEnd } from "../../../src/probe/prelude.ts";
import {
  HttpConnect,
  type ProxyReply,
  type TunnelEnd,
} from "../../../src/probe/routes/http-connect.ts";
import type { Proxy } from "../../../src/probe/routes/route.ts";
import { Socks5 } from "../../../src/probe/routes/socks5.ts";

const SERVER: TunnelEnd = { host: "service.example", port: 8443 };
const LOGIN = { username: "me", password: "secret" };

const proxy = (kind: Proxy["kind"], credentials: Proxy["credentials"] = null): Proxy => ({
  kind,
  host: "proxy.example",
  port: 3128,
  credentials,
  anchors: null,
});

interface Talk {
  readonly end: PreludeEnd | null;
  readonly sent: Buffer;
  readonly replies: readonly ProxyReply[];
}

/** Feeds a proxy's bytes in pieces of a given size. */
function talk(
  make: (note: (reply: ProxyReply) => void) => Prelude,
  answer: Uint8Array,
  size = answer.length,
): Talk {
  const replies: ProxyReply[] = [];
  const prelude = make((reply) => replies.push(reply));
  const sent: Uint8Array[] = [];
  let { output, end } = prelude.start();
  if (output !== null) sent.push(output);
  for (let at = 0; at < answer.length && end === null; at += Math.max(1, size)) {
    ({ output, end } = prelude.receive(answer.subarray(at, at + Math.max(1, size))));
    if (output !== null) sent.push(output);
  }
  return { end, sent: Buffer.concat(sent), replies };
}

const connect = (answer: string, size?: number, credentials: Proxy["credentials"] = null): Talk =>
  talk(
    (note) => new HttpConnect(proxy("http", credentials), SERVER, note),
    Buffer.from(answer),
    size,
  );

const failureOf = ({ end }: Talk): FailureCode | null =>
  end?.kind === "failed" ? end.failure.code : null;

t.test("HttpConnect asks for the server and gives what follows the answer on", async (t) => {
  const answer = "HTTP/1.1 200 Connection established\r\nVia: squid\r\n\r\nHELLO";
  for (const size of [answer.length, 40]) {
    const { end, sent, replies } = connect(answer, size);
    t.equal(
      sent.toString(),
      "CONNECT service.example:8443 HTTP/1.1\r\nHost: service.example:8443\r\nUser-Agent: anchorwatch\r\n\r\n",
    );
    t.same(replies, [{ status: 200, reason: "Connection established" }]);
    t.equal(end?.kind, "ready");
    if (size === answer.length && end?.kind === "ready") t.equal(String(end.rest), "HELLO");
  }
});

t.test("HttpConnect writes IPv6 addresses in brackets and credentials as Basic", async (t) => {
  const { sent } = talk(
    (note) => new HttpConnect(proxy("http", LOGIN), { host: "2001:db8::1", port: 443 }, note),
    Buffer.alloc(0),
  );
  t.match(sent.toString(), "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n");
  t.match(sent.toString(), "\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n");
});

t.test("HttpConnect accepts answers of any legal shape, whole or byte by byte", async (t) => {
  for (const answer of [
    "HTTP/1.0 200 OK\r\n\r\n",
    "HTTP/1.1 200\r\n\r\n",
    "HTTP/1.1 200 \r\n\r\n",
    "HTTP/1.1 204 No content\r\nA: b\r\n\r\n",
    "HTTP/1.0 200 Connection established\n\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"y".repeat(20_000)}\r\n\r\n`,
  ])
    for (const size of [answer.length, 1])
      t.equal(connect(answer, size).end?.kind, "ready", JSON.stringify(answer.slice(0, 60)));
});

t.test("HttpConnect turns every refusal into a failure with its status", async (t) => {
  const cases: readonly (readonly [answer: string, code: FailureCode, words: RegExp])[] = [
    ["HTTP/1.1 403 Forbidden\r\n\r\n", "proxy-refused", /answered CONNECT with 403 Forbidden$/],
    ["HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "proxy-refused", /with 302 Found$/],
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy-refused", /with 502 Bad Gateway$/],
    [
      "HTTP/1.1 503 Service Unavailable\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n",
      "proxy-refused",
      /503 Service Unavailable \(ERR_DNS_FAIL 0\)$/,
    ],
    [
      "HTTP/1.1 407 Auth\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM x\r\n\r\n",
      "proxy-authentication",
      /none are configured \(407 Auth\); it asks for Negotiate, NTLM$/,
    ],
    ["HTTP/1.1 101 Switching\r\n\r\n", "proxy-refused", /101/],
    ["SSH-2.0-OpenSSH_9.2\r\n", "proxy-malformed", /does not speak HTTP: "SSH-2\.0/],
    ["HTTP/2 200\r\n\r\n", "proxy-malformed", /no HTTP status line/],
    ["HTTP/1.1 abc\r\n\r\n", "proxy-malformed", /no HTTP status line/],
    [`HTTP/1.1 200 OK\r\nX: ${"y".repeat(40_000)}`, "proxy-malformed", /header of more than/],
    ["HTTP/1.1 100 C\r\n\r\n".repeat(9), "proxy-malformed", /interim/],
    ["HTTP/1.1 500 \u001b[31mred\r\n\r\n", "proxy-refused", /500 \\x1b\[31mred$/],
  ];
  for (const [answer, code, words] of cases)
    for (const size of [answer.length, 7]) {
      const outcome = connect(answer, size);
      t.equal(failureOf(outcome), code, answer.slice(0, 40));
      if (outcome.end?.kind === "failed") t.match(outcome.end.failure.message, words);
    }
  const wrong = connect("HTTP/1.1 407 Auth\r\n\r\n", undefined, LOGIN);
  t.match(wrong.end, { failure: { message: /does not accept the credentials/ } });
  t.notMatch(JSON.stringify(wrong.end), "secret");
});

const bytes = (...parts: readonly (number | string)[]): Uint8Array =>
  Buffer.concat(
    parts
      .map((part) => (typeof part === "string" ? Buffer.from(part) : [part]))
      .map((part) => Buffer.from(part)),
  );

const socks = (
  answer: Uint8Array,
  {
    credentials = null,
    server = SERVER,
    size,
  }: {
    readonly credentials?: Proxy["credentials"];
    readonly server?: TunnelEnd;
    readonly size?: number;
  } = {},
): Talk => talk((note) => new Socks5(proxy("socks5h", credentials), server, note), answer, size);

const OPEN = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0] as const;

t.test("Socks5 asks for names and addresses as RFC 1928 says", async (t) => {
  const requests: readonly (readonly [host: string, request: Uint8Array])[] = [
    ["service.example", bytes(5, 1, 0, 3, 15, "service.example", 0x20, 0xfb)],
    ["192.0.2.1", bytes(5, 1, 0, 1, 192, 0, 2, 1, 0x20, 0xfb)],
    [
      "2001:db8::1",
      bytes(5, 1, 0, 4, 0x20, 1, 0x0d, 0xb8, "\0\0\0\0\0\0\0\0\0\0\0", 1, 0x20, 0xfb),
    ],
  ];
  for (const [host, request] of requests)
    for (const size of [undefined, 1]) {
      const answer = bytes(5, 0, ...OPEN);
      const split = size ?? 2;
      const { end, sent } = socks(answer, { server: { host, port: 8443 }, size: split });
      t.same(sent, Buffer.concat([bytes(5, 1, 0), request]), host);
      t.equal(end?.kind, "ready");
    }
});

t.test("Socks5 reads replies of every address type and gives on what follows", async (t) => {
  for (const bound of [
    [1, 127, 0, 0, 1],
    [3, 3, 97, 98, 99],
    [4, ...Array.from({ length: 16 }, () => 9)],
  ]) {
    const reply = bytes(5, 0, 0, ...bound, 0x1f, 0x90);
    for (const size of [1, 3]) {
      const { end, replies } = talk(
        (note) => new Socks5(proxy("socks5h"), SERVER, note),
        Buffer.concat([bytes(5, 0), reply]),
        size === 1 ? 1 : 2,
      );
      t.match(end, { kind: "ready" });
      t.same(replies, [{ status: 0, reason: "succeeded" }]);
    }
  }
});

t.test("Socks5 shows user name and password when it is asked to", async (t) => {
  const { sent, end } = socks(bytes(5, 2, 1, 0, ...OPEN), { credentials: LOGIN, size: 2 });
  t.same(sent.subarray(0, 4), bytes(5, 2, 0, 2));
  t.same(sent.subarray(4, 15), bytes(1, 2, "me", 6, "secret"));
  t.equal(end?.kind, "ready");
  const refused = socks(bytes(5, 2, 1, 1), { credentials: LOGIN, size: 2 });
  t.equal(failureOf(refused), "proxy-authentication");
  t.notMatch(JSON.stringify(refused.end), "secret");
});

t.test("Socks5 turns every reply code and every oddity into a failure", async (t) => {
  const replies: readonly (readonly [code: number, failure: FailureCode])[] = [
    [1, "proxy-refused"],
    [2, "proxy-refused"],
    [3, "connect-unreachable"],
    [4, "connect-unreachable"],
    [5, "connect-refused"],
    [6, "connect-unreachable"],
    [7, "proxy-refused"],
    [8, "proxy-refused"],
    [9, "proxy-refused"],
    [255, "proxy-refused"],
  ];
  for (const [code, failure] of replies) {
    const outcome = socks(bytes(5, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0), { size: 2 });
    t.equal(failureOf(outcome), failure, `reply ${code}`);
    t.equal(outcome.replies[0]?.status, code);
  }
  const oddities: readonly (readonly [answer: Uint8Array, failure: FailureCode])[] = [
    [bytes(5, 255), "proxy-authentication"],
    [bytes(5, 2), "proxy-malformed"],
    [bytes(5, 1), "proxy-malformed"],
    [bytes(0, 91), "proxy-malformed"],
    [bytes("HTTP/1.1 400 Bad Request\r\n"), "proxy-malformed"],
    [bytes(5, 0, 5, 0, 0, 9, 0, 0), "proxy-malformed"],
    [bytes(5, 0, 6, 0), "proxy-malformed"],
  ];
  for (const [answer, failure] of oddities)
    for (const size of [1, 2]) t.equal(failureOf(socks(answer, { size })), failure, String(answer));
  t.match(socks(bytes("HTTP/1.1 400 Bad")).end, {
    failure: { message: /does not speak SOCKS5 but HTTP/ },
  });
});

t.test("Prelude of a proxy never throws, whatever the proxy sends", async (t) => {
  let state = 1;
  const next = (): number => (state = (state * 48_271) % 0x7fff_ffff);
  for (let round = 0; round < 2000; round++) {
    const noise = Uint8Array.from({ length: next() % 40 }, () => next() & 0xff);
    if (round % 3 === 0) noise.set([5, 0, 5, 0, 0].slice(0, noise.length));
    const size = 1 + (next() % 8);
    socks(noise, { size, credentials: round % 2 === 0 ? LOGIN : null });
    talk(
      (note) => new HttpConnect(proxy("http"), SERVER, note),
      Buffer.concat([Buffer.from("HTTP/1.1 "), noise]),
      size,
    );
  }
  t.pass("2000 rounds");
});
