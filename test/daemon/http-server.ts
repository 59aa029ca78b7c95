import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import t from "tap";
import { startHttpServer } from "../../src/daemon/http/server.ts";
import { parseListenAddress } from "../../src/daemon/listen-address.ts";
import { loadPage } from "../../src/daemon/http/static-page.ts";
import { NOW } from "./fake-clock.ts";
import { apiSources, ask, startServer } from "./http-fixture.ts";
import { link, observation, handshake } from "./samples.ts";

const PAGE = {
  "index.html": "<!doctype html>",
  "live.css": "body{}",
  "live.js": "export {};",
  "icon.svg": "<svg/>",
  "secret.key": "not for everybody",
  ".hidden.js": "no",
  folder: { "inner.js": "no" },
};

void t.test("startHttpServer() guards every answer with the same headers", async (t) => {
  const page = await loadPage(t.testdir(PAGE));
  const { server } = await startServer(t, { page });
  for (const [path, status, options] of [
    ["/", 200, {}],
    ["/live.js", 200, {}],
    ["/metrics", 200, {}],
    ["/healthz", 200, {}],
    ["/readyz", 503, {}],
    ["/api/v1/links", 200, {}],
    ["/nothing", 404, {}],
    ["/api/v1/links", 405, { method: "POST" }],
    ["/api/v1/events", 426, {}],
    ["/", 421, { headers: { host: "evil.example" } }],
  ] as const) {
    const answer = await ask(server.url, path, options);
    t.equal(answer.status, status, `${status} for ${path}`);
    const policy = String(answer.headers["content-security-policy"]);
    t.match(
      policy,
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;/,
    );
    t.match(policy, /connect-src 'self'/);
    t.match(policy, /frame-ancestors 'none'/);
    t.notMatch(policy, /unsafe|\*/);
    t.match(answer.headers, {
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    t.notOk(answer.headers["access-control-allow-origin"], "no other site may read");
    if (status >= 400) {
      t.match(answer.headers["content-type"], /^application\/problem\+json/);
      t.match(JSON.parse(answer.body), {
        type: /^urn:anchorwatch:problem:[a-z-]+$/,
        status,
        title: /./,
        detail: /./,
      });
    }
  }
});

void t.test("startHttpServer() answers only to names of this machine", async (t) => {
  const { server } = await startServer(t);
  for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:9643", "127.0.0.2", "[::1]:80"])
    t.equal((await ask(server.url, "/healthz", { headers: { host } })).status, 200, host);
  for (const host of [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:9643",
    "192.168.1.1",
    "[::2]",
    "localhost@evil.example",
  ])
    t.equal((await ask(server.url, "/healthz", { headers: { host } })).status, 421, host);
  const { port } = new URL(server.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.end("GET /healthz HTTP/1.0\r\n\r\n");
  const [data] = (await once(socket, "data")) as [Buffer];
  t.match(data.toString(), /^HTTP\/1\.1 400 /, "a request without a host is refused");
  socket.destroy();
});

void t.test("startHttpServer() serves the files of the page and no others", async (t) => {
  const folder = t.testdir(PAGE);
  const { server } = await startServer(t, { page: await loadPage(folder) });
  for (const [path, type, body] of [
    ["/", "text/html; charset=utf-8", PAGE["index.html"]],
    ["/live.css", "text/css; charset=utf-8", PAGE["live.css"]],
    ["/live.js", "text/javascript; charset=utf-8", PAGE["live.js"]],
    ["/icon.svg", "image/svg+xml", PAGE["icon.svg"]],
  ] as const) {
    const answer = await ask(server.url, path);
    t.match(answer, { status: 200, body, headers: { "content-type": type } });
    const again = { headers: { "if-none-match": String(answer.headers["etag"]) } };
    t.match(await ask(server.url, path, again), { status: 304, body: "" });
    t.match(await ask(server.url, path, { method: "HEAD" }), { status: 200, body: "" });
  }
  for (const path of [
    "/secret.key",
    "/.hidden.js",
    "/folder/inner.js",
    "/inner.js",
    "/../package.json",
    "/%2e%2e/package.json",
    "/live.js/..",
    "/index.html%00",
  ])
    t.equal((await ask(server.url, path)).status, 404, path);
});

void t.test("loadPage() finds nothing where there is no folder", async (t) => {
  t.equal((await loadPage(join(t.testdir(), "missing"))).size, 0);
});

void t.test("startHttpServer() is ready once every endpoint was looked at", async (t) => {
  const { server, state } = await startServer(t);
  t.equal((await ask(server.url, "/readyz")).status, 503);
  state.observed("bpm-east", observation(NOW, handshake()));
  t.match(await ask(server.url, "/readyz"), { status: 200, body: '{"status":"ready"}' });
});

void t.test("startHttpServer() tells the problems of the watcher itself", async (t) => {
  const { server, health } = await startServer(t);
  t.equal((await ask(server.url, "/healthz")).body, '{"status":"ok","problems":[]}');
  health.raise("history-unavailable", "/var/x.db", "The history cannot be used");
  t.match(JSON.parse((await ask(server.url, "/healthz")).body), {
    status: "degraded",
    problems: [{ code: "history-unavailable", subject: "/var/x.db", since: /Z$/ }],
  });
  health.clear("history-unavailable", "/var/x.db");
  t.equal((await ask(server.url, "/healthz")).body, '{"status":"ok","problems":[]}');
});

void t.test("startHttpServer() shows links in the agreed form", async (t) => {
  const { server, state } = await startServer(t);
  const pending = JSON.parse((await ask(server.url, "/api/v1/links")).body) as unknown;
  const empty = {
    client: "pfs",
    endpoint: "bpm-east",
    profile: "openjdk-17",
    url: "https://bpm.example.com:9443",
    state: "pending",
    ok: null,
    trusted: null,
    nameMatch: null,
    headline: null,
    findings: [],
    breaksAt: null,
    checkedAt: null,
    since: null,
    clientMessage: null,
    addresses: [],
    labels: {},
    chain: [],
  };
  t.same(pending, { sequence: 1, links: [empty] });
  const finding = {
    code: "chain.incomplete",
    severity: "critical",
    summary: "The server sends only its own certificate",
    remedy: ["Send the intermediate"],
    clientMessage: "PKIX path building failed",
  } as const;
  const evidence = { certificates: [], truststore: null, alias: null, time: null };
  const chain = { sha256: "ab", subject: "CN=a", issuer: "CN=b", notBefore: NOW, notAfter: 9e15 };
  state.put(
    link({
      state: "broken",
      ok: false,
      findings: [{ ...finding, evidence }],
      breaksAt: NOW,
      chain: [{ ...chain, serial: "01" }],
    }),
  );
  t.same(JSON.parse((await ask(server.url, "/api/v1/links")).body), {
    sequence: 2,
    links: [
      {
        ...empty,
        state: "broken",
        ok: false,
        trusted: true,
        nameMatch: true,
        headline: finding.summary,
        findings: [finding],
        breaksAt: "2026-06-01T12:00:00.000Z",
        checkedAt: "2026-06-01T12:00:00.000Z",
        since: "2026-06-01T12:00:00.000Z",
        clientMessage: finding.clientMessage,
        // a date beyond what a date can hold is left out
        chain: [{ ...chain, notBefore: "2026-06-01T12:00:00.000Z", notAfter: null }],
      },
    ],
  });
});

void t.test("startHttpServer() exposes the metrics of estate and daemon together", async (t) => {
  const { server, state } = await startServer(t);
  state.put(link());
  const { headers, body } = await ask(server.url, "/metrics");
  t.equal(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  t.match(body, /^anchorwatch_link_ok\{client="pfs",endpoint="bpm-east"\} 1$/m);
  t.match(body, /^anchorwatch_build_info\{/m);
});

void t.test("startHttpServer() says why it cannot listen", async (t) => {
  const { server } = await startServer(t);
  const { port } = new URL(server.url);
  const { state, health, feed } = await startServer(t);
  const metrics = {} as never;
  const sources = { ...apiSources(state), health, feed, metrics, page: new Map() };
  const listen = { host: "127.0.0.1", port: Number(port) };
  t.same(await startHttpServer(sources, { listen }), {
    ok: false,
    error: `Another program listens on 127.0.0.1:${port} already; choose another port with --listen HOST:PORT`,
  });
});

const LOCAL = {
  host: "127.0.0.1",
  port: 0,
  tls: null,
  unencrypted: false,
  tokens: [],
  clientAuth: null,
  hosts: [],
  allow: [],
};

void t.test("parseListenAddress() takes addresses of this machine alone", async (t) => {
  t.same(parseListenAddress("localhost:0", LOCAL), {
    ok: true,
    value: { host: "localhost", port: 0 },
  });
  t.same(parseListenAddress("[::1]:80", LOCAL), { ok: true, value: { host: "::1", port: 80 } });
  for (const [text, error] of [
    ["9643", /^Expected HOST:PORT such as 127\.0\.0\.1:9643, found "9643"$/],
    ["127.0.0.1", /^Expected HOST:PORT/],
    [
      "0.0.0.0:9643",
      /^Listening on 0\.0\.0\.0:9643 would open the page and the API to other machines without access control\. Use a loopback address such as/,
    ],
    ["example.com:80", /^Listening on example\.com:80 would open/],
  ] as const)
    t.match(parseListenAddress(text, LOCAL), { ok: false, error });
});

void t.test("startHttpServer() bounds what a request may hold", async (t) => {
  const { server } = await startServer(t);
  const headers = { "x-long": "a".repeat(32_768) };
  t.equal((await ask(server.url, "/", { headers })).status, 431);
  t.equal((await ask(server.url, `/${"a".repeat(10_000)}`)).status, 404);
});

void t.test("startHttpServer() passes over an offer of HTTP/2", async (t) => {
  const { server } = await startServer(t);
  const headers = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "" };
  t.equal((await ask(server.url, "/healthz", { headers })).status, 200);
});
