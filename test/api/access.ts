import { once } from "node:events";
import { connect } from "node:tls";
import { join } from "node:path";
import t from "tap";
import { WebSocket } from "ws";
import { eventually, keyPem, presentCertificate, smallPki, writeFiles } from "../daemon/fixture.ts";
import { keptLog } from "../daemon/samples.ts";
import { askSecurely, bearer, post, sha256, startWatched, TOKEN_LINES, TOKENS } from "./watched.ts";

const CHECK = { endpoint: "bpm-east" };

t.test("The API on loopback shows everything to everybody and lets nobody act", async (t) => {
  const { daemon } = await startWatched(t);
  t.equal((await fetch(`${daemon.url}api/v1/links`)).status, 200);
  for (const [path, body] of [
    ["api/v1/check", CHECK],
    ["api/v1/reload", {}],
  ] as const) {
    const refused = await post(daemon.url, path, body);
    t.equal(refused.status, 403, path);
    t.match(await refused.json(), {
      type: "urn:anchorwatch:problem:role-missing",
      detail: /^Nobody has the role operate .*anchorwatch token --role operate.* http\.tokens/,
    });
  }
  const explained = await post(daemon.url, "api/v1/explain", { text: "PKIX path building failed" });
  t.equal(explained.status, 200, "that only thinks");
});

t.test("The API with tokens takes no request without one, and none beyond its role", async (t) => {
  const { log, lines } = keptLog();
  const { daemon } = await startWatched(t, { http: TOKEN_LINES, log });
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
    (await fetch(daemon.url + path, { headers })).status;
  for (const path of [
    "",
    "metrics",
    "probe?target=a:1",
    "api/v1/links",
    "api/v1/openapi.json",
    "none",
  ])
    t.equal(await get(path), 401, `/${path}`);
  const challenge = await fetch(daemon.url);
  t.match(challenge.headers.get("www-authenticate"), /^Basic realm=.*, Bearer realm=/);
  for (const path of ["healthz", "readyz"]) t.equal(await get(path), 200, "no secret");
  t.same(await (await fetch(`${daemon.url}healthz`)).json(), { status: "ok" }, "but no names");
  t.equal(await get("api/v1/links", bearer("read")), 200);
  const basic = Buffer.from(`anybody:${TOKENS.read}`).toString("base64");
  t.equal(await get("api/v1/links", { authorization: `Basic ${basic}` }), 200, "as browsers do");
  for (const authorization of [
    "Bearer aw_no_such_token_at_all_0000000",
    `Bearer ${TOKENS.read}x`,
    `bearer ${TOKENS.expired}`,
    `Digest ${TOKENS.read}`,
    `Basic ${Buffer.from(TOKENS.read).toString("base64")}`,
    "Bearer",
    `Bearer ${"x".repeat(4000)}`,
  ])
    t.equal(await get("api/v1/links", { authorization }), 401, authorization.slice(0, 40));
  const act = async (role: keyof typeof TOKENS) =>
    (await post(daemon.url, "api/v1/reload", {}, bearer(role))).status;
  t.equal(await act("read"), 403, "wrong role");
  t.equal(await act("expired"), 401, "a token of before, replayed");
  t.equal(await act("operate"), 200);
  const logged = lines.join("");
  t.match(logged, /"operation":"reload","who":"operator"/);
  for (const token of Object.values(TOKENS)) t.notOk(logged.includes(token), "no token in the log");
});

t.test("The API slows down whoever guesses tokens, and whoever replays requests", async (t) => {
  const { daemon } = await startWatched(t, { http: TOKEN_LINES });
  const statuses: number[] = [];
  for (let index = 0; index < 25; index++) {
    const headers = { authorization: `Bearer aw_guess_number_${index}_0000000000` };
    statuses.push((await fetch(`${daemon.url}api/v1/clients`, { headers })).status);
  }
  t.same(new Set(statuses.slice(0, 20)), new Set([401]));
  t.same(new Set(statuses.slice(20)), new Set([429]));
  const right = await fetch(`${daemon.url}api/v1/clients`, { headers: bearer("read") });
  t.equal(right.status, 429, "a lucky guess does not show");
  t.equal(right.headers.get("retry-after"), "10");
  t.equal((await fetch(`${daemon.url}healthz`)).status, 200);
});

