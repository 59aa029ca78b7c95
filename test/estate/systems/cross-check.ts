import t, { type Test } from "tap";
import { crossCheck } from "../../../src/estate/systems/cross-check.ts";
import { KAFKA } from "../../../src/estate/systems/kafka/importer.ts";
import { NGINX } from "../../../src/estate/systems/nginx/importer.ts";
import { HAPROXY } from "../../../src/estate/systems/haproxy/importer.ts";
import type { SystemImport } from "../../../src/estate/systems/model.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

const server = async (t: Test, directives: string): Promise<SystemImport> => {
  const { found } = await importFiles(t, NGINX, {
    "nginx.conf": `http { server { listen 9443 ssl; server_name bpm.example.com; ${directives} } }`,
  });
  return found;
};

const balancer = async (t: Test, words: string): Promise<SystemImport> => {
  const { found } = await importFiles(t, HAPROXY, {
    "haproxy.cfg": `backend b\n mode http\n server s BPM.example.com:9443 ssl verify required ca-file ca.pem sni str(bpm.example.com) ${words}\n`,
  });
  return found;
};

const codes = (imports: readonly SystemImport[]): readonly string[] =>
  [...crossCheck(imports).values()].flat().map(({ code }) => code);

t.test("crossCheck() compares the versions of both sides of a link", async (t) => {
  const old = await balancer(t, "ssl-max-ver TLSv1.2");
  t.strictSame(codes([old, await server(t, "ssl_protocols TLSv1.3;")]), [
    "estate.no-common-parameters",
  ]);
  t.strictSame(codes([old, await server(t, "ssl_protocols TLSv1.2 TLSv1.3;")]), []);
  t.strictSame(codes([old, await server(t, "")]), [], "a server that limits nothing");
  t.strictSame(codes([old]), [], "a server that is not imported");
});

t.test(
  "crossCheck() finds the client certificate that is required and not configured",
  async (t) => {
    const verifying = "ssl_verify_client on; ssl_client_certificate ca.pem;";
    const [without, having] = [await balancer(t, ""), await balancer(t, "crt client.pem")];
    t.strictSame(codes([await server(t, verifying), without]), ["estate.client-auth-unconfigured"]);
    t.strictSame(codes([await server(t, verifying), having]), []);
    t.strictSame(codes([await server(t, ""), without]), []);
  },
);

t.test("crossCheck() compares both sides within one import", async (t) => {
  const { found } = await importFiles(t, KAFKA, {
    "server.properties":
      "listeners=SSL://kafka.example.com:9093\nssl.client.auth=required\nssl.enabled.protocols=TLSv1.3\nssl.truststore.location=ca.pem\n",
    "client.properties":
      "bootstrap.servers=kafka.example.com:9093\nsecurity.protocol=SSL\nssl.enabled.protocols=TLSv1.2\nssl.truststore.location=ca.pem\n",
    "ca.pem": pemOf(CERTIFICATES.corporateRoot),
  });
  t.strictSame(codes([found]), ["estate.no-common-parameters", "estate.client-auth-unconfigured"]);
});
