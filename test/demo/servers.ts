import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import t from "tap";
import { ENDPOINT_NAMES, ENDPOINTS } from "../../src/cli/demo/cast.ts";
import { CERTIFICATES } from "../../src/cli/demo/certificates.ts";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { requireTool } from "../tools.ts";
import { member, readEstate } from "./estate.ts";
import { openSslClient, sentCertificates } from "./openssl-client.ts";

t.test("startServer()", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const demo = await startDemo();
  t.teardown(() => demo.close());
  const estate = readEstate(demo);
  const connect = (
    name: string,
    args: readonly string[] = [],
    request = "GET / HTTP/1.0\r\n\r\n",
  ): ReturnType<typeof openSslClient> =>
    openSslClient(openssl, [...args, "-connect", member(estate.endpoints, name).connect], request);
  const identityOf = (client: string): readonly string[] => {
    const identity = member(estate.clients, client).identity;
    return identity === undefined
      ? []
      : ["-cert", join(demo.directory, identity.cert), "-key", join(demo.directory, identity.key)];
  };

  for (const name of ENDPOINT_NAMES) {
    const plan = ENDPOINTS[name];
    if (plan.kind === "plain") continue;
    t.test(`startServer() sends the planned chain: ${name}`, async (t) => {
      const { output } = await connect(name, ["-showcerts"]);
      const sent = sentCertificates(output).map((pem) => new X509Certificate(pem).subject);
      const planned = plan.chain.map((id) =>
        CERTIFICATES[id].subject.map(([attribute, value]) => `${attribute}=${value}`).join("\n"),
      );
      t.same(sent, planned);
    });
  }

  t.test("startServer() answers an HTTPS request", async (t) => {
    const { output } = await connect("bpm-west");
    t.match(output, /HTTP\/1\.1 200 OK/);
    t.match(output, /New, TLSv1\.3/);
  });

  t.test("startServer() speaks TLS 1.2 where that is the newest version planned", async (t) => {
    const old = await connect("sm-server");
    t.match(old.output, /New, TLSv1\.2/);
    const refused = await connect("sm-server", ["-tls1_3"]);
    t.match(refused.output, /alert protocol version/);
  });

  t.test("startServer() answers a hello in plain HTTP on the plain port", async (t) => {
    const { output } = await connect("sm-server-plain");
    t.match(output, /wrong version number/);
    const response = await fetch(`http://${member(estate.endpoints, "sm-server-plain").connect}/`);
    t.equal(response.status, 200);
    await response.text();
  });

  t.test("startServer() requires a client certificate of the accepted CA", async (t) => {
    for (const name of ["im-connector", "api-gateway"]) {
      const { output } = await connect(name);
      t.match(output, /Acceptable client certificate CA names\n.*OU = Provisioning Services\n/);
      t.match(output, /alert certificate required/, `${name}: none sent`);
    }
    const older = await connect("im-connector", ["-tls1_2"]);
    t.match(older.output, /alert handshake failure/, "none sent in TLS 1.2");
  });

  t.test("startServer() keeps the connection of an accepted client open", async (t) => {
    const { output, cut } = await connect("im-connector", identityOf("api-gateway"), "");
    t.match(output, /New, TLSv1\.3/);
    t.notMatch(output, /alert/);
    t.equal(cut, false, "the client ended it, not the server");
  });

  t.test("startServer() serves a client whose certificate it accepts", async (t) => {
    const { output } = await connect("api-gateway", identityOf("api-gateway"));
    t.match(output, /HTTP\/1\.1 200 OK/);
  });

  t.test("startServer() hangs up on a client whose certificate has expired", async (t) => {
    const { output } = await connect("api-gateway", identityOf("connector-server"));
    t.notMatch(output, /HTTP\/1\.1/);
  });

  t.test("startServer() survives peers that send no TLS or break off in a handshake", async (t) => {
    const beginning = Buffer.concat([
      Buffer.from("16030100c8010000c40303", "hex"),
      Buffer.alloc(40, 7),
    ]);
    for (const { connect: address } of Object.values(estate.endpoints)) {
      const port = Number(address.split(":")[1]);
      for (const bytes of [Buffer.alloc(0), Buffer.from("EHLO\r\n\r\n"), beginning]) {
        for (const leave of ["end", "resetAndDestroy"] as const) {
          const socket = createConnection({ host: "127.0.0.1", port });
          socket.on("error", () => socket.destroy());
          await once(socket, "connect");
          await new Promise((resolve) => socket.write(bytes, resolve));
          socket[leave]();
          socket.resume();
          if (!socket.closed) await once(socket, "close");
        }
      }
    }
    const { output } = await connect("api-gateway", identityOf("api-gateway"));
    t.match(output, /HTTP\/1\.1 200 OK/);
  });
});
