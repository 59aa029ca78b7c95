import t from "tap";
import * as z from "zod";
import { presentCertificate } from "../daemon/fixture.ts";
import { bearer, bentProber, post, sha256, startWatched, TOKEN_LINES } from "./watched.ts";

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** A check of values by a schema of the document. */
function validator({ components }: Described, schema: object): (value: unknown) => string | null {
  const text = JSON.stringify({ ...schema, $defs: components.schemas });
  const local: unknown = JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/"));
  const parsed = z.fromJSONSchema(local as Parameters<typeof z.fromJSONSchema>[0]);
  return (value) => {
    const { error } = parsed.safeParse(value);
    return error === undefined ? null : z.prettifyError(error);
  };
}

t.test("The API answers every operation as its OpenAPI document says", async (t) => {
  const { daemon, leaf } = await startWatched(t, {
    http: `${TOKEN_LINES}\n  allow: ["canary.test.example.com:*"]`,
    prober: bentProber({ "canary.test.example.com": () => ["192.0.2.1"] }),
  });
  const fingerprint = sha256(leaf.der);
  const ask = async (
    path: string,
    init: Omit<RequestInit, "headers"> & {
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Response> =>
    fetch(new URL(path, daemon.url), {
      ...init,
      headers: { ...bearer("operate"), ...init.headers },
    });
  const document = (await (await ask("/api/v1/openapi.json")).json()) as Described;
  t.equal(document.openapi, "3.1.0");
  const json = (value: unknown) => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  });
  const requests: Readonly<
    Record<string, readonly (readonly [string, Parameters<typeof ask>[1]?])[]>
  > = {
    listLinks: [
      ["/api/v1/links"],
      ["/api/v1/links?state=broken&severity=critical&code=leaf.*&client=p*&limit=1"],
      ["/api/v1/links?label=team=bpm"],
    ],
    getLink: [["/api/v1/links/pfs/bpm-west"], ["/api/v1/links/nobody/bpm-west"]],
    getJudgement: [
      ["/api/v1/links/pfs/bpm-east/judgement"],
      ["/api/v1/links/nobody/bpm-east/judgement"],
    ],
    listEndpoints: [["/api/v1/endpoints"], ["/api/v1/endpoints?client=pfs&limit=1"]],
    getEndpoint: [["/api/v1/endpoints/bpm-east"], ["/api/v1/endpoints/a%2Fb"]],
    exportHandshakes: [
      ["/api/v1/endpoints/bpm-east/handshakes"],
      ["/api/v1/endpoints/none/handshakes"],
      ["/api/v1/endpoints/bpm-east/handshakes?at=2099-01-01T00:00:00Z"],
      ["/api/v1/endpoints/bpm-east/handshakes?at=2020-01-01T01:00:00%2B01:00"],
      ["/api/v1/endpoints/bpm-east/handshakes?at=yesterday"],
    ],
    listClients: [["/api/v1/clients"]],
    getClient: [["/api/v1/clients/pfs"], ["/api/v1/clients/nobody"]],
    listCertificates: [["/api/v1/certificates"], ["/api/v1/certificates?endpoint=bpm-east"]],
    getCertificate: [
      [`/api/v1/certificates/${fingerprint}`],
      [`/api/v1/certificates/${"0".repeat(64)}`],
      ["/api/v1/certificates/abc"],
    ],
    listTruststores: [["/api/v1/truststores"]],
    getTruststore: [["/api/v1/truststores/pfs-trust"], ["/api/v1/truststores/none"]],
    listFindings: [["/api/v1/findings"], ["/api/v1/findings?severity=warning"]],
    listAlerts: [
      ["/api/v1/alerts"],
      ["/api/v1/alerts?status=resolved&rule=broken&severity=critical"],
    ],
    listNotifications: [
      ["/api/v1/notifications"],
      ["/api/v1/notifications?state=delivered&state=dead&state=waiting&limit=1"],
      ["/api/v1/notifications?state=lost"],
    ],
    getLinkHistory: [["/api/v1/links/pfs/bpm-west/history?limit=5"]],
    getEndpointHistory: [["/api/v1/endpoints/bpm-west/history"]],
    check: [
      ["/api/v1/check", json({ endpoint: "bpm-east" })],
      ["/api/v1/check", json({ endpoint: "bpm-west", client: "pfs" })],
      ["/api/v1/check", json({ target: "https://elsewhere.example.com", client: "pfs" })],
      ["/api/v1/check", json({ endpoint: "none" })],
      ["/api/v1/check", json({})],
    ],
    explain: [
      ["/api/v1/explain", json({ text: "unable to find valid certification path" })],
      ["/api/v1/explain", json({ text: "all is well" })],
      ["/api/v1/explain", json({ words: 1 })],
    ],
    getCode: [["/api/v1/codes/leaf.expired"], ["/api/v1/codes/no.such"]],
    getForecast: [["/api/v1/forecast"], ["/api/v1/forecast?days=30"], ["/api/v1/forecast?days=0"]],
    whatif: [
      ["/api/v1/whatif", json({ changes: [{ truststore: "pfs-trust", remove: ["#1"] }] })],
      ["/api/v1/whatif", json({ changes: [{ truststore: "pfs-trust", add: [leaf.pem] }] })],
      ["/api/v1/whatif", json({ changes: [] })],
    ],
    reload: [["/api/v1/reload", { method: "POST" }]],
  };
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  t.same(
    described.map(({ operation }) => operation.operationId).toSorted(),
    Object.keys(requests).toSorted(),
    "every operation is asked for",
  );
  for (const { path, operation } of described) {
    const { operationId, parameters, responses } = operation;
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = parameters.filter((each) => each.in === "path").map(({ name }) => name);
    t.same(declared, inPath, `${operationId} declares its parameters`);
    for (const [at, init] of requests[operationId] ?? []) {
      const answer = await ask(at, init);
      const what = `${operationId} ${at}: ${answer.status}`;
      const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
      const schema = responses[answer.status]?.content?.[type]?.schema;
      t.ok(schema, `${what} ${type} is described`);
      if (schema === undefined) continue;
      const isValid = validator(document, schema);
      const body = await answer.text();
      const values = type.endsWith("ndjson") ? body.trimEnd().split("\n") : [body];
      for (const value of values) t.equal(isValid(JSON.parse(value)), null, what);
    }
  }
});

