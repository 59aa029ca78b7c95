import type { AddressInfo } from "node:net";
import { createServer, type SecureContextOptions, type Server } from "node:tls";
import type { Test } from "tap";
import { chainPem, type Scene, type SceneEndpoint } from "./scene.ts";
import type { Pki, ServedChain } from "./pki.ts";

/** Real TLS servers for the endpoints of a scene, two for each, on loopback. */
export interface SceneServers {
  readonly ports: ReadonlyMap<string, readonly [number, number]>;
  /** Lets the servers send what a state of the scene says. */
  readonly serve: (scene: Scene) => void;
}

/** Starts the servers of a scene; they end with the test. */
export async function startServers(t: Test, scene: Scene, pki: Pki): Promise<SceneServers> {
  const servers = new Map<string, readonly [Server, Server]>();
  for (const [name, endpoint] of Object.entries(scene.endpoints))
    servers.set(name, [
      await startServer(t, endpoint, endpoint.chain, pki),
      await startServer(t, endpoint, endpoint.other, pki),
    ]);
  return {
    ports: new Map([...servers].map(([name, [one, two]]) => [name, [portOf(one), portOf(two)]])),
    serve: (state) => {
      for (const [name, [first]] of servers) {
        const endpoint = state.endpoints[name];
        if (endpoint !== undefined)
          first.setSecureContext(contextOf(endpoint, endpoint.chain, pki));
      }
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const contextOf = (
  { maxVersion }: SceneEndpoint,
  { chain, key }: ServedChain,
  pki: Pki,
): SecureContextOptions => ({
  cert: chainPem(chain),
  key: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ca: pki.clientCa.pem,
  maxVersion,
});

async function startServer(
  t: Test,
  endpoint: SceneEndpoint,
  chain: ServedChain,
  pki: Pki,
): Promise<Server> {
  const server = createServer(
    {
      ...contextOf(endpoint, chain, pki),
      requestCert: endpoint.clientAuth !== "none",
      rejectUnauthorized: endpoint.clientAuth === "required",
    },
    (socket) => {
      socket.on("error", () => socket.destroy());
      socket.end();
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  return server;
}
