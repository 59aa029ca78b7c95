import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { connect, createServer } from "node:tls";
import t, { type Test } from "tap";
import { APACHE } from "../../../src/estate/systems/apache/importer.ts";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { HAPROXY } from "../../../src/estate/systems/haproxy/importer.ts";
import type { SystemImport } from "../../../src/estate/systems/model.ts";
import { NGINX } from "../../../src/estate/systems/nginx/importer.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import type { SystemImporter } from "../../../src/estate/systems/system-importer.ts";
import { freePort, startProcess } from "../../lab/process.ts";
import { requireTool } from "../../tools.ts";

/** A server behind the one under test: it counts whoever connects, and what name they send. */
interface Upstream {
  readonly port: number;
  readonly names: (string | null)[];
  readonly stop: () => void;
}

interface Workplace {
  readonly folder: string;
  /** Certificate and key in one file. */
  readonly pem: string;
  readonly ports: readonly number[];
  readonly upstreams: readonly Upstream[];
}

async function startUpstream(pem: string): Promise<Upstream> {
  const names: (string | null)[] = [];
  const credentials = readFileSync(pem);
  const server = createServer({ key: credentials, cert: credentials }, (socket) => {
    names.push(typeof socket.servername === "string" ? socket.servername : null);
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { port: (server.address() as AddressInfo).port, names, stop: () => void server.close() };
}

/** A folder with a certificate for localhost, three free ports and two servers to dial. */
async function prepare(t: Test, openssl: string): Promise<Workplace> {
  const folder = t.testdir({ conf: {} });
  const [certificate, key, pem] = ["cert.pem", "key.pem", "both.pem"].map((name) =>
    join(folder, name),
  );
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const subject = [
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost,DNS:up.example.com",
  ];
  execFileSync(openssl, [...args, ...subject, "-keyout", key ?? "", "-out", certificate ?? ""], {
    stdio: "ignore",
  });
  writeFileSync(
    pem ?? "",
    readFileSync(certificate ?? "", "utf8") + readFileSync(key ?? "", "utf8"),
  );
  const upstreams = [await startUpstream(pem ?? ""), await startUpstream(pem ?? "")];
  t.teardown(() => upstreams.forEach(({ stop }) => stop()));
  return {
    folder,
    pem: pem ?? "",
    ports: [await freePort(), await freePort(), await freePort()],
    upstreams,
  };
}

async function derive(
  importer: SystemImporter,
  file: string,
  folder: string,
): Promise<SystemImport> {
  const reader = new SourceReader(DISK_FILES);
  reader.allow(folder);
  const result = await importer.read({
    paths: [file],
    reader,
    environment: {},
    version: null,
    host: null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const portOf = (url: string): number => Number(new URL(url.replace(/^[a-z]+:/u, "http:")).port);

/** Ports on which something speaks TLS. */
async function speaksTls(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function request(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).once("error", reject);
  });
}

const byNumber = (a: number, b: number): number => a - b;

interface Case {
  readonly importer: SystemImporter;
  readonly tool: "nginx" | "apache2" | "haproxy";
  readonly file: string;
  readonly configuration: (place: Workplace) => string;
  readonly args: (place: Workplace) => readonly string[];
}

const CASES: readonly Case[] = [
  {
    importer: NGINX,
    tool: "nginx",
    file: "nginx.conf",
    configuration: ({
      folder,
      pem,
      ports,
      upstreams,
    }) => `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events {}
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
  upstream second { server 127.0.0.1:${upstreams[1]?.port}; }
  server {
    listen 127.0.0.1:${ports[0]} ssl;
    listen 127.0.0.1:${ports[2]};
    ssl_certificate ${pem}; ssl_certificate_key ${pem};
    location /first { proxy_pass https://127.0.0.1:${upstreams[0]?.port}; proxy_ssl_name up.example.com; proxy_ssl_server_name on; }
    location /second { proxy_pass https://second; proxy_ssl_name up.example.com; proxy_ssl_server_name on; }
  }
  server { listen 127.0.0.1:${ports[1]} ssl; ssl_certificate ${pem}; ssl_certificate_key ${pem}; }
}
`,
    args: ({ folder }) => ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"],
  },
  {
    importer: APACHE,
    tool: "apache2",
    file: "httpd.conf",
    configuration: ({ folder, pem, ports, upstreams }) => `ServerName localhost
Define HERE 127.0.0.1
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
Listen \${HERE}:${ports[0]}
Listen \${HERE}:${ports[1]} https
Listen \${HERE}:${ports[2]}
SSLCertificateFile ${pem}
<VirtualHost \${HERE}:${ports[0]}>
  SSLEngine on
  SSLProxyEngine on
  SSLProxyCheckPeerName off
  ProxyPass /first https://127.0.0.1:${upstreams[0]?.port}/
  <Location /second>
    ProxyPass https://\${HERE}:${upstreams[1]?.port}/
  </Location>
</VirtualHost>
<VirtualHost *:${ports[1]}>
  SSLEngine on
</VirtualHost>
`,
    args: ({ folder }) => ["-X", "-d", folder, "-f", join(folder, "httpd.conf")],
  },
  {
    importer: HAPROXY,
    tool: "haproxy",
    file: "haproxy.cfg",
    configuration: ({ folder, pem, ports, upstreams }) => `global
  crt-base ${folder}
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend one
  bind 127.0.0.1:${ports[0]} ssl crt "both.pem"
  bind 127.0.0.1:${ports[2]}
  use_backend first if { path_beg /first }
  default_backend second
listen two
  bind 127.0.0.1:${ports[1]} ssl crt ${pem}
  server s 127.0.0.1:${upstreams[1]?.port} ssl verify none
backend first
  server s 127.0.0.1:${upstreams[0]?.port} ssl verify required ca-file ${folder}/cert.pem sni str(up.example.com)
backend second
  server s 127.0.0.1:${upstreams[1]?.port} ssl verify required ca-file ${folder}/cert.pem verifyhost up.example.com sni str(up.example.com)
`,
    args: ({ folder }) => ["-db", "-f", join(folder, "haproxy.cfg")],
  },
];

for (const { importer, tool, file, configuration, args } of CASES)
  t.test(
    `${importer.system} listens on and dials what is derived from its configuration`,
    async (t) => {
      const program = requireTool(t, tool);
      if (program === undefined) return;
      const openssl = requireTool(t, "openssl");
      if (openssl === undefined) return;
      const place = await prepare(t, openssl);
      mkdirSync(join(place.folder, "logs"));
      writeFileSync(join(place.folder, file), configuration(place));
      const found = await derive(importer, join(place.folder, file), place.folder);

      const running = startProcess(program, args(place));
      t.teardown(() => running.stop());
      const ended = running.waitFor(/(?!)/).catch((error: unknown) => error);
      const up = (async (): Promise<null> => {
        while (!(await speaksTls(place.ports[1] ?? 0))) await wait(50);
        return null;
      })();
      const failure = await Promise.race([ended, up]);
      if (failure !== null) throw new Error("The server ended", { cause: failure });

      const listens = found.endpoints.filter(({ direction }) => direction === "listens");
      const derivedPorts = listens.map(({ url }) => portOf(url.value)).toSorted(byNumber);
      const spoken = await Promise.all(
        place.ports.map(async (port) => [port, await speaksTls(port)] as const),
      );
      t.strictSame(
        derivedPorts,
        spoken.flatMap(([port, tls]) => (tls ? [port] : [])).toSorted(byNumber),
      );

      const before = place.upstreams.map(({ names }) => names.length);
      const statuses = [
        await request(place.ports[0] ?? 0, "/first"),
        await request(place.ports[0] ?? 0, "/second"),
      ];
      t.strictSame(statuses, [204, 204]);
      const dialled = place.upstreams.filter(
        ({ names }, index) => names.length > (before[index] ?? 0),
      );
      const dials = found.endpoints.filter(({ direction }) => direction === "dials");
      t.strictSame(
        [...new Set(dials.map(({ url }) => portOf(url.value)))].toSorted(byNumber),
        dialled.map(({ port }) => port).toSorted(byNumber),
      );
      const sent = place.upstreams.flatMap(({ names }) => names.filter((name) => name !== null));
      const said = dials.flatMap(({ serverName }) => serverName?.value ?? []);
      t.strictSame(
        [...new Set(said)],
        [...new Set(sent)],
        "names that are sent are those that were derived",
      );
    },
  );
