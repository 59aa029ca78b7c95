import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** A ClientHello as a listener received it. */
export interface RecordedHello {
  /** Version in the header of the first record. */
  readonly recordVersion: number;
  /** The handshake message with its header. */
  readonly message: Uint8Array;
}

const RECORD_HEADER = 5;
const HANDSHAKE = 22;
const MESSAGE_HEADER = 4;

/** Listens on loopback, lets `connect` send one client there, and returns that client's hello. */
export async function recordHello(
  connect: (port: number) => Promise<void>,
): Promise<RecordedHello> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const heard = new Promise<RecordedHello>((resolve, reject) => {
      server.on("connection", (socket) => {
        let received = Buffer.alloc(0);
        socket.on("error", () => undefined);
        socket.on("close", () => {
          reject(new Error(`The client left after ${received.length} bytes`));
        });
        socket.on("data", (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          const hello = helloIn(received);
          if (hello === null) return;
          resolve(hello);
          socket.destroy();
        });
      });
    });
    const { port } = server.address() as AddressInfo;
    const [hello] = await Promise.all([heard, connect(port)]);
    return hello;
  } finally {
    server.close();
  }
}

/** Joins the handshake records received so far; null until the first message in them is whole. */
function helloIn(received: Buffer): RecordedHello | null {
  const fragments: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER <= received.length;) {
    if (received[at] !== HANDSHAKE) break;
    const end = at + RECORD_HEADER + received.readUInt16BE(at + 3);
    fragments.push(received.subarray(at + RECORD_HEADER, end));
    at = end;
  }
  const joined = Buffer.concat(fragments);
  if (joined.length < MESSAGE_HEADER) return null;
  const length = MESSAGE_HEADER + joined.readUIntBE(1, 3);
  if (joined.length < length) return null;
  return { recordVersion: received.readUInt16BE(1), message: joined.subarray(0, length) };
}
