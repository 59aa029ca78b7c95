import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startGnutlsServer } from "../lab/gnutls.ts";
import { createIssuer, type IssuedCertificate, startOpensslServer } from "../lab/openssl.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { selfSigned } from "../lab/self-signed.ts";
import type { Tool } from "../tools.ts";

const run = promisify(execFile);

/** A server on 127.0.0.1 that a test surveys. */
export interface SurveyedServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Where servers keep their files, and their certificates. */
export interface Lab {
  readonly directory: string;
  readonly rsa: IssuedCertificate;
  readonly p256: IssuedCertificate;
  readonly p384: IssuedCertificate;
  /** The programs that this machine has. */
  readonly programs: (tool: Tool) => string;
}

/** Issues what the servers need. */
export async function createLab(
  openssl: string,
  directory: string,
  programs: Lab["programs"],
): Promise<Lab> {
  const issue = createIssuer(openssl, directory);
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const [rsa, p256, p384] = await Promise.all([
    issue({ name: "rsa", keyType: "rsa", issuer }),
    issue({ name: "p256", keyType: "p256", issuer }),
    issue({ name: "p384", keyType: "p384", issuer }),
  ]);
  return { directory, rsa, p256, p384, programs };
}

/** Resolves once a port accepts connections. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("error", () => resolve(false));
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const pair = ({ certificate, key }: IssuedCertificate): string =>
  readFileSync(certificate, "latin1") + readFileSync(key, "latin1");

/** OpenSSL with everything that it still has, anonymous suites included. */
export async function everything({ programs, rsa }: Lab): Promise<SurveyedServer> {
  const { port, process } = await startOpensslServer(programs("openssl"), rsa, [
    "-www",
    "-min_protocol",
    "TLSv1",
    "-cipher",
    "ALL:@SECLEVEL=0",
  ]);
  return { port, stop: () => process.stop() };
}

/** nginx with one server of these directives. */
async function nginx(
  { programs, directory }: Lab,
  name: string,
  directives: string,
): Promise<SurveyedServer> {
  const home = join(directory, name);
  mkdirSync(join(home, "temp"), { recursive: true });
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${home}/temp;`)
    .join(" ");
  const file = join(home, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${home}/nginx.pid; error_log ${home}/error.log;
    events { worker_connections 128; }
    http { access_log off; ${temporary}
      server { listen 127.0.0.1:${port} ssl; server_name localhost; ${directives} return 200; } }`,
  );
  const process = startProcess(programs("nginx"), ["-p", home, "-c", file]);
  await listening(port);
  return { port, stop: () => process.stop() };
}

const certificateLines = (...issued: readonly IssuedCertificate[]): string =>
  issued
    .map(({ certificate, key }) => `ssl_certificate ${certificate}; ssl_certificate_key ${key};`)
    .join(" ");

/** nginx as the guideline's modern profile has it, as far as its library can. */
export function modern(lab: Lab): Promise<SurveyedServer> {
  return nginx(
    lab,
    "modern",
    `${certificateLines(lab.p256)} ssl_protocols TLSv1.3; ssl_ecdh_curve X25519:prime256v1:secp384r1;
    ssl_prefer_server_ciphers off; ssl_session_tickets off;`,
  );
}

/** nginx as its intermediate profile has it, with two certificates, but deciding itself. */
export function intermediate(lab: Lab): Promise<SurveyedServer> {
  const suites = ["ECDSA", "RSA"].flatMap((key) =>
    ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"].map(
      (rest) => `ECDHE-${key}-${rest}`,
    ),
  );
  return nginx(
    lab,
    "intermediate",
    `${certificateLines(lab.rsa, lab.p256)} ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ${suites.join(":")};
    ssl_ecdh_curve X25519:prime256v1:secp384r1; ssl_prefer_server_ciphers on;
    ssl_session_cache shared:survey:1m;`,
  );
}

/** HAProxy without TLS 1.3 and with old versions, whose order decides. */
export async function proxied({ programs, directory, p384 }: Lab): Promise<SurveyedServer> {
  const port = await freePort();
  const bundle = join(directory, "haproxy.pem");
  writeFileSync(bundle, pair(p384));
  const file = join(directory, "haproxy.cfg");
  writeFileSync(
    file,
    `defaults
  mode http
  timeout client 10s
  timeout connect 1s
  timeout server 1s
frontend surveyed
  bind 127.0.0.1:${port} ssl crt ${bundle} ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.2 ciphers ECDHE+AESGCM:ECDHE+AES:@SECLEVEL=0 curves P-384:P-256 alpn h2,http/1.1
  http-request return status 200
`,
  );
  const process = startProcess(programs("haproxy"), ["-f", file, "-db"]);
  await listening(port);
  return { port, stop: () => process.stop() };
}

/** GnuTLS with what it calls legacy, RC4 and 3DES included. */
export async function legacy({ programs, rsa }: Lab): Promise<SurveyedServer> {
  const priorities =
    "NORMAL:+VERS-TLS1.1:+VERS-TLS1.0:+3DES-CBC:+ARCFOUR-128:+DHE-RSA:+MD5:%SERVER_PRECEDENCE";
  const { port, process } = await startGnutlsServer(programs("gnutlsServ"), rsa, [
    "--http",
    "--priority",
    priorities,
  ]);
  return { port, stop: () => process.stop() };
}

const JSSE_SERVER = fileURLToPath(new URL("../probe/jsse-server.java", import.meta.url));

/** JSSE as its JDK configures it. */
export async function java({ programs, directory, rsa }: Lab): Promise<SurveyedServer> {
  const store = join(directory, "server.p12");
  const password = "changeit";
  const { certificate, key } = rsa;
  const source = ["-in", certificate, "-inkey", key];
  const target = ["-passout", `pass:${password}`, "-out", store];
  await run(programs("openssl"), ["pkcs12", "-export", ...source, ...target]);
  await run(programs("javac"), ["-d", directory, JSSE_SERVER]);
  const options = ["-cp", directory, "JsseServer", store, password, "none"];
  const process = startProcess(programs("java"), [...options, "TLSv1.2", "TLSv1.3"]);
  const match = await process.waitFor(/^PORT (\d+)$/m);
  return { port: Number(match[1]), stop: () => process.stop() };
}

/** Node.js with OpenSSL 3.5: post-quantum groups and signatures. */
export async function postQuantum({ p256 }: Lab): Promise<SurveyedServer> {
  const { publicKey, privateKey } = generateKeyPairSync("ml-dsa-65");
  const der = selfSigned(publicKey, privateKey);
  const server = createServer({
    cert: [
      `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`,
      readFileSync(p256.certificate),
    ],
    key: [privateKey.export({ type: "pkcs8", format: "pem" }), readFileSync(p256.key)],
    minVersion: "TLSv1.3",
    ecdhCurve: "X25519MLKEM768:SecP256r1MLKEM768:X25519",
  });
  server.on("secureConnection", (socket) => socket.on("error", () => undefined));
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    port: address.port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
