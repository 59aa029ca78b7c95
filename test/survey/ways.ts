import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createSecureContext, createServer, type Server, type TlsOptions } from "node:tls";
import t, { type Test } from "tap";
import { addressFindings, surveyFindings } from "../../src/diagnosis/survey/survey-findings.ts";
import { DIRECT } from "../../src/probe/routes/route.ts";
import type { AddressSurvey } from "../../src/probe/survey/survey-record.ts";
import { survey, type SurveyOptions } from "../../src/probe/survey/survey.ts";
import { readHelloRecords } from "../../src/probe/tls/client-hello-reader.ts";
import { startNameServer } from "../lab/name-server.ts";
import { createIssuer, type IssuedCertificate } from "../lab/openssl.ts";
import { startSlapd } from "../lab/servers/slapd.ts";
import { serverDirectory } from "../lab/servers/daemon.ts";
import { type ScriptedServer, startScriptedServer } from "../lab/tcp.ts";
import { requireTool } from "../tools.ts";

const FAST = { perSecond: Infinity, inFlight: 8 } as const;

const pemOf = ({ certificate, key }: IssuedCertificate) => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
});

/** A TLS server of Node.js that ends with the test. */
async function serve(t: Test, options: TlsOptions, host = "127.0.0.1", port = 0): Promise<number> {
  const open = new Set<Socket>();
  const server: Server = createServer(options, (socket) => socket.on("error", () => undefined));
  server.on("connection", (socket: Socket) => open.add(socket));
  server.on("tlsClientError", () => undefined);
  server.listen(port, host);
  await once(server, "listening");
  t.teardown(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}

async function only(port: number, options: SurveyOptions = {}): Promise<AddressSurvey> {
  const endpoint = { scheme: "tls", host: "localhost", port } as const;
  const { addresses } = await survey(endpoint, { ...FAST, connectHost: "127.0.0.1", ...options });
  const [first] = addresses;
  if (first === undefined || addresses.length > 1) throw new Error("There is one address");
  return first;
}

const codesOf = (surveyed: AddressSurvey): readonly string[] =>
  surveyFindings({ scheme: "tls", host: "localhost", port: surveyed.port }, surveyed).map(
    ({ code }) => code,
  );

/** A relay in front of a server that treats some first records in its own way. */
function startRelay(
  port: number,
  stumbles: (hello: Buffer) => boolean,
  how: (socket: Socket) => void,
): Promise<ScriptedServer> {
  return startScriptedServer((client) => {
    client.once("data", (hello: Buffer) => {
      if (stumbles(hello)) {
        how(client);
        return;
      }
      const server = connect(port, "127.0.0.1");
      server.on("error", () => client.destroy()).on("close", () => client.destroy());
      client.on("close", () => server.destroy());
      server.write(hello);
      client.pipe(server);
      server.pipe(client);
    });
  });
}

/** A reserved code point (RFC 8701) that tolerances are tried with. */
const GREASE = 0x5a5a;

const hangUp = (socket: Socket): void => void socket.destroy();

t.test("survey() over ways and past obstacles", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const own = await issue({ name: "own", keyType: "p256", issuer });
  const other = await issue({ name: "other", keyType: "p256", issuer });
  const narrow = { ...pemOf(own), ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256", ecdhCurve: "P-256" };

  await t.test(
    "survey() makes no more connections than accepted things and refused groups need",
    async (t) => {
      const port = await serve(t, { ...narrow, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });
      const counter = await startRelay(port, () => false, hangUp);
      t.teardown(() => counter.close());
      const surveyed = await only(counter.port);
      t.equal(surveyed.connections, counter.connections());
      t.strictSame(
        surveyed.versions.map(({ version, state, cipherSuites }) => [
          version,
          state,
          cipherSuites.length,
        ]),
        [
          ["TLSv1.3", "refused", 0],
          ["TLSv1.2", "offered", 1],
          ["TLSv1.1", "refused", 0],
          ["TLSv1.0", "refused", 0],
          ["SSLv3", "refused", 0],
          ["SSLv2", "refused", 0],
        ],
      );
      t.match(surveyed.groups, [{ version: "TLSv1.2", groups: ["secp256r1"], preference: null }]);
      const schemes = surveyed.signatureSchemes[0]?.schemes.length ?? 0;
      // One to see whether there is a server, one for each version that is refused.
      const versions = 1 + 5;
      // One suite, and a refusal of each of the hellos that hold all suites of the version.
      const suites = 1 + 6;
      const groups = 1 + 1;
      const features = 4 + 2;
      const tolerances = 9;
      const clients = new Set(surveyed.clients.map(({ client }) => client)).size;
      t.ok(
        surveyed.connections <=
          versions + suites + groups + (schemes + 1) + 1 + features + tolerances + clients,
        `${surveyed.connections} connections`,
      );
    },
  );

  await t.test("survey() finds certificates that depend on the server name", async (t) => {
    const port = await serve(t, {
      ...pemOf(other),
      SNICallback: (name, done) =>
        done(null, name === "localhost" ? createSecureContext(pemOf(own)) : undefined),
    });
    const surveyed = await only(port);
    t.equal(surveyed.chains.length, 2);
    t.strictSame(
      surveyed.chains.map(({ serverNames }) => serverNames.map(String).toSorted()),
      [["localhost"], ["null", "unknown.invalid"]],
    );
    t.ok(codesOf(surveyed).includes("handshake.certificate-varies"));
  });

  await t.test("survey() names what differs between the addresses of a name", async (t) => {
    const port = await serve(t, { ...narrow, maxVersion: "TLSv1.2" });
    await serve(t, { ...pemOf(other), minVersion: "TLSv1.3" }, "127.0.0.2", port);
    const names = await startNameServer({
      "two.example": { kind: "addresses", a: ["127.0.0.1", "127.0.0.2"], aaaa: [] },
    });
    t.teardown(() => names.close());
    const surveyed = await survey(
      { scheme: "tls", host: "two.example", port },
      { ...FAST, route: { ...DIRECT, resolvers: [names.address] } },
    );
    t.strictSame(
      surveyed.addresses.map(({ address, versions }) => [
        address,
        versions.filter(({ state }) => state === "offered").map(({ version }) => version),
      ]),
      [
        ["127.0.0.1", ["TLSv1.2"]],
        ["127.0.0.2", ["TLSv1.3"]],
      ],
    );
    t.match(addressFindings(surveyed), [
      {
        code: "topology.addresses-differ",
        summary: `two.example:${port} is not the same everywhere: 127.0.0.2 differs from 127.0.0.1`,
      },
    ]);
    const [first] = surveyed.addresses;
    t.same(
      addressFindings({ ...surveyed, addresses: first === undefined ? [] : [first, first] }),
      [],
    );
  });

  const stumbling: readonly {
    readonly name: string;
    readonly stumbles: (hello: Buffer) => boolean;
    readonly how: (socket: Socket) => void;
    readonly seen: readonly string[];
    readonly options?: SurveyOptions;
  }[] = [
    {
      name: "drops hellos of more than 512 bytes",
      stumbles: (hello) => hello.length > 517,
      how: () => undefined,
      seen: ["hello-of-600-bytes", "hello-of-5000-bytes", "hello-in-two-records"],
      options: { timeoutMs: 400 },
    },
    {
      name: "hangs up on reserved code points",
      stumbles: (hello) => {
        const read = readHelloRecords(hello);
        if (!read.ok || read.value === null) return false;
        const { cipherSuites, versions, extensions } = read.value.shape;
        const types = extensions.map((each) => (typeof each === "number" ? each : each.type));
        return [...cipherSuites, ...versions, ...types].includes(GREASE);
      },
      how: hangUp,
      seen: ["unknown-extension", "unknown-cipher-suite"],
    },
    {
      name: "hangs up on TLS 1.3",
      stumbles: (hello) =>
        hello.includes(Buffer.from([0x03, 0x04])) && hello.includes(Buffer.from([0x13, 0x01])),
      how: hangUp,
      seen: ["tls13-offered"],
    },
  ];
  for (const { name, stumbles, how, seen, options = {} } of stumbling)
    await t.test(`survey() of a server that ${name}`, async (t) => {
      const port = await serve(t, { ...narrow, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });
      const relay = await startRelay(port, stumbles, how);
      t.teardown(() => relay.close());
      const surveyed = await only(relay.port, options);
      const refused = surveyed.tolerances
        .filter(({ tolerated }) => tolerated === false)
        .map(({ peculiarity }) => peculiarity as string);
      t.strictSame(refused, seen);
      t.ok(codesOf(surveyed).includes("handshake.intolerance"));
    });

  await t.test(
    "survey() of a server that never answers says so, and leaves no connection",
    async (t) => {
      const silent = await startScriptedServer(() => undefined);
      t.teardown(() => silent.close());
      const surveyed = await only(silent.port, { timeoutMs: 50, inFlight: 64 });
      t.equal(surveyed.failure, null);
      const states = surveyed.versions.filter(({ version }) => version !== "SSLv2");
      t.ok(states.every(({ state }) => state === "unclear"));
      t.ok(surveyed.clients.every(({ connects }) => connects === null));
      t.ok(codesOf(surveyed).includes("handshake.survey-incomplete"));
      await silent.idle();
    },
  );

  await t.test("survey() ends at once when it is cancelled, and frees its sockets", async (t) => {
    const silent = await startScriptedServer(() => undefined);
    t.teardown(() => silent.close());
    const controller = new AbortController();
    const running = only(silent.port, { signal: controller.signal, timeoutMs: 600_000 });
    while (silent.connections() === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    t.match(await running, { failure: { code: "cancelled" } });
    await silent.idle();
  });

  await t.test("survey() of what does not speak TLS asks one question", async (t) => {
    const ssh = await startScriptedServer((socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    t.teardown(() => ssh.close());
    t.match(await only(ssh.port), { failure: { code: "not-tls" }, connections: 1 });
    await ssh.close();
    t.match(await only(ssh.port), { failure: { code: "connect-refused" }, connections: 2 });
  });

  await t.test("survey() asks through the upgrade of a protocol", async (t) => {
    const slapd = requireTool(t, "slapd");
    if (slapd === undefined) return;
    const directory = await serverDirectory(t);
    const identity = { chain: own.certificate, key: own.key };
    const server = await startSlapd(slapd, { directory, identity });
    t.teardown(() => server.stop());
    const endpoint = { scheme: "ldap", host: "localhost", port: server.ports.ldap ?? 0 } as const;
    const { addresses } = await survey(endpoint, { ...FAST, connectHost: "127.0.0.1" });
    const [surveyed] = addresses;
    t.equal(surveyed?.failure, null);
    t.strictSame(
      surveyed?.versions.map(({ version }) => version),
      ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0", "SSLv3"],
      "SSL 2.0 is not asked for: the dialog leads to TLS",
    );
    t.ok(
      surveyed?.versions.some(
        ({ state, cipherSuites }) => state === "offered" && cipherSuites.length > 0,
      ),
    );
  });
});
