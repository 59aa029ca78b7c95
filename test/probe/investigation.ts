import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import type { Endpoint } from "../../src/probe/handshake.ts";
import { fetchIssuers } from "../../src/probe/investigation/fetch-issuers.ts";
import {
  type Doubt,
  investigate,
  isUnexplained,
  MOST_EXPERIMENTS,
} from "../../src/probe/investigation/investigate.ts";
import { experimentOf, isAnswered } from "../../src/probe/investigation/investigation.ts";
import { clockAhead } from "../../src/probe/investigation/server-clock.ts";
import {
  hasPostQuantumShare,
  keyTypeHello,
  smallHello,
  tls12Hello,
  withoutAlpn,
  withoutPostQuantum,
} from "../../src/probe/investigation/variations.ts";
import { knownHello } from "../../src/probe/hellos/known-hellos.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { encodeClientHello } from "../../src/probe/tls/client-hello.ts";
import { type HelloShape, WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { internCertificate } from "../../src/x509/certificate-cache.ts";
import type { Certificate } from "../../src/x509/certificate.ts";
import { encodeCertificate } from "../differential/certificate-spec.ts";
import { authorityInfoAccess } from "../differential/extension-specs.ts";
import {
  startClockServer,
  startFirewall,
  startTcpServer,
  startTlsServer,
} from "../lab/scenarios/odd-servers.ts";
import { hierarchy, HOST, leaf, pemOf } from "../lab/scenarios/pki.ts";

const corp = hierarchy("Investigated");
const rsa = leaf(corp.issuing, { key: "rsa-2048-0" });
const other = leaf(corp.issuing, { host: "other.lab.example" });

const endpointAt = (port: number): Endpoint => ({ scheme: "tls", host: HOST, port });

/** A first conversation with a server on loopback, and the further ones that explain it. */
async function explore(port: number, doubts: readonly Doubt[], options: ProbeOptions = {}) {
  const reach = { connectHost: "127.0.0.1", timeoutMs: 1000, ...options };
  const about = await probe(endpointAt(port), reach);
  const investigation = await investigate(about, {
    doubts: new Set(doubts),
    pauseMs: 0,
    timeoutMs: 300,
    ask: (change) => probe(endpointAt(port), { ...reach, hello: undefined, ...change }),
  });
  return { about, investigation };
}

const madeIn = ({ investigation }: Awaited<ReturnType<typeof explore>>) =>
  Object.fromEntries(
    (investigation?.experiments ?? []).map(({ variation, handshake }) => [
      variation,
      isAnswered(handshake),
    ]),
  );

async function keep<S extends { close(): Promise<void> }>(t: Test, starting: Promise<S>) {
  const server = await starting;
  t.teardown(() => server.close());
  return server;
}

t.test("investigate() finds what in a hello a device drops", async (t) => {
  const server = await keep(t, startTlsServer([corp.leaf, corp.issuing], {}));
  const byName = await keep(
    t,
    startFirewall(server.port, (hello) => !hello.includes(HOST)),
  );
  t.same(madeIn(await explore(byName.port, ["handshake"])), {
    "small-hello": false,
    "tls12-only": false,
    "no-server-name": true,
    "other-server-name": true,
    again: false,
  });
  const byLength = await keep(
    t,
    startFirewall(server.port, (hello) => hello.length < 1000),
  );
  const long = await explore(byLength.port, ["handshake"], { hello: "nodejs-24" });
  t.ok(isUnexplained(long.about));
  t.match(madeIn(long), { "small-hello": true, "no-post-quantum": true, again: false });
});

t.test("investigate() stops early where no hello is answered", async (t) => {
  const silent = await keep(
    t,
    startTcpServer(() => undefined),
  );
  const found = await explore(silent.port, ["handshake"], { timeoutMs: 300 });
  t.equal(found.about.failure?.code, "timeout-handshake");
  t.same(madeIn(found), { "small-hello": false, "tls12-only": false, "no-server-name": false });
});

t.test("investigate() asks nothing where the failure tells its cause", async (t) => {
  const http = await keep(
    t,
    startTcpServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad\r\n\r\n"))),
  );
  const { about, investigation } = await explore(http.port, ["handshake", "name", "chain"]);
  t.equal(about.failure?.code, "not-tls");
  t.equal(investigation, null);
});

t.test("investigate() begins no conversation once it is aborted", async (t) => {
  const cut = await keep(
    t,
    startTcpServer((socket) => socket.destroy()),
  );
  const about = await probe(endpointAt(cut.port), { connectHost: "127.0.0.1" });
  let asked = 0;
  const investigation = await investigate(about, {
    doubts: new Set(["handshake"]),
    signal: AbortSignal.abort(),
    ask: () => {
      asked++;
      return Promise.resolve(about);
    },
  });
  t.equal(investigation, null);
  t.equal(asked, 0);
});

t.test("investigate() reads the clock of a server until two readings agree", async (t) => {
  const server = await keep(t, startTlsServer([corp.leaf, corp.issuing], {}));
  const clock = await keep(t, startClockServer(server.port, 86_400_000));
  const found = await explore(clock.port, ["clock"]);
  t.equal(found.about.version, "TLSv1.3");
  t.equal(found.about.serverHello?.time, null);
  const { experiments = [] } = found.investigation ?? {};
  t.equal(experiments.length, 2);
  const ahead = clockAhead(experiments.map(({ handshake }) => handshake));
  t.ok(ahead !== null && Math.abs(ahead - 86_400_000) < 5000, `${ahead} ms ahead`);
  const lost = await keep(t, startClockServer(server.port, 30 * 365 * 86_400_000));
  const stopped = await explore(lost.port, ["clock"]);
  t.equal(stopped.investigation?.experiments.length, 1, "no clock: not asked again");
});

t.test("investigate() makes a bounded number of conversations", async (t) => {
  const server = await keep(t, startTlsServer([corp.leaf, corp.issuing], {}));
  const found = await explore(server.port, ["name", "chain"], { hello: "go" });
  const { length } = found.investigation?.experiments ?? [];
  t.ok(length > 0 && length <= MOST_EXPERIMENTS, `${length} conversations`);
});

t.test("investigate() compares certificates by server name and by kind of key", async (t) => {
  const server = await keep(
    t,
    startTlsServer([corp.leaf, corp.issuing], {
      others: [[rsa, corp.issuing]],
      hosts: { [HOST]: [other, corp.issuing] },
    }),
  );
  const named = await explore(server.port, ["name"]);
  const certificateOf = (variation: "no-server-name" | "other-server-name" | "rsa-only") => {
    const der = experimentOf(named.investigation, variation)?.certificates[0];
    return der === undefined ? null : Buffer.from(der).toString("hex");
  };
  const own = Buffer.from(named.about.certificates[0] ?? []).toString("hex");
  t.equal(own, Buffer.from(encodeCertificate(other)).toString("hex"));
  t.equal(certificateOf("no-server-name"), certificateOf("other-server-name"));
  t.not(certificateOf("no-server-name"), own);
  const both = await keep(
    t,
    startTlsServer([corp.leaf, corp.issuing], { others: [[rsa, corp.issuing]] }),
  );
  const chain = await explore(both.port, ["chain"]);
  const der = experimentOf(chain.investigation, "rsa-only")?.certificates[0];
  t.same(der, encodeCertificate(rsa));
});

t.test("Variations of a hello change one thing", async (t) => {
  const size = (shape: HelloShape): number =>
    encodeClientHello(shape, {
      random: new Uint8Array(32),
      sessionId: new Uint8Array(shape.sessionIdLength),
      keyShares: [{ group: 0x1d, publicKey: new Uint8Array(32) }],
      serverName: HOST,
      alpn: [],
      cookie: null,
    }).length;
  t.ok(size(smallHello()) < 300, `${size(smallHello())} bytes`);
  t.same(tls12Hello().versions, [0x0303]);
  t.same(tls12Hello().keyShares, []);
  const { shape } = knownHello("nodejs-24");
  t.equal(hasPostQuantumShare(shape), true);
  t.equal(hasPostQuantumShare(withoutPostQuantum(shape)), false);
  t.ok(withoutPostQuantum(shape).keyShares.length > 0);
  t.equal(hasPostQuantumShare(WIDE_HELLO), false);
  t.same(withoutAlpn({ ...shape, alpn: ["h2"] }).alpn, []);
  t.ok(
    keyTypeHello(WIDE_HELLO, "rsa").cipherSuites.every((code) => ![0xc02b, 0xc02c].includes(code)),
  );
  t.ok(keyTypeHello(WIDE_HELLO, "ecdsa").cipherSuites.includes(0xc02b));
});

t.test("fetchIssuers() follows the certificates' own word for their issuers", async (t) => {
  const asked: string[] = [];
  const files = new Map<string, Buffer | string>();
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const body = files.get(request.url ?? "");
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const readable = (spec: Parameters<typeof encodeCertificate>[0]): Certificate => {
    const parsed = internCertificate(encodeCertificate(spec));
    if (!parsed.ok) throw new Error(parsed.error.message);
    return parsed.value;
  };
  const pointing = (path: string, changes: object = {}): Certificate =>
    readable(
      leaf(corp.issuing, {
        extensions: [
          authorityInfoAccess([{ method: "1.3.6.1.5.5.7.48.2", uri: `${base}${path}` }]),
        ],
        ...changes,
      }),
    );
  const context = { policy: "internal", timeoutMs: 2000, unpack: () => [] } as const;
  const namesOf = async (child: Certificate) =>
    (await fetchIssuers([child], context)).issuers.map(({ certificate }) => certificate.sha256);
  const issuing = readable(corp.issuing).sha256;
  files.set("/issuing.cer", Buffer.from(encodeCertificate(corp.issuing)));
  files.set("/issuing.pem", pemOf(corp.root, corp.issuing));
  files.set("/root.cer", Buffer.from(encodeCertificate(corp.root)));
  files.set("/noise", "no certificate at all");
  t.same(await namesOf(pointing("/issuing.cer")), [issuing], "DER");
  t.same(await namesOf(pointing("/issuing.pem")), [issuing], "PEM, and only what has signed");
  t.same(await namesOf(pointing("/root.cer")), [], "what has not signed is left out");
  t.same(await namesOf(pointing("/noise")), []);
  const gone = await fetchIssuers([pointing("/gone")], context);
  t.equal(gone.failures[0]?.code, "status");
  asked.length = 0;
  const refused = await fetchIssuers([pointing("/issuing.cer")], { ...context, policy: "public" });
  t.equal(refused.failures[0]?.code, "address-refused");
  t.same(asked, [], "private networks are asked only when that is wanted");
  const many = Array.from({ length: 12 }, (_, index) => pointing(`/gone-${index}`));
  await fetchIssuers(many, context);
  t.equal(asked.length, 8, "at most eight requests");
});