t.test(
  "The API takes a request that is replayed thirty times, and then one a second",
  async (t) => {
    const { daemon } = await startWatched(t, { http: TOKEN_LINES });
    const statuses: number[] = [];
    for (let index = 0; index < 35; index++)
      statuses.push(
        (await post(daemon.url, "api/v1/explain", { text: "x" }, bearer("read"))).status,
      );
    t.equal(statuses.filter((status) => status === 429).length >= 3, true, statuses.join());
    t.same(new Set(statuses.slice(0, 30)), new Set([200]));
  },
);

t.test(
  "The API forgets a token with the reload that removes it, also on open connections",
  async (t) => {
    const { daemon, rewrite } = await startWatched(t, {
      http: TOKEN_LINES,
      watchInterval: 3_600_000,
    });
    const feed = new WebSocket(`${daemon.url.replace("http", "ws")}api/v1/events`, {
      headers: bearer("read"),
    });
    t.teardown(() => feed.terminate());
    await once(feed, "message");
    const closed = once(feed, "close");
    rewrite(TOKEN_LINES.replace(sha256(TOKENS.read), sha256("another token")));
    const reloaded = await post(daemon.url, "api/v1/reload", {}, bearer("operate"));
    t.equal(reloaded.status, 200);
    await closed;
    t.equal((await fetch(`${daemon.url}api/v1/links`, { headers: bearer("read") })).status, 401);
    const again = new WebSocket(`${daemon.url.replace("http", "ws")}api/v1/events`, {
      headers: bearer("read"),
    });
    const [error] = (await once(again, "error")) as [Error];
    t.match(error.message, /401/);
  },
);

t.test("The feed takes nobody without a token, and no page of another site with one", async (t) => {
  const { daemon } = await startWatched(t, { http: TOKEN_LINES });
  const at = `${daemon.url.replace("http", "ws")}api/v1/events`;
  const answered = async (headers: Readonly<Record<string, string>>): Promise<string> => {
    const feed = new WebSocket(at, { headers });
    t.teardown(() => feed.terminate());
    return once(feed, "message").then(() => "taken", String);
  };
  const own = new URL(daemon.url).origin;
  t.match(await answered({}), /401/, "no token");
  t.match(await answered({ origin: own }), /401/);
  t.match(await answered(bearer("expired")), /401/);
  t.match(await answered({ authorization: "Bearer aw_no_such_token_at_all_0000000" }), /401/);
  for (const origin of ["https://evil.example", "null", `${own}.evil.example`])
    t.match(await answered({ ...bearer("operate"), origin }), /403/, origin);
  t.match(await answered({ ...bearer("read"), "sec-fetch-site": "cross-site" }), /403/);
  t.equal(await answered({ ...bearer("read"), origin: own }), "taken");
  t.match(await answered({ ...bearer("read"), host: "rebound.example" }), /421/);
});

t.test("The API answers 422 to a reload of a wrong estate, and goes on", async (t) => {
  const { daemon, folder } = await startWatched(t, { http: TOKEN_LINES, watchInterval: 3_600_000 });
  writeFiles(folder, { "anchorwatch.yaml": "version: 1\nendpoint: {}\n" });
  const refused = await post(daemon.url, "api/v1/reload", {}, bearer("operate"));
  t.equal(refused.status, 422);
  t.match(await refused.json(), { type: "urn:anchorwatch:problem:reload-refused" });
  const health = await fetch(`${daemon.url}healthz`, { headers: bearer("read") });
  t.match(await health.json(), { status: "degraded", problems: [{ code: "estate-refused" }] });
  t.equal(
    (await fetch(`${daemon.url}api/v1/links/pfs/bpm-east`, { headers: bearer("read") })).status,
    200,
  );
});

