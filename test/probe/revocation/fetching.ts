import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { EvidenceCache } from "../../../src/probe/revocation/evidence-cache.ts";
import { fetchEvidence } from "../../../src/probe/revocation/fetch-evidence.ts";
import { type FetchLimits, httpFetch } from "../../../src/probe/revocation/http-fetch.ts";
import { parseCertificate } from "../../../src/x509/certificate.ts";
import {
  distributionPoint,
  Extensions,
  type Issued,
  issue,
  NOW,
  ocspResponse,
  pem,
  revocationList,
} from "../../trust/revocation/authority.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Loopback {
  readonly url: string;
  /** Method and path of every request. */
  readonly asked: readonly string[];
}

/** An HTTP server on loopback that ends with the test. */
async function serve(t: Test, handlers: Readonly<Record<string, Handler>>): Promise<Loopback> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(`${request.method} ${path}`);
    const handler = handlers[path];
    if (handler !== undefined) return handler(request, response);
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

const answer =
  (body: Uint8Array | string): Handler =>
  (_request, response) =>
    response.end(body);

const redirect =
  (location: string): Handler =>
  (_request, response) => {
    response.writeHead(302, { location });
    response.end();
  };

const LIMITS: FetchLimits = { policy: "internal", timeoutMs: 5000, maxOctets: 1000 };

const get = (url: string, limits: Partial<FetchLimits> = {}) =>
  httpFetch({ url, body: null }, { ...LIMITS, ...limits });

t.test("httpFetch() follows a few redirects, and within http and https only", async (t) => {
  const { url } = await serve(t, {
    "/list": answer("octets"),
    "/1": redirect("/2"),
    "/2": redirect("/3"),
    "/3": redirect("/list"),
    "/0": redirect("/1"),
    "/file": redirect("file:///etc/hostname"),
    "/metadata": redirect("http://169.254.169.254/"),
    "/user": redirect("http://user:secret@127.0.0.1/"),
  });
  const direct = await get(`${url}/list`);
  t.equal(direct.ok && Buffer.from(direct.value).toString(), "octets");
  const redirected = await get(`${url}/1`);
  t.equal(redirected.ok && Buffer.from(redirected.value).toString(), "octets");
  for (const [path, code] of [
    ["/0", "too-many-redirects"],
    ["/file", "url-refused"],
    ["/metadata", "address-refused"],
    ["/user", "url-refused"],
    ["/nothing", "status"],
  ] as const) {
    const outcome = await get(`${url}${path}`);
    t.equal(outcome.ok || outcome.error.code, code, path);
  }
});

t.test("httpFetch() keeps away from private addresses unless they are wanted", async (t) => {
  const { url, asked } = await serve(t, { "/": answer("") });
  const { port } = new URL(url);
  for (const host of ["127.0.0.1", "localhost", "[::ffff:7f00:1]", "0x7f.1"]) {
    const outcome = await get(`http://${host}:${port}/`, { policy: "public" });
    t.equal(outcome.ok || outcome.error.code, "address-refused", host);
  }
  t.same(asked, []);
});

t.test("httpFetch() bounds size and time", async (t) => {
  const { url } = await serve(t, {
    "/exact": answer(Buffer.alloc(1000)),
    "/long": answer(Buffer.alloc(1001)),
    "/endless": (_request, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(100), () => setImmediate(more));
      };
      more();
    },
    "/silent": () => {},
    "/halting": (_request, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("12345");
    },
    "/broken": (request) => {
      request.socket.destroy();
    },
  });
  t.ok((await get(`${url}/exact`)).ok);
  for (const [path, code] of [
    ["/long", "too-large"],
    ["/endless", "too-large"],
    ["/silent", "timeout"],
    ["/halting", "timeout"],
    ["/broken", "unreachable"],
  ] as const) {
    const outcome = await get(`${url}${path}`, { timeoutMs: 300 });
    t.equal(outcome.ok || outcome.error.code, code, path);
    t.equal(outcome.ok || outcome.error.url, `${url}${path}`);
  }
});

