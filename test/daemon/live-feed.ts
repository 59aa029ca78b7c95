import { once } from "node:events";
import { connect, type Socket } from "node:net";
import t, { type Test } from "tap";
import { WebSocket } from "ws";
import { NOW } from "./fake-clock.ts";
import { eventually } from "./fixture.ts";
import { sampleInventory, startServer } from "./http-fixture.ts";
import { link } from "./samples.ts";

interface Message {
  readonly type: string;
  readonly sequence: number;
  readonly links?: readonly { readonly client: string; readonly state: string }[];
  readonly link?: { readonly client: string; readonly state: string };
}

const events = (url: string): string => `${url.replace("http:", "ws:")}api/v1/events`;

/** A reader that keeps what it is told. */
const reader = (t: Test, url: string, origin?: string, query = "") => {
  const socket = new WebSocket(events(url) + query, origin === undefined ? {} : { origin });
  const messages: Message[] = [];
  socket.on("message", (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  socket.on("error", () => {});
  t.teardown(() => socket.terminate());
  const message = (index: number): Promise<Message> => eventually(async () => messages[index]);
  return { socket, messages, message };
};

/** The status with which an upgrade is answered. */
const refusal = async (
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  const lines = Object.entries({
    Host: host,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const [data] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return data.toString();
};

void t.test("LiveFeed tells the whole first and every change after it", async (t) => {
  const { server, state } = await startServer(t);
  const { message } = reader(t, server.url);
  const first = await message(0);
  t.match(first, { type: "snapshot", sequence: 1, links: [{ client: "pfs", state: "pending" }] });
  state.put(link({ state: "broken", ok: false }));
  t.match(await message(1), {
    type: "link",
    sequence: 2,
    link: { client: "pfs", state: "broken" },
  });
  state.put(link());
  t.match(await message(2), { type: "link", sequence: 3, link: { state: "ok" } });
  state.adopt(sampleInventory(["pfs", "gateway"]));
  t.match(await message(3), {
    type: "snapshot",
    sequence: 4,
    links: [
      { client: "pfs", state: "ok" },
      { client: "gateway", state: "pending" },
    ],
  });
});

void t.test("LiveFeed takes readers from its own page and from programs only", async (t) => {
  const { server } = await startServer(t);
  const own = reader(t, server.url, new URL(server.url).origin);
  t.equal((await own.message(0)).type, "snapshot");
  const program = reader(t, server.url);
  t.equal((await program.message(0)).type, "snapshot");
  for (const origin of [
    "http://evil.example",
    "https://127.0.0.1",
    "null",
    "http://127.0.0.1:1",
    `${new URL(server.url).origin}.evil.example`,
  ])
    t.match(
      await refusal(server.url, "/api/v1/events", { Origin: origin }),
      /^HTTP\/1\.1 403 /,
      origin,
    );
  t.match(
    await refusal(server.url, "/api/v1/events", { Host: "evil.example" }),
    /^HTTP\/1\.1 421 /,
  );
  const missing = await refusal(server.url, "/elsewhere");
  t.match(missing, /^HTTP\/1\.1 404 /);
  t.match(missing, /content-security-policy: default-src 'none'/);
});

void t.test("LiveFeed takes no more readers than its limit", async (t) => {
  const { server, feed } = await startServer(t, { limits: { readers: 2 } });
  const readers = [reader(t, server.url), reader(t, server.url)];
  for (const each of readers) await each.message(0);
  t.match(await refusal(server.url, "/api/v1/events"), /^HTTP\/1\.1 503 /);
  readers[0]?.socket.close();
  await eventually(async () => (feed.readers === 1 ? true : undefined));
  const next = reader(t, server.url);
  t.equal((await next.message(0)).type, "snapshot");
});

void t.test("LiveFeed cuts off a reader that sends too much", async (t) => {
  const { server, feed } = await startServer(t);
  const { socket, message } = reader(t, server.url);
  await message(0);
  socket.send("x".repeat(100_000));
  const [code] = (await once(socket, "close")) as [number];
  t.equal(code, 1009);
  await eventually(async () => (feed.readers === 0 ? true : undefined));
});

/** A reader that has stopped reading: the system's buffers fill, then the server's. */
const stalledReader = async (t: Test, url: string): Promise<Socket> => {
  const { socket, message } = reader(t, url);
  await message(0);
  const transport = Reflect.get(socket, "_socket") as Socket;
  transport.pause();
  return transport;
};

const large = (index: number) =>
  link({ since: NOW + index, labels: { filler: `${index} ${"x".repeat(100_000)}` } });

void t.test(
  "LiveFeed gives a reader that fell behind the whole again, not every change",
  async (t) => {
    const { server, state } = await startServer(t, { limits: { buffered: 200_000 } });
    const slow = reader(t, server.url);
    const quick = reader(t, server.url);
    await Promise.all([slow.message(0), quick.message(0)]);
    const transport = Reflect.get(slow.socket, "_socket") as Socket;
    transport.pause();
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 500; index++) {
      state.put(large(index));
      if (index % 10 === 9) await quick.message(1 + index);
    }
    t.ok(process.memoryUsage().arrayBuffers - before < 25_000_000, "50 MB were not kept for it");
    t.equal(quick.messages.length, 501, "others are told everything");
    transport.resume();
    await eventually(async () =>
      slow.messages.findLast(
        ({ type, sequence }) => type === "snapshot" && sequence === state.sequence,
      ),
    );
    t.ok(slow.messages.length < 400, `${slow.messages.length} of 501 messages`);
    state.put(link({ state: "broken" }));
    await eventually(async () => slow.messages.find(({ link: told }) => told?.state === "broken"));
    t.pass("and changes reach it again");
  },
);

void t.test("LiveFeed cuts off a reader that takes nothing", async (t) => {
  const { server, state, feed } = await startServer(t, {
    limits: { buffered: 1000, patience: 200 },
  });
  await stalledReader(t, server.url);
  for (let index = 0; index < 200; index++) state.put(large(index));
  await eventually(async () => (feed.readers === 0 ? true : undefined));
  t.pass("it is gone");
});

void t.test("LiveFeed keeps a reader that answers, and cuts off one that does not", async (t) => {
  const { server, feed } = await startServer(t, { limits: { patience: 50 } });
  const alive = reader(t, server.url);
  await alive.message(0);
  await stalledReader(t, server.url);
  await eventually(async () => (feed.readers === 1 ? true : undefined));
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.equal(feed.readers, 1);
  t.equal(alive.socket.readyState, WebSocket.OPEN);
});

interface Told extends Message {
  readonly stream?: string;
  readonly alerts?: readonly unknown[];
}

/** A reader that comes back. */
const returning = (t: Test, url: string, since: number, stream: string) =>
  reader(t, url, undefined, `?since=${since}&stream=${stream}`);

void t.test("LiveFeed tells a reader that comes back what it missed, and no more", async (t) => {
  const { server, state } = await startServer(t);
  const first = reader(t, server.url);
  const { sequence, stream = "", alerts } = (await first.message(0)) as Told;
  t.same(alerts, []);
  first.socket.terminate();
  state.put(link({ state: "broken" }));
  state.put(link({ state: "ok" }));
  const second = returning(t, server.url, sequence, stream);
  t.match(await second.message(0), { type: "resumed", sequence: sequence + 2, stream });
  t.match(await second.message(1), { type: "link", sequence: sequence + 1 });
  t.match(await second.message(2), { type: "link", sequence: sequence + 2 });
  const third = returning(t, server.url, sequence + 2, stream);
  t.match(await third.message(0), { type: "resumed" });
  state.put(link({ state: "warning" }));
  t.match(await third.message(1), { type: "link", sequence: sequence + 3 });
});

void t.test("LiveFeed gives the whole where what was missed is not known", async (t) => {
  const { server, state } = await startServer(t, { limits: { kept: 3 } });
  const { sequence, stream = "" } = (await reader(t, server.url).message(0)) as Told;
  for (let index = 0; index < 5; index++) state.put(link({ since: NOW + index }));
  for (const [since, of, what] of [
    [sequence, stream, "a gap"],
    [sequence + 2, "another", "another start of the daemon"],
    [sequence + 100, stream, "a number that was never told"],
  ] as const)
    t.match(await returning(t, server.url, since, of).message(0), { type: "snapshot" }, what);
  t.match(await returning(t, server.url, sequence + 2, stream).message(0), { type: "resumed" });
  state.adopt(sampleInventory(["pfs", "gateway"]));
  const after = returning(t, server.url, sequence + 5, stream);
  t.match(await after.message(0), { type: "snapshot" }, "links came and went");
  for (const query of ["?since=x&stream=a", "?since=1", "?since=-1&stream=a"])
    t.match(await refusal(server.url, `/api/v1/events${query}`), /^HTTP\/1\.1 400 /, query);
});

void t.test(
  "LiveFeed writes a long snapshot frame by frame, and what came meanwhile after it",
  async (t) => {
    const { server, state } = await startServer(t);
    const clients = Array.from({ length: 3000 }, (_, index) => `client-${index}`);
    state.adopt(sampleInventory(clients));
    const { message, socket } = reader(t, server.url);
    await once(socket, "open");
    state.put(link({ client: "client-7", state: "broken" }));
    const snapshot = await message(0);
    t.equal(snapshot.links?.length, 3000);
    const change = await eventually(async () =>
      snapshot.links?.[7]?.state === "broken" ? snapshot : await message(1),
    );
    t.ok(change, "the change is in the whole or follows it");
    state.put(link({ client: "client-8", state: "broken" }));
    await message(change === snapshot ? 1 : 2);
  },
);
