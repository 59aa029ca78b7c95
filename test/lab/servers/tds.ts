import { createServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { createSecureContext, type SecureVersion, TLSSocket } from "node:tls";
import { readFile } from "node:fs/promises";
import type { LabDaemon, ServerIdentity } from "./daemon.ts";

const HEADER = 8;
const PRELOGIN = 0x12;
const RESPONSE = 0x04;

/** What SQL Server says about encryption in its PRELOGIN (MS-TDS section 2.2.6.5). */
export const ENCRYPTION = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

/** How the server is configured, and what it tells about its clients. */
export interface TdsOptions {
  readonly identity: ServerIdentity;
  /** @default "on" */
  readonly encryption?: keyof typeof ENCRYPTION;
  readonly version?: SecureVersion;
  /** Bytes of one packet, header included. @default 4096 */
  readonly packetSize?: number;
  readonly requestCertificate?: boolean;
  /** Called with what a client sends first behind the handshake; no bytes when it only says goodbye. */
  readonly onLogin?: (bytes: Uint8Array, tls: TLSSocket) => void;
}

/**
 * Stands in for SQL Server up to the login: PRELOGIN, then Node's own TLS inside TDS packets, which both sides
 * leave when the handshake is complete.
 */
export async function startTds({
  identity,
  encryption = "on",
  version,
  packetSize = 4096,
  requestCertificate = false,
  onLogin = () => undefined,
}: TdsOptions): Promise<LabDaemon<"mssql">> {
  const secureContext = createSecureContext({
    cert: await readFile(identity.chain),
    key: await readFile(identity.key),
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
  });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    const packets = new Packets(socket, packetSize);
    packets.onMessage = () => {
      socket.write(packet(RESPONSE, prelogin(ENCRYPTION[encryption])));
      if (encryption === "notSupported") return;
      const tls = new TLSSocket(packets.wrapped(), {
        isServer: true,
        secureContext,
        requestCert: requestCertificate,
        rejectUnauthorized: false,
      });
      tls.on("error", () => socket.destroy());
      // in TLS 1.2 the server's own Finished is made, but not sent yet
      tls.once("secure", () => packets.leave(tls.getProtocol() === "TLSv1.2" ? 1 : 0));
      tls.once("data", (bytes: Buffer) => {
        onLogin(bytes, tls);
        socket.destroy();
      });
      tls.once("end", () => onLogin(new Uint8Array(), tls));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    ports: { mssql: address.port },
    output: () => "",
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** The layer of packets on one connection. */
class Packets {
  onMessage: () => void = () => undefined;
  readonly #socket: Socket;
  readonly #packetSize: number;
  #arrived: Buffer = Buffer.alloc(0);
  #stream: Duplex | null = null;
  /** Writes that still go into packets; infinite before the handshake is complete. */
  #writesLeft = Infinity;

  constructor(socket: Socket, packetSize: number) {
    this.#socket = socket;
    this.#packetSize = packetSize;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("end", () => this.#stream?.push(null));
  }

  /** What TLS reads and writes. */
  wrapped(): Duplex {
    this.#stream = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => this.#send(chunk, done),
      final: (done) => void this.#socket.end(done),
    });
    return this.#stream;
  }

  /** Behind so many writes records stand on the connection by themselves. */
  leave(writes: number): void {
    this.#writesLeft = writes;
  }

  #send(chunk: Buffer, done: () => void): void {
    if (this.#writesLeft-- <= 0) {
      this.#socket.write(chunk, () => done());
      return;
    }
    const size = this.#packetSize - HEADER;
    const parts: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += size)
      parts.push(packet(PRELOGIN, chunk.subarray(at, at + size), at + size >= chunk.length));
    this.#socket.write(Buffer.concat(parts), () => done());
  }

  #receive(chunk: Buffer): void {
    this.#arrived = Buffer.concat([this.#arrived, chunk]);
    while (this.#arrived.length > 0) {
      // a client's first record may arrive with the last packet, before TLS has looked at either
      if (this.#arrived[0] !== PRELOGIN) {
        if (this.#stream === null) this.#socket.destroy();
        else this.#stream.push(this.#arrived);
        this.#arrived = Buffer.alloc(0);
        return;
      }
      const length = this.#arrived.length < HEADER ? Infinity : this.#arrived.readUInt16BE(2);
      if (this.#arrived.length < length) return;
      const content = this.#arrived.subarray(HEADER, length);
      this.#arrived = this.#arrived.subarray(length);
      if (this.#stream === null) this.onMessage();
      else this.#stream.push(content);
    }
  }
}

function packet(type: number, content: Uint8Array, isLast = true): Buffer {
  const header = Buffer.of(type, isLast ? 1 : 0, 0, 0, 0, 0, 1, 0);
  header.writeUInt16BE(HEADER + content.length, 2);
  return Buffer.concat([header, content]);
}

/** The options of SQL Server 2019: version, encryption, instance, thread, MARS. */
function prelogin(encryption: number): Buffer {
  const tokens = "00001a0006" + "0100200001" + "0200210001" + "0300220000" + "0400220001" + "ff";
  const version = "0f0007d00000";
  return Buffer.concat([Buffer.from(tokens + version, "hex"), Buffer.of(encryption, 0, 0)]);
}
