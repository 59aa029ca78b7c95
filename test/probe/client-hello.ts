import t from "tap";
import { Cursor } from "../../src/probe/tls/cursor.ts";
import { ExtensionType, readExtensions } from "../../src/probe/tls/extensions.ts";
import { WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { TlsClient } from "../../src/probe/tls/client.ts";
import type { ClientOptions } from "../../src/probe/tls/client-options.ts";
import { records } from "./rewrite.ts";

/** Reads the hello that a client with these options sends first. */
function helloOf(options: ClientOptions) {
  const { output } = new TlsClient(options).start();
  const [record, ...rest] = records(output ?? new Uint8Array());
  if (record === undefined || rest.length > 0) throw new Error("The hello is not one record");
  const cursor = new Cursor(record.fragment);
  const type = cursor.uint8("type");
  const body = cursor.list24("ClientHello");
  cursor.finish("record");
  const version = body.uint16("version");
  const random = body.take(32, "random");
  const sessionId = body.vector8("session");
  const suites = codes(body.list16("suites"));
  const compression = body.vector8("compression");
  const extensions = readExtensions(body, "ClientHello");
  body.finish("ClientHello");
  return { record, type, version, random, sessionId, suites, compression, extensions };
}

function codes(cursor: Cursor): readonly number[] {
  const list: number[] = [];
  while (!cursor.done) list.push(cursor.uint16("code"));
  return list;
}

t.test("TlsClient.start() makes a hello that holds what its shape says", async (t) => {
  const hello = helloOf({ serverName: "example.com", alpn: ["h2", "http/1.1"] });
  t.same([...hello.record.header.subarray(0, 3)], [22, 3, 1], "a record that old servers read");
  t.equal(hello.type, 1);
  t.equal(hello.version, 0x0303);
  t.equal(hello.sessionId.length, 32, "compatibility mode");
  t.same([...hello.compression], [0]);
  t.same(hello.suites, WIDE_HELLO.cipherSuites);
  const sent = [...hello.extensions.keys()];
  t.same(
    sent,
    WIDE_HELLO.extensions.filter((type) => type !== ExtensionType.cookie),
    "all extensions, in order",
  );
  const name = Buffer.from(hello.extensions.get(ExtensionType.serverName) ?? []);
  t.equal(name.subarray(5).toString(), "example.com");
  const alpn = Buffer.from(hello.extensions.get(ExtensionType.alpn) ?? []);
  t.equal(alpn.toString("latin1"), "\0\x0c\x02h2\x08http/1.1");
  const shares = new Cursor(hello.extensions.get(ExtensionType.keyShare) ?? new Uint8Array());
  const list = shares.list16("shares");
  t.equal(list.uint16("group"), 0x001d);
  t.equal(list.vector16("x25519").length, 32);
  t.equal(list.uint16("group"), 0x0017);
  t.equal(list.vector16("secp256r1").length, 65);
  t.ok(list.done);
});

t.test("TlsClient.start() leaves out what it has nothing to say in", async (t) => {
  const { extensions } = helloOf({});
  t.notOk(extensions.has(ExtensionType.serverName));
  t.notOk(extensions.has(ExtensionType.alpn));
  t.equal(extensions.get(ExtensionType.sessionTicket)?.length, 0, "asks for a ticket, has none");
  t.notOk(extensions.has(ExtensionType.preSharedKey), "offers no resumption");
});

t.test("TlsClient.start() never sends the same random values or shares twice", async (t) => {
  const hellos = Array.from({ length: 20 }, () => helloOf({}));
  for (const read of [
    (hello: ReturnType<typeof helloOf>) => hello.random,
    (hello: ReturnType<typeof helloOf>) => hello.sessionId,
    (hello: ReturnType<typeof helloOf>) => hello.extensions.get(ExtensionType.keyShare),
  ])
    t.equal(
      new Set(hellos.map((hello) => Buffer.from(read(hello) ?? []).toString("hex"))).size,
      20,
    );
});

t.test("TlsClient.start() follows another shape", async (t) => {
  const hello = helloOf({
    shape: {
      ...WIDE_HELLO,
      versions: [0x0303],
      cipherSuites: [0xc02f, 0x009c],
      groups: [0x0018],
      keyShares: [],
      extensions: [ExtensionType.supportedGroups, ExtensionType.signatureAlgorithms],
    },
  });
  t.same(hello.suites, [0xc02f, 0x009c]);
  t.same([...hello.extensions.keys()], [10, 13]);
  t.same([...(hello.extensions.get(10) ?? [])], [0, 2, 0, 0x18]);
});
