import { createSocket } from "node:dgram";

/** What a name server on loopback knows of a name; `silent`: it does not answer. */
export type NameServerAnswer =
  | { readonly kind: "addresses"; readonly a: readonly string[]; readonly aaaa: readonly string[] }
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "silent" };

/** A name server on loopback. */
export interface NameServer {
  /** As resolvers are written: `127.0.0.1:PORT`. */
  readonly address: string;
  close(): void;
}

/** Starts a name server that answers questions for A and AAAA records from a table; other names do not exist. */
export async function startNameServer(
  table: Readonly<Record<string, NameServerAnswer>>,
): Promise<NameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const answer = answerTo(query, table);
    if (answer !== null) socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

const TYPE_A = 1;
const TYPE_AAAA = 28;
const NAME_ERROR = 3;

function answerTo(query: Buffer, table: Readonly<Record<string, NameServerAnswer>>): Buffer | null {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const question = query.subarray(12, at + 5);
  const known = table[labels.join(".").toLowerCase()];
  if (known?.kind === "silent") return null;
  const addresses =
    known?.kind !== "addresses"
      ? []
      : type === TYPE_A
        ? known.a
        : type === TYPE_AAAA
          ? known.aaaa
          : [];
  const code = known === undefined ? NAME_ERROR : known.kind === "code" ? known.code : 0;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, question, ...addresses.map((text) => record(type, text))]);
}

function record(type: number, text: string): Buffer {
  const data =
    type === TYPE_A
      ? Buffer.from(text.split(".").map(Number))
      : Buffer.from(text.replaceAll(":", ""), "hex");
  const head = Buffer.from("c00c0000000100000001", "hex");
  head.writeUInt16BE(type, 2);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length);
  return Buffer.concat([head, length, data]);
}