t.test("The API acts for no page of another site, whatever token its reader has", async (t) => {
  const { daemon } = await startWatched(t, { http: TOKEN_LINES });
  const own = new URL(daemon.url).origin;
  for (const [headers, status] of [
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: own.replace("127.0.0.1", "localhost") }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ origin: own, "sec-fetch-site": "same-origin" }, 200],
    [{}, 200],
  ] as const) {
    const answer = await post(daemon.url, "api/v1/check", CHECK, {
      ...bearer("operate"),
      ...headers,
    });
    t.equal(answer.status, status, JSON.stringify(headers));
    const probe = await fetch(`${daemon.url}probe?target=localhost:1&module=nobody`, {
      headers: { ...bearer("read"), ...headers },
    });
    t.equal(probe.status, status === 403 ? 403 : 400, "so does /probe");
  }
});

t.test("The API bounds what it takes", async (t) => {
  const { daemon } = await startWatched(t, { http: TOKEN_LINES });
  const send = async (path: string, body: string, headers: Readonly<Record<string, string>>) => {
    const answer = await fetch(daemon.url + path, {
      method: "POST",
      body,
      headers: { ...bearer("operate"), ...headers },
    });
    return { status: answer.status, ...((await answer.json()) as { readonly type: string }) };
  };
  const json = { "content-type": "application/json" };
  const large = JSON.stringify({ endpoint: "x".repeat(20_000) });
  t.match(await send("api/v1/check", large, json), { status: 413, type: /body-too-large$/ });
  const text = JSON.stringify({ text: "x".repeat(600_000) });
  t.match(await send("api/v1/explain", text, json), { status: 400, type: /invalid-request$/ });
  t.match(await send("api/v1/explain", "x".repeat(4_000_000), json), { status: 413 });
  for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
    t.match(
      await send("api/v1/check", "endpoint=a", { "content-type": type }),
      { status: 415 },
      type,
    );
  for (const body of ["{", '{"__proto__":{"endpoint":"bpm-east"}}', "[]", "null", '"a"', "1"])
    t.match(await send("api/v1/check", body, json), { status: 400 }, body);
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  t.match(await send("api/v1/check", deep, json), { status: 400 });
  t.match(await send("api/v1/reload", "x".repeat(20_000), json), { status: 413 }, "no body at all");
});

/** A server certificate and a people's CA with one certificate of each kind. */
const people = () => {
  const ca = presentCertificate({ name: "People", ca: true, days: 3650 });
  const other = presentCertificate({ name: "Other", ca: true, days: 3650 });
  const holder = (name: string, issuer = ca, days = 100) => {
    const issued = presentCertificate({ name, issuer, days });
    return { cert: issued.pem, key: keyPem(issued) };
  };
  return {
    ca,
    duty: holder("duty"),
    stranger: holder("stranger"),
    forged: holder("duty", other),
    late: holder("duty", ca, -1),
  };
};

