import { createServer, type Server, type Socket } from "node:net";
import type { Test } from "tap";
import {
  createIssuer,
  type IssuedCertificate,
  type IssueRequest,
  type LabServer,
  startOpensslServer,
} from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

/** Certificates and servers of openssl that end with the test. */
export interface Lab {
  /** Folder of the certificates, removed with the test. */
  readonly directory: string;
  readonly openssl: string;
  readonly issue: (request: IssueRequest) => Promise<IssuedCertificate>;
  /** Starts `openssl s_server` on loopback. */
  readonly serve: (
    certificate: IssuedCertificate,
    options?: readonly string[],
  ) => Promise<LabServer>;
}

/** A lab for one test; undefined where openssl is missing, and then the test is skipped. */
export function openLab(t: Test): Lab | undefined {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  const directory = t.testdir();
  return {
    directory,
    openssl,
    issue: createIssuer(openssl, directory),
    serve: async (certificate, options = []) => {
      const server = await startOpensslServer(openssl, certificate, options);
      t.teardown(() => server.process.stop());
      return server;
    },
  };
}

/** A CA and a server certificate for localhost and 127.0.0.1, both far from their end. */
export async function issuePair(
  lab: Lab,
): Promise<{ readonly ca: IssuedCertificate; readonly leaf: IssuedCertificate }> {
  const ca = await lab.issue({ name: "ca", keyType: "p256", days: 900 });
  const leaf = await lab.issue({ name: "leaf", keyType: "p256", issuer: ca, days: 400 });
  return { ca, leaf };
}

/** Listens on a free port of 127.0.0.1 and does with every connection what is asked; ends with the test. */
export async function listen(t: Test, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  t.teardown(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}
