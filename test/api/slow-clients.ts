import { once } from "node:events";
import { connect, type Socket } from "node:net";
import t, { type Test } from "tap";
import { ask, startServer } from "../daemon/http-fixture.ts";
import { eventually } from "../daemon/fixture.ts";

const QUICK = { requestTimeout: 300, idleTimeout: 400 };

/** A connection that keeps what it was told. */
const open = async (t: Test, url: string) => {
  const socket: Socket = connect(Number(new URL(url).port), "127.0.0.1");
  let text = "";
  socket.on("data", (data: Buffer) => {
    text += data.toString();
  });
  socket.on("error", () => {});
  t.teardown(() => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  return { socket, closed, text: () => text };
};

/** Writes one character after the other until the connection is gone. */
const trickle = (socket: Socket, text: string): void => {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) clearInterval(timer);
    else socket.write(text[at++] ?? "");
  }, 20);
  socket.once("close", () => clearInterval(timer));
};

t.test("startHttpServer() cuts off who sends a header slowly", async (t) => {
  const { server } = await startServer(t, { http: QUICK });
  const { socket, closed, text } = await open(t, server.url);
  trickle(socket, `GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ${"a".repeat(1000)}`);
  await closed;
  t.match(text(), /^(HTTP\/1\.1 408 |$)/);
});

t.test("startHttpServer() cuts off who sends a body slowly", async (t) => {
  const { server } = await startServer(t, { http: QUICK });
  const { socket, closed, text } = await open(t, server.url);
  socket.write(
    "POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n",
  );
  trickle(socket, "x".repeat(9000));
  await closed;
  t.match(text(), /^HTTP\/1\.1 408 /);
});

t.test("startHttpServer() cuts off who says nothing", async (t) => {
  const { server } = await startServer(t, { http: QUICK });
  const { closed, text } = await open(t, server.url);
  await closed;
  t.match(text(), /^(HTTP\/1\.1 408 |$)/);
});

/** Asks again until there is an answer instead of a cut connection. */
const answered = (url: string): Promise<number> =>
  eventually(() =>
    ask(url, "/healthz").then(
      ({ status }) => status,
      () => undefined,
    ),
  );

t.test("startHttpServer() cuts off who takes no answer", async (t) => {
  const page = new Map([
    ["/", { type: "text/html", body: Buffer.alloc(2 ** 24, "a"), etag: '"a"' }],
  ]);
  const { server } = await startServer(t, { page, http: { ...QUICK, connectionsPerPlace: 1 } });
  const { socket } = await open(t, server.url);
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  t.equal(await answered(server.url), 200, "its place is free again");
});

t.test("startHttpServer() cuts off a refused upgrade that is never closed", async (t) => {
  const { server } = await startServer(t);
  const { socket, closed, text } = await open(t, server.url);
  socket.write(
    "GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  const told = await eventually(async () => (text() === "" ? undefined : text()));
  t.match(told, /^HTTP\/1\.1 404 /);
  await closed;
});

t.test("startHttpServer() takes only so many connections of one place", async (t) => {
  const { server } = await startServer(t, { http: { connectionsPerPlace: 5 } });
  const held = await Promise.all(Array.from({ length: 5 }, () => open(t, server.url)));
  const sixth = await open(t, server.url);
  await sixth.closed;
  t.equal(sixth.text(), "");
  held[0]?.socket.destroy();
  await held[0]?.closed;
  const status = await answered(server.url);
  t.equal(status, 200, "a place that is free again is taken");
});

t.test("startHttpServer() reads no request two ways", async (t) => {
  const { server } = await startServer(t);
  for (const headers of [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding: chunked, identity",
    "Host: evil.example",
    "X-A: b\nX-C: d\r\n\tfolded",
    "X-Null: a\0b",
  ]) {
    const { socket, closed, text } = await open(t, server.url);
    socket.write(`POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n0\r\n\r\n`);
    await closed;
    t.match(text(), /^HTTP\/1\.1 4\d\d /, JSON.stringify(headers));
    t.equal(text().match(/HTTP\/1\.1/g)?.length, 1, "one answer");
  }
});
