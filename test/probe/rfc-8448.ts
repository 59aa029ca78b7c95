import { createPrivateKey, createPublicKey } from "node:crypto";
import t from "tap";
import { readHelloRecords } from "../../src/probe/tls/client-hello-reader.ts";
import { TlsClient } from "../../src/probe/tls/client.ts";
import type { EngineEvent } from "../../src/probe/tls/events.ts";
import type { HelloShape } from "../../src/probe/tls/hello-shape.ts";
import { type KeyPair, keyShareOf } from "../../src/probe/tls/key-agreement.ts";
import { RETRY, SIMPLE, type Trace } from "./rfc-8448-traces.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const base64url = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");

function keyPair({ curve, privateKey: d, publicKey }: Trace["keys"][number]): KeyPair {
  const jwk =
    curve === "X25519"
      ? { kty: "OKP", crv: curve, d: base64url(d), x: base64url(publicKey) }
      : {
          kty: "EC",
          crv: curve,
          d: base64url(d),
          x: base64url(publicKey.slice(2, 66)),
          y: base64url(publicKey.slice(66)),
        };
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Takes the trace's last hello apart, which has everything that any of them has. */
function captured({ client }: Trace, hello: number) {
  const read = readHelloRecords(bytes(client[hello] ?? ""));
  if (!read.ok || read.value === null) throw new Error("The trace has no hello");
  return read.value;
}

/** Has the conversation of a trace and tells what the client sent after each of the server's records. */
function converse(trace: Trace, shape: HelloShape, random: Uint8Array) {
  const keys = [...trace.keys];
  const engine = new TlsClient({
    shape,
    serverName: "server",
    readsOn: true,
    entropy: {
      random: () => random,
      keyShare: (group) => {
        const key = keys.shift();
        if (key === undefined) throw new Error(`No key is left for ${group.name}`);
        return keyShareOf(group, [keyPair(key)]);
      },
    },
  });
  const sent: string[] = [];
  const events: EngineEvent[] = [];
  for (const step of [
    () => engine.start(),
    ...trace.server.map((record) => () => engine.receive(bytes(record))),
  ]) {
    const { output, events: fresh } = step();
    events.push(...fresh);
    if (output !== null && !engine.ended) sent.push(Buffer.from(output).toString("hex"));
  }
  return { sent, events };
}

t.test("TlsClient repeats the conversation of RFC 8448 section 3 byte for byte", async (t) => {
  const { shape, content } = captured(SIMPLE, 0);
  const { sent, events } = converse(SIMPLE, shape, content.random);
  t.same(sent, SIMPLE.client);
  t.match(
    events.filter(({ kind }) => kind === "ticket"),
    [{ kind: "ticket", ticket: { lifetime: 30, length: 178, maxEarlyData: 1024 } }],
  );
  t.match(events.at(-1), { kind: "complete" });
  t.same(
    events.flatMap((event) =>
      event.kind === "extensions"
        ? event.extensions.map(({ message, name, length }) => `${message} ${name} ${length}`)
        : [],
    ),
    [
      "ServerHello key_share 36",
      "ServerHello supported_versions 2",
      "EncryptedExtensions supported_groups 20",
      "EncryptedExtensions record_size_limit 2",
      "EncryptedExtensions server_name 0",
      "NewSessionTicket early_data 4",
    ],
  );
});

t.test("TlsClient repeats the retry of RFC 8448 section 5 byte for byte", async (t) => {
  // The second hello lists where the cookie and the padding go; the first has a share of another group.
  const { shape, content } = captured(RETRY, 1);
  t.same(shape.extensions, [0, 0xff01, 10, 51, 43, 13, 44, 45, 28, 21]);
  const first = { ...shape, recordVersion: 0x0301, keyShares: [0x001d] };
  const { sent, events } = converse(RETRY, first, content.random);
  t.same(sent, RETRY.client);
  t.match(
    events.find(({ kind }) => kind === "retry"),
    { retry: { group: "secp256r1", cookieLength: 114 } },
  );
  t.match(events.at(-1), { kind: "finished" });
});