t.test("The API pages through lists without repeating or losing anything", async (t) => {
  const { daemon } = await startWatched(t);
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const more: string = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${daemon.url}api/v1/links?limit=3${more}`);
    const page = (await answer.json()) as {
      readonly links: readonly { readonly client: string; readonly endpoint: string }[];
      readonly next?: string;
    };
    t.ok(page.links.length <= 3);
    names.push(...page.links.map(({ client, endpoint }) => `${client} ${endpoint}`));
    cursor = page.next;
  } while (cursor !== undefined);
  t.same(names, ["pfs bpm-east", "pfs bpm-west", "gateway bpm-east", "gateway bpm-west"]);
  const gone = Buffer.from("gone").toString("base64url");
  for (const [query, status] of [
    [`cursor=${gone}`, 410],
    ["limit=0", 400],
    ["limit=1001", 400],
    ["limit=1&limit=2", 400],
    ["unknown=1", 400],
    ["state=well", 400],
    ["code=no.such", 400],
    ["label=team", 400],
  ] as const)
    t.equal((await fetch(`${daemon.url}api/v1/links?${query}`)).status, status, query);
});

t.test("The API answers 304 to the tag of an unchanged answer, packed or not", async (t) => {
  const { daemon } = await startWatched(t);
  for (const path of ["api/v1/openapi.json", "api/v1/truststores/pfs-trust", "api/v1/clients"]) {
    for (const encoding of ["identity", "gzip"]) {
      const headers = { "accept-encoding": encoding };
      const first = await fetch(daemon.url + path, { headers });
      const etag = first.headers.get("etag") ?? "";
      t.match(etag, /^(W\/)?"[\w-]+"$/, path);
      t.match(first.headers.get("vary"), /Accept-Encoding/);
      const again = await fetch(daemon.url + path, {
        headers: { ...headers, "if-none-match": `"other", ${etag}` },
      });
      t.equal(again.status, 304, `${path} ${encoding}`);
      t.equal(await again.text(), "");
      const other = await fetch(daemon.url + path, { headers: { "if-none-match": '"other"' } });
      t.equal(other.status, 200);
      t.equal(await other.text(), await first.text());
    }
  }
  const packed = await fetch(`${daemon.url}api/v1/openapi.json`);
  t.equal(packed.headers.get("content-encoding"), "gzip", "fetch takes it");
});

t.test("The API says which methods a path takes", async (t) => {
  const { daemon } = await startWatched(t);
  for (const [path, allow] of [
    ["api/v1/links", "GET, HEAD, OPTIONS"],
    ["api/v1/check", "POST, OPTIONS"],
    ["metrics", "GET, HEAD, OPTIONS"],
    ["probe", "GET, HEAD, OPTIONS"],
  ] as const) {
    const options = await fetch(daemon.url + path, { method: "OPTIONS" });
    t.equal(options.status, 204, path);
    t.equal(options.headers.get("allow"), allow);
    t.notOk(options.headers.get("access-control-allow-methods"), "and to other sites nothing");
    const refused = await fetch(daemon.url + path, { method: "DELETE" });
    t.equal(refused.status, 405);
    t.equal(refused.headers.get("allow"), allow);
  }
  const head = await fetch(`${daemon.url}api/v1/links`, { method: "HEAD" });
  t.equal(head.status, 200);
  t.equal(await head.text(), "");
  t.ok(Number(head.headers.get("content-length")) > 100);
});

t.test(
  "POST whatif judges a plan from what was seen, and reaches for nothing that it names",
  async (t) => {
    const { daemon, root, folder } = await startWatched(t);
    const ask = async (
      changes: readonly object[],
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const answer = await post(daemon.url, "/api/v1/whatif", { changes }, headers);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const other = presentCertificate({ name: "Other", ca: true, days: 300 });
    const next = presentCertificate({ name: "localhost", issuer: other, san: ["localhost"] });
    const moved = await ask([{ endpoint: "bpm-east", serves: next.pem }]);
    t.match(moved, {
      status: 200,
      body: { source: "live", exitCode: 2, summary: { breaks: 2, staysBroken: 2 } },
    });
    const prepared = await ask([
      { endpoint: "bpm-east", serves: next.pem },
      { truststore: "pfs-trust", add: [other.pem] },
      { endpoint: "bpm-west", serves: [next.pem] },
    ]);
    t.match(prepared, {
      status: 200,
      body: { summary: { breaks: 0, repaired: 2 }, order: { kind: "safe", order: [1] } },
    });
    const removed = await ask([{ truststore: "pfs-trust", remove: [root.pem] }]);
    t.match(removed, { status: 200, body: { summary: { breaks: 2 } } });
    for (const change of [
      { endpoint: "bpm-east", serves: "/etc/ssl/certs/ca-certificates.crt" },
      { endpoint: "bpm-east", serves: next.pem, key: `${folder}/root.pem` },
      { endpoint: "bpm-east", serves: next.pem, key: "k", keyPassword: { env: "HOME" } },
      { truststore: "pfs-trust", add: [`${folder}/root.pem`] },
      { truststore: "pfs-trust", remove: ["/etc/passwd"] },
      { truststore: "pfs-trust", replace: `${folder}/root.pem` },
      { client: "pfs", "java-security": "/etc/passwd" },
      { client: "pfs", identity: { cert: "/etc/passwd", key: "/etc/shadow" } },
      { client: "nobody", profile: "go" },
    ]) {
      const { status, body } = await ask([change]);
      t.equal(status, 400, JSON.stringify(change).slice(0, 80));
      t.notMatch(
        JSON.stringify(body),
        /ENOENT|EACCES|does not exist/,
        "nothing tells what is there",
      );
    }
    t.equal((await ask([{ truststore: "pfs-trust", add: ["x".repeat(2 ** 20)] }])).status, 413);
    t.equal((await ask([], { origin: "https://evil.example" })).status, 403);
  },
);
