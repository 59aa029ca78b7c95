import t from "tap";
import { probe } from "../../src/probe/probe.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { type HelloShape, WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { createIssuer } from "../lab/openssl.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { requireTool } from "../tools.ts";

const { maxFragmentLength, recordSizeLimit } = ExtensionType;

const fragments = (code: number): HelloShape => ({
  ...WIDE_HELLO,
  recordSizeLimit: null,
  maxFragmentLength: code,
  extensions: [...WIDE_HELLO.extensions, maxFragmentLength],
});

const shapes: Readonly<Record<string, readonly [HelloShape, answered: number]>> = {
  "no limit below the usual": [WIDE_HELLO, recordSizeLimit],
  "records of 512 bytes": [{ ...WIDE_HELLO, recordSizeLimit: 512 }, recordSizeLimit],
  "fragments of 512 bytes": [fragments(1), maxFragmentLength],
  "fragments of 4096 bytes": [fragments(4), maxFragmentLength],
};

t.test("probe() keeps to the record sizes of gnutls-serv, and it to ours", async (t) => {
  const [openssl, gnutls] = [requireTool(t, "openssl"), requireTool(t, "gnutlsServ")];
  if (openssl === undefined || gnutls === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const ca = await issue({ name: "ca", keyType: "p256" });
  const { certificate, key } = await issue({ name: "server", keyType: "rsa", issuer: ca });
  const port = await freePort();
  const server = startProcess(gnutls, [
    `--port=${port}`,
    `--x509certfile=${certificate}`,
    `--x509keyfile=${key}`,
    "--recordsize=1024",
    "--disable-client-cert",
    "--echo",
  ]);
  await server.waitFor(/listening on IPv4 .*done/);
  for (const [what, [shape, answered]] of Object.entries(shapes))
    for (const version of [0x0304, 0x0303])
      await t.test(`probe() asks for ${what} in ${version.toString(16)}`, async (t) => {
        const handshake = await probe(
          { scheme: "tls", host: "localhost", port },
          { address: "127.0.0.1", shape: { ...shape, versions: [version] } },
        );
        t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
        t.ok(handshake.extensions.some(({ code }) => code === answered));
      });
  await server.stop();
});
