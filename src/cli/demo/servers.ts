import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer, type TlsOptions } from "node:tls";
import type { CertificateId } from "./certificates.ts";
import { chainPem, issued, keyPem, type Pki } from "./pki.ts";
import type { EndpointPlan } from "./plans.ts";

/** A server that listens on loopback. */
export interface RunningServer {
  readonly port: number;
  /** Sends another chain from the next handshake on, leaf first; nothing happens where there is no TLS. */
  readonly present: (chain: readonly CertificateId[]) => void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

const IDLE_LIMIT = 30_000;

const respond: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  response.end("A server of the Anchorwatch demo\n");
};

function tlsOptions(plan: EndpointPlan, pki: Pki): TlsOptions & { cert: string; key: string } {
  const [leaf] = plan.chain;
  if (leaf === undefined) throw new Error(`A TLS server needs a certificate: ${plan.url}`);
  const authorities = plan.clientAuthorities?.map((id) => issued(pki, id).pem);
  return {
    cert: chainPem(pki, plan.chain),
    key: keyPem(pki, leaf),
    ...(plan.maxVersion === undefined ? {} : { maxVersion: plan.maxVersion }),
    ...(authorities === undefined
      ? {}
      : { ca: authorities, requestCert: true, rejectUnauthorized: true }),
  };
}

function createServer(plan: EndpointPlan, pki: Pki): Server {
  switch (plan.kind) {
    case "web":
      return createHttpsServer(tlsOptions(plan, pki), respond);
    case "plain":
      return createHttpServer(respond);
    case "silent":
      return createTlsServer(tlsOptions(plan, pki), (socket) => {
        socket.on("error", () => socket.destroy());
        socket.resume();
      });
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string")
        reject(new Error("A TCP server has no TCP address"));
      else resolve(address.port);
    });
  });
}

/** Starts the server of an endpoint on a free port of 127.0.0.1. Rejects when it cannot listen. */
export async function startServer(plan: EndpointPlan, pki: Pki): Promise<RunningServer> {
  const server = createServer(plan, pki);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.setTimeout(IDLE_LIMIT, () => socket.destroy());
  });
  const port = await listen(server);
  return {
    port,
    present: (chain) => {
      if (server instanceof TlsServer) server.setSecureContext(tlsOptions({ ...plan, chain }, pki));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
