import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import { TOMCAT } from "../../../src/estate/systems/tomcat/importer.ts";
import { probe } from "../../../src/probe/probe.ts";
import { createIssuer } from "../../lab/openssl.ts";
import { freePort, startProcess } from "../../lab/process.ts";
import { requireTool } from "../../tools.ts";

/** What a server's wish for client certificates is called in an estate. */
const WISHES = { none: "none", optional: "requested", required: "required" } as const;

const byNumber = (a: number, b: number): number => a - b;

t.test("TOMCAT.read() derives what the real Tomcat listens on and asks for", async (t) => {
  const [catalina, openssl, keytool] = [
    requireTool(t, "catalina"),
    requireTool(t, "openssl"),
    requireTool(t, "keytool"),
  ];
  if (catalina === undefined || openssl === undefined || keytool === undefined) return;
  const base = t.testdir({ conf: {}, logs: {}, temp: {}, webapps: {}, work: {} });
  const issue = createIssuer(openssl, join(base, "conf"));
  const { certificate, key } = await issue({ name: "server", keyType: "p256" });
  const trust = ["-importcert", "-noprompt", "-alias", "ca", "-file", certificate];
  const store = ["-keystore", join(base, "conf", "trust.p12"), "-storepass", "secret-of-cas"];
  execFileSync(keytool, [...trust, ...store, "-storetype", "PKCS12"], { stdio: "ignore" });
  const [plain = 0, open = 0, wanting = 0, strict = 0] = await Promise.all(
    Array.from({ length: 4 }, () => freePort()),
  );
  const host = (attributes: string): string =>
    `<SSLHostConfig ${attributes}><Certificate certificateFile="${certificate}" certificateKeyFile="${key}"/></SSLHostConfig>`;
  const cas = `truststoreFile="conf/trust.p12" truststorePassword="\${cas.password}" truststoreType="PKCS12"`;
  const connector = (port: number | string, inside: string): string =>
    `<Connector port="${port}" address="127.0.0.1" SSLEnabled="true" scheme="https" secure="true">${inside}</Connector>`;
  mkdirSync(join(base, "webapps", "ROOT"));
  writeFileSync(
    join(base, "conf", "server.xml"),
    `<Server port="-1"><Service name="Catalina">
  <Connector port="${plain}" address="127.0.0.1"/>
  ${connector(open, host(`protocols="TLSv1.2"`))}
  ${connector("${wanting.port}", host(`certificateVerification="optional" ${cas}`))}
  ${connector(strict, host(`certificateVerification="required" ${cas}`))}
  <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>
</Service></Server>
`,
  );
  writeFileSync(
    join(base, "conf", "catalina.properties"),
    [
      `common.loader="\${catalina.home}/lib","\${catalina.home}/lib/*.jar"`,
      `wanting.port=${wanting}`,
      "cas.password=secret-of-cas",
      "",
    ].join("\n"),
  );
  const server = startProcess(catalina, ["run"], {
    env: { ...process.env, CATALINA_BASE: base, NODE_OPTIONS: "" },
  });
  t.teardown(() => server.stop());
  await server.waitFor(/Server startup in/);

  const reader = new SourceReader(DISK_FILES);
  reader.allow(base);
  const read = await TOMCAT.read({
    paths: [base],
    reader,
    environment: {},
    version: null,
    host: null,
  });
  if (!read.ok) throw new Error(read.error.message);
  const derived = new Map(
    read.value.endpoints.map(({ url, clientAuth }) => [
      Number(URL.parse(url.value)?.port),
      clientAuth?.value ?? null,
    ]),
  );
  t.same([...derived.keys()].toSorted(byNumber), [open, wanting, strict].toSorted(byNumber));
  for (const [port, wish] of derived) {
    const shape = { scheme: "https", host: "localhost", port } as const;
    const handshake = await probe(shape, { address: "127.0.0.1" });
    t.equal(WISHES[handshake.clientAuth ?? "none"], wish ?? "none", `port ${port}`);
    t.equal(handshake.version, port === open ? "TLSv1.2" : "TLSv1.3");
  }
  const spoken = await probe(
    { scheme: "https", host: "localhost", port: plain },
    { address: "127.0.0.1" },
  );
  t.equal(spoken.failure?.code, "not-tls");
});
