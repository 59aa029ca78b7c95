import { existsSync, readdirSync, statSync } from "node:fs";
import { createConnection, Server, type Socket } from "node:net";
import { join } from "node:path";
import { once } from "node:events";
import { spawn } from "node:child_process";
import t, { type Test } from "tap";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { readEstate } from "./estate.ts";

const demoModule = new URL("../../src/cli/demo/demo.ts", import.meta.url).href;

const dial = (address: string): Socket => {
  const [host = "", port = ""] = address.split(":");
  return createConnection({ host, port: Number(port) });
};

/** Makes the temporary directory of this process a fresh one for a test. */
function ownTemporaryDirectory(t: Test): string {
  const directory = t.testdir();
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = directory;
  t.teardown(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  return directory;
}

t.test("startDemo() lets only the owner read what it writes", async (t) => {
  const demo = await startDemo();
  t.teardown(() => demo.close());
  t.equal(statSync(demo.directory).mode & 0o777, 0o700);
  const files = readdirSync(demo.directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );
  t.ok(files.length > 20);
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    t.equal(statSync(path).mode & 0o777, 0o600, path.slice(demo.directory.length));
  }
});

t.test("startDemo() takes the daemon's address and the interval from its options", async (t) => {
  const demo = await startDemo({ listen: "127.0.0.1:0", every: "2s" });
  t.teardown(() => demo.close());
  const estate = readEstate(demo);
  t.equal(estate.version, 1);
  t.equal(estate.http.listen, "127.0.0.1:0");
  t.equal(estate.schedule.every, "2s");
});

t.test("startDemo() gives every estate servers of its own, on loopback", async (t) => {
  const [first, second] = await Promise.all([startDemo(), startDemo()]);
  t.teardown(() => Promise.all([first.close(), second.close()]));
  const addresses = [first, second].flatMap((demo) =>
    Object.values(readEstate(demo).endpoints).map(({ connect }) => connect),
  );
  t.equal(new Set(addresses).size, addresses.length);
  t.ok(addresses.every((address) => /^127\.0\.0\.1:[1-9]\d+$/.test(address)));
});

t.test("Demo.close() stops every server and removes the folder", async (t) => {
  const temporary = ownTemporaryDirectory(t);
  const demo = await startDemo();
  const addresses = Object.values(readEstate(demo).endpoints).map(({ connect }) => connect);
  const open = await Promise.all(
    addresses.map(async (address) => {
      const socket = dial(address);
      socket.on("error", () => socket.destroy());
      await once(socket, "connect");
      return socket;
    }),
  );
  const ended = open.map((socket) => once(socket, "close"));
  await Promise.all([demo.close(), demo.close()]);
  await demo.close();
  await Promise.all(ended);
  t.same(readdirSync(temporary), [], "no file is left");
  for (const address of addresses) {
    const [error] = await once(dial(address), "error");
    t.equal(error.code, "ECONNREFUSED", address);
  }
});

t.test("startDemo() leaves nothing behind when a server cannot listen", async (t) => {
  const temporary = ownTemporaryDirectory(t);
  const listening: Server[] = [];
  const original = Object.getOwnPropertyDescriptor(Server.prototype, "listen")?.value;
  t.capture(Server.prototype, "listen", function listen(this: Server, ...args: unknown[]): Server {
    if (listening.length === 5)
      setImmediate(() => this.emit("error", new Error("No port is free")));
    else {
      listening.push(this);
      Reflect.apply(original, this, args);
    }
    return this;
  });
  await t.rejects(startDemo(), { message: "No port is free" });
  t.equal(listening.length, 5);
  t.ok(
    listening.every((server) => !server.listening),
    "the servers that had started are stopped",
  );
  t.same(readdirSync(temporary), []);
});

t.test("startDemo() says which folder it cannot write to", async (t) => {
  const temporary = ownTemporaryDirectory(t);
  process.env["TMPDIR"] = join(temporary, "missing");
  await t.rejects(startDemo(), { code: "ENOENT" });
});

t.test("startDemo() leaves nothing behind when its process ends without close()", async (t) => {
  const script = `
    const { startDemo } = await import(${JSON.stringify(demoModule)});
    const demo = await startDemo();
    process.stdout.write(demo.directory, () => process.exit(0));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let directory = "";
  child.stdout.on("data", (chunk: Buffer) => {
    directory += chunk.toString("utf8");
  });
  const [code] = await once(child, "close");
  t.equal(code, 0);
  t.match(directory, /anchorwatch-demo-/);
  t.notOk(existsSync(directory));
});

t.test("Demo.close() leaves nothing that keeps the process alive", async (t) => {
  const script = `
    const { startDemo } = await import(${JSON.stringify(demoModule)});
    const demo = await startDemo();
    await demo.close();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "close");
  t.equal(code, 0);
});
