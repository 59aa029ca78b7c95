import type { Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import type { CertificateSpec } from "../../differential/certificate-spec.ts";
import { keyPemOf, pemOf } from "./pki.ts";

/** Changes to the server's set-up. */
export type ServerWishes = Omit<TlsOptions, "cert" | "key"> & {
  /** What it says once a client is accepted. @default "ok\n" */
  readonly greeting?: string;
};

/** A TLS server on 127.0.0.1. */
export interface ChainServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a server that sends certificates exactly in the order given, however weak they are. It takes what a client
 * says, greets it and closes, so that a client of TLS 1.3 learns whether its own certificate was accepted.
 */
export async function startChainServer(
  chain: readonly CertificateSpec[],
  { greeting = "ok\n", ...wishes }: ServerWishes = {},
): Promise<ChainServer> {
  const [own] = chain;
  if (own === undefined) throw new Error("A server needs a certificate");
  const open = new Set<Socket>();
  const server = createServer(
    {
      cert: pemOf(...chain),
      key: keyPemOf(own),
      ciphers: "DEFAULT:@SECLEVEL=0",
      minVersion: "TLSv1.2",
      ...wishes,
    },
    (socket) => {
      socket.on("error", () => socket.destroy());
      socket.resume();
      socket.end(greeting);
    },
  );
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
