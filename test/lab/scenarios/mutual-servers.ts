import { findTool } from "../../tools.ts";
import { startGnutlsServer } from "../gnutls.ts";
import { freePort, type RunningProcess, startProcess } from "../process.ts";
import type { Lab } from "./lab.ts";

/** Files of a server that wants a certificate from its clients. */
export interface MutualServerFiles {
  /** Chain, PEM. */
  readonly certificate: string;
  readonly key: string;
  /** CAs of clients, PEM. */
  readonly authorities: string;
}

/** Starts a server that requires a client certificate and answers requests over HTTP; resolves to its port. */
export type StartMutualServer = (lab: Lab, files: MutualServerFiles) => Promise<number>;

async function keptUntilDone(lab: Lab, process: RunningProcess): Promise<void> {
  await lab.keep(Promise.resolve({ close: () => process.stop() }));
}

/** nginx completes every handshake and refuses the request (`ssl_verify_client on`). */
export const startNginx: StartMutualServer = async (lab, { certificate, key, authorities }) => {
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${lab.path("temporary")};`)
    .join(" ");
  const configuration = lab.write(
    "nginx.conf",
    `daemon off; master_process off; pid ${lab.path("nginx.pid")}; error_log stderr notice;
    events { worker_connections 64; }
    http {
      access_log off; ${temporary}
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${certificate};
        ssl_certificate_key ${key};
        ssl_verify_client on;
        ssl_client_certificate ${authorities};
        location / { return 200; }
      }
    }`,
  );
  const nginx = findTool("nginx") ?? "nginx";
  const process = startProcess(nginx, ["-p", lab.path(""), "-e", "stderr", "-c", configuration]);
  await keptUntilDone(lab, process);
  // it listens before it says how many connections it can have
  await process.waitFor(/getrlimit/);
  return port;
};

/** `gnutls-serv` refuses in the handshake, with an alert. */
export const startGnutls: StartMutualServer = async (lab, { certificate, key, authorities }) => {
  const { port, process } = await startGnutlsServer(
    findTool("gnutlsServ") ?? "gnutls-serv",
    { certificate, key },
    ["--x509cafile", authorities, "--require-client-cert", "--verify-client-cert", "--http"],
  );
  await keptUntilDone(lab, process);
  return port;
};