t.test("The API with client certificates knows people by subject and trust", async (t) => {
  const { root, leaf } = smallPki();
  const { ca, duty, stranger, forged, late } = people();
  const files = { "watch.pem": leaf.pem, "watch.key": keyPem(leaf) };
  const http = `  tls: { cert: watch.pem, key: watch.key }
  clientAuth: { truststore: pfs-trust, clients: [{ name: duty, role: operate, subject: "CN=duty" }] }`;
  const { daemon } = await startWatched(t, {
    http,
    files,
    roots: `${root.pem}${ca.pem}`,
  });
  t.match(daemon.url, /^https:/);
  const ask = (options: Parameters<typeof askSecurely>[2]) =>
    askSecurely(daemon.url, "/api/v1/clients", { ca: root.pem, ...options });
  t.equal((await ask({ ...duty })).status, 200);
  t.equal((await ask({})).status, 401, "nobody");
  t.equal((await ask({ ...stranger })).status, 401, "of the CA, but not listed");
  t.equal((await ask({ ...forged })).status, 401, "of another CA");
  t.equal((await ask({ ...late })).status, 401, "expired");
  const headers = { "content-type": "application/json" };
  const options = { method: "POST", headers, body: '{"endpoint":"bpm-east"}', ca: root.pem };
  const acted = await askSecurely(daemon.url, "/api/v1/check", { ...options, ...duty });
  t.equal(acted.status, 200);
  t.match(JSON.parse(acted.body), { links: [{ endpoint: "bpm-east" }, {}] });
});

t.test(
  "The API shows a renewed certificate without a restart, and keeps it when the new one is wrong",
  async (t) => {
    const { root, leaf } = smallPki();
    const { daemon, folder } = await startWatched(t, {
      http: `${TOKEN_LINES}\n  tls: { cert: watch.pem, key: watch.key }`,
      files: { "watch.pem": leaf.pem, "watch.key": keyPem(leaf) },
    });
    const shown = async (): Promise<string> => {
      const socket = connect({
        port: Number(new URL(daemon.url).port),
        host: "127.0.0.1",
        ca: root.pem,
        servername: "localhost",
      });
      await once(socket, "secureConnect");
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    const before = await shown();
    const open = await askSecurely(daemon.url, "/api/v1/clients", {
      ca: root.pem,
      headers: bearer("read"),
    });
    t.equal(open.status, 200);
    t.match(open.headers["content-security-policy"], /default-src 'none'/);
    const next = presentCertificate({ name: "localhost", issuer: root, san: ["localhost"] });
    writeFiles(folder, { "watch.pem": next.pem, "watch.key": keyPem(next) });
    const after = await eventually(async () => {
      const serial = await shown();
      return serial === before ? undefined : serial;
    });
    writeFiles(folder, { "watch.key": keyPem(leaf) });
    await eventually(async () => {
      const health = await askSecurely(daemon.url, "/healthz", {
        ca: root.pem,
        headers: bearer("read"),
      });
      return health.body.includes("cannot be used as certificate and key") ? true : undefined;
    });
    t.equal(await shown(), after, "the old state goes on");
  },
);

t.test("The daemon refuses to listen beyond loopback without tokens and encryption", async (t) => {
  const { runDaemon } = await import("../../src/daemon/daemon.ts");
  const { silent } = await import("../daemon/samples.ts");
  const { root } = smallPki();
  const base = "version: 1\ntruststores: { roots: { path: root.pem } }\nendpoints: {}\n";
  for (const [http, pattern] of [
    ['http: { listen: "0.0.0.0:0" }', /without access control/],
    [`http:\n  listen: "0.0.0.0:0"${TOKEN_LINES}`, /without encryption/],
    [`http:\n  listen: "0.0.0.0:0"\n  unencrypted: true`, /without access control/],
  ] as const) {
    const folder = t.testdir({ "root.pem": root.pem, "anchorwatch.yaml": `${base}${http}\n` });
    const started = await runDaemon({ estateFile: join(folder, "anchorwatch.yaml"), log: silent });
    t.match(started, { ok: false, error: { message: pattern } }, http);
    if (started.ok) await started.value.close();
  }
  const folder = t.testdir({
    "root.pem": root.pem,
    "anchorwatch.yaml": `${base}http:\n  listen: "0.0.0.0:0"\n  unencrypted: true${TOKEN_LINES}\n`,
  });
  const started = await runDaemon({ estateFile: join(folder, "anchorwatch.yaml"), log: silent });
  t.equal(started.ok, true, "the explicit word and tokens");
  if (started.ok) await started.value.close();
});
