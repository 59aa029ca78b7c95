import { connect, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, createSecureContext } from "node:tls";
import { readHelloRecords } from "../../../src/probe/tls/client-hello-reader.ts";
import { Version } from "../../../src/probe/tls/versions.ts";
import type { CertificateSpec } from "../../differential/certificate-spec.ts";
import { keyPemOf, pemOf } from "./pki.ts";

/** A server on loopback that a scenario ends itself. */
export interface OddServer {
  readonly port: number;
  close(): Promise<void>;
}

type Listener = ReturnType<typeof createServer>;

async function listen(server: Listener, host: string, port: number): Promise<OddServer> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
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

/** A TCP server that does with each connection what it is told. */
export function startTcpServer(script: (socket: Socket) => void): Promise<OddServer> {
  return listen(
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      script(socket);
    }),
    "127.0.0.1",
    0,
  );
}

/** What stands between clients and a server and looks at the first bytes of each connection. */
export function startFirewall(
  port: number,
  passes: (hello: Buffer) => boolean,
  block: (socket: Socket) => void = (socket) => socket.resetAndDestroy(),
): Promise<OddServer> {
  return startTcpServer((client) => {
    client.once("data", (hello: Buffer) => {
      if (!passes(hello)) return block(client);
      const server = connect(port, "127.0.0.1");
      server.on("error", () => client.destroy());
      client.on("close", () => server.destroy());
      server.write(hello);
      client.pipe(server);
      server.pipe(client);
    });
  });
}

/** Offset of the random value in the record that a ServerHello begins. */
const RANDOM_AT = 5 + 4 + 2;

/**
 * What stands before a server and lets it show a clock: the random value of each hello of TLS 1.2 begins with the time
 * (RFC 5246 section 7.4.1.3). Such a conversation goes as far as the certificates.
 */
export function startClockServer(port: number, aheadMs: number): Promise<OddServer> {
  return startTcpServer((client) => {
    client.once("data", (hello: Buffer) => {
      const server = connect(port, "127.0.0.1");
      server.on("error", () => client.destroy());
      client.on("close", () => server.destroy());
      server.write(hello);
      client.pipe(server);
      server.once("data", (answer: Buffer) => {
        if (!offersTls13(hello))
          answer.writeUInt32BE(Math.floor((Date.now() + aheadMs) / 1000), RANDOM_AT);
        client.write(answer);
        server.pipe(client);
      });
    });
  });
}

/** Whether a record with a ClientHello names TLS 1.3 among its versions. */
function offersTls13(record: Buffer): boolean {
  const read = readHelloRecords(record);
  return read.ok && read.value?.shape.versions.includes(Version.tls13) === true;
}

/** The same, which looks at everything that a client says and not at the beginning alone. */
export function startStrictFirewall(
  port: number,
  passes: (bytes: Buffer) => boolean,
): Promise<OddServer> {
  return startTcpServer((client) => {
    const server = connect(port, "127.0.0.1");
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
    server.pipe(client);
    client.on("data", (bytes: Buffer) => {
      if (passes(bytes)) server.write(bytes);
      else client.resetAndDestroy();
    });
  });
}

/** A TLS server at any loopback address; `hosts` has other certificates by server name. */
export function startTlsServer(
  chain: readonly CertificateSpec[],
  {
    host = "127.0.0.1",
    port = 0,
    hosts = {},
    others = [],
  }: {
    readonly host?: string;
    readonly port?: number;
    readonly hosts?: Readonly<Record<string, readonly CertificateSpec[]>>;
    /** Further chains with keys of another type. */
    readonly others?: readonly (readonly CertificateSpec[])[];
  },
): Promise<OddServer> {
  const contexts = new Map(
    Object.entries(hosts).map(([name, specs]) => [name, createSecureContext(contextOf([specs]))]),
  );
  const server = createTlsServer(
    {
      ...contextOf([chain, ...others]),
      SNICallback: (name, answer) => answer(null, contexts.get(name)),
    },
    (socket) => {
      socket.on("error", () => socket.destroy());
      socket.resume();
      socket.end("ok\n");
    },
  );
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return listen(server, host, port);
}

function contextOf(chains: readonly (readonly CertificateSpec[])[]): {
  readonly cert: string[];
  readonly key: string[];
} {
  return {
    cert: chains.map((chain) => pemOf(...chain)),
    key: chains.flatMap(([own]) => (own === undefined ? [] : keyPemOf(own))),
  };
}
