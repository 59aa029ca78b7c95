import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP server on loopback whose behaviour a test scripts. */
export interface ScriptedServer {
  readonly port: number;
  /** Connections that have been made so far. */
  readonly connections: () => number;
  /** Resolves when no connection is open any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server that treats every connection as told. Errors of the connections are ignored. */
export async function startScriptedServer(
  script: (socket: Socket) => void,
  host = "127.0.0.1",
): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  let connections = 0;
  let whenIdle: () => void = () => undefined;
  const server: Server = createServer((socket) => {
    connections++;
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      open.delete(socket);
      if (open.size === 0) whenIdle();
    });
    socket.resume();
    script(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    port: address.port,
    connections: () => connections,
    idle: () =>
      new Promise((resolve) => {
        whenIdle = resolve;
        if (open.size === 0) resolve();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Starts a relay in front of a port that passes the server's bytes on in pieces of a given size. */
export function startDripRelay(port: number, size: number): Promise<ScriptedServer> {
  return startScriptedServer((client) => {
    const server = connect({ host: "127.0.0.1", port, noDelay: true });
    client.setNoDelay(true);
    client.on("data", (chunk) => server.write(chunk));
    client.on("end", () => server.end());
    client.on("close", () => server.destroy());
    server.on("error", () => client.destroy());
    void (async () => {
      for await (const chunk of server as AsyncIterable<Buffer>)
        for (let at = 0; at < chunk.length; at += size)
          await new Promise((resolve) => client.write(chunk.subarray(at, at + size), resolve));
      client.end();
    })().catch(() => client.destroy());
  });
}