t.test("httpFetch() posts a body with its type", async (t) => {
  const { url } = await serve(t, {
    "/ask": (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () =>
        response.end(`${request.headers["content-type"]} ${Buffer.concat(chunks).toString()}`),
      );
    },
  });
  const body = { bytes: Buffer.from("question"), type: "application/ocsp-request" };
  const outcome = await httpFetch({ url: `${url}/ask`, body }, LIMITS);
  t.equal(outcome.ok && Buffer.from(outcome.value).toString(), "application/ocsp-request question");
});

function certificate({ der }: Issued) {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

t.test("fetchEvidence() asks each source once, and not again while it is current", async (t) => {
  const handlers: Record<string, Handler> = {};
  const { url, asked } = await serve(t, handlers);
  const root = issue({ subject: "Root", serial: 1, isCa: true });
  const points = Extensions.distributionPoints(distributionPoint(`${url}/root.crl`));
  const responder = Extensions.responder(`${url}/ocsp`);
  const leaves = [2, 3].map((serial) =>
    issue({ subject: `leaf ${serial}`, serial, issuer: root, more: [points, responder] }),
  );
  const [first] = leaves;
  if (first === undefined) throw new Error("No leaf");
  const list = revocationList({ signer: root });
  const response = ocspResponse({ subject: first, issuer: root });
  handlers["/root.crl"] = answer(pem("X509 CRL", list));
  handlers["/ocsp"] = answer(response);
  const path = leaves.map((leaf) => ({
    certificate: certificate(leaf),
    issuer: certificate(root),
  }));
  const context = { policy: "internal", timeoutMs: 5000, cache: new EvidenceCache() } as const;
  const fetched = await fetchEvidence(path, { ...context, now: NOW });
  t.same(fetched.failures, []);
  t.same(
    fetched.crls.map((der) => Buffer.from(der)),
    [Buffer.from(list)],
  );
  t.equal(fetched.ocspResponses.length, 2);
  t.same(asked.toSorted(), ["GET /root.crl", "POST /ocsp", "POST /ocsp"]);
  await fetchEvidence(path, { ...context, now: NOW + 3_600_000 });
  t.equal(asked.length, 3, "what is current comes from the cache");
  await fetchEvidence(path, { ...context, now: NOW + 48 * 3_600_000 });
  t.equal(asked.length, 6, "what is out of date does not");
});

t.test("fetchEvidence() asks at most 16 sources, and says which did not answer", async (t) => {
  const { url, asked } = await serve(t, {});
  const root = issue({ subject: "Root", serial: 1, isCa: true });
  const points = Array.from({ length: 40 }, (_, index) => distributionPoint(`${url}/${index}`));
  const more = [
    Extensions.distributionPoints(distributionPoint("ldap://127.0.0.1/cn=crl"), ...points),
  ];
  const leaf = issue({ subject: "leaf", serial: 2, issuer: root, more });
  const path = [{ certificate: certificate(leaf), issuer: certificate(root) }];
  const fetched = await fetchEvidence(path, {
    policy: "internal",
    timeoutMs: 5000,
    cache: new EvidenceCache(),
    now: NOW,
  });
  t.equal(asked.length, 16);
  t.same(
    fetched.failures.map(({ code }) => code),
    Array.from({ length: 16 }, () => "status"),
  );
});

t.test("EvidenceCache drops the oldest entries when it is full", async (t) => {
  const cache = new EvidenceCache();
  const octets = Buffer.alloc(1);
  for (let index = 0; index < 1001; index++) cache.set(`${index}`, octets, NOW);
  t.equal(cache.get("0", NOW - 1), undefined);
  t.equal(cache.get("1", NOW - 1), octets);
  t.equal(cache.get("1", NOW), undefined, "at its end it is not current");
  for (const key of ["a", "b", "c"]) cache.set(key, Buffer.alloc(100 << 20), NOW);
  t.equal(cache.get("a", NOW - 1), undefined);
  t.equal(cache.get("c", NOW - 1)?.length, 100 << 20);
});
