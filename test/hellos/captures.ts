import t from "tap";
import { findClients } from "../../scripts/hellos/clients.ts";
import { recordHello } from "../../scripts/hellos/listen.ts";
import { HELLO_CAPTURES, type HelloCapture } from "../../src/probe/hellos/captures.ts";
import { encodeClientHello } from "../../src/probe/tls/client-hello.ts";
import { readClientHello, type CapturedHello } from "../../src/probe/tls/client-hello-reader.ts";

const captures = Object.entries<HelloCapture>(HELLO_CAPTURES);

function read(message: Uint8Array, recordVersion: number): CapturedHello {
  const hello = readClientHello(message, recordVersion);
  if (!hello.ok) throw new Error(hello.error.message);
  return hello.value;
}

t.test("HELLO_CAPTURES encode to the bytes that the clients sent", async (t) => {
  for (const [name, { hello, recordVersion }] of captures) {
    const { shape, content } = read(Buffer.from(hello, "hex"), recordVersion);
    const encoded = Buffer.from(encodeClientHello(shape, content)).toString("hex");
    t.equal(encoded, hello, name);
    t.equal(content.serverName, "probe.example.com", `${name} asks for the name`);
  }
});

t.test("HELLO_CAPTURES are what the clients of this machine send", async (t) => {
  const { clients, missing, remove } = await findClients();
  t.teardown(remove);
  for (const [name, reason] of missing) t.comment(`${name} is not compared: ${reason}`);
  t.ok(clients.length > 0, "some client is here");
  for (const { name, version, connect } of clients) {
    const recorded = new Map(captures).get(name);
    const { message, recordVersion } = await recordHello((port) =>
      connect(port, "probe.example.com"),
    );
    const { shape } = read(message, recordVersion);
    if (recorded?.client === version)
      t.same(
        shape,
        read(Buffer.from(recorded.hello, "hex"), recorded.recordVersion).shape,
        `${name} is as recorded`,
      );
    else {
      t.comment(`${name}: recorded from ${recorded?.client}, here is ${version}`);
      t.ok(shape.cipherSuites.length > 0, `${name} can be read`);
    }
  }
});
