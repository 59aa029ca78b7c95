import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { WebSocket } from "ws";
import { eventually, judgedLinks, linkWhere, smallPki, tlsServer, writeFiles } from "./fixture.ts";
import { startScript } from "./processes.ts";

const estate = (endpoints: Readonly<Record<string, number>>): string => `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${Object.entries(endpoints)
  .map(([name, port]) => `  ${name}: { url: "https://localhost:${port}", connect: 127.0.0.1 }`)
  .join("\n")}
links: [{ from: app, to: [${Object.keys(endpoints).join(", ")}] }]
schedule: { timeout: 60s }
`;

void t.test("runDaemon() ends at once with probes and connections open", async (t) => {
  const silentServer = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => silentServer.listen(0, "127.0.0.1", resolve));
  t.teardown(() => silentServer.close());
  const { port } = silentServer.address() as AddressInfo;
  const folder = t.testdir();
  const { root } = smallPki();
  writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate({ mute: port }) });
  const { child, output, errors, ended } = startScript(t, "child.ts", [
    join(folder, "anchorwatch.yaml"),
  ]);
  const url = await eventually(async () => /http\S+/.exec(output())?.[0]);
  await eventually(async () => {
    const metrics = await (await fetch(`${url}metrics`)).text();
    return /^anchorwatch_scheduler_in_flight 1$/m.test(metrics) ? true : undefined;
  });
  const socket = new WebSocket(`${url.replace("http", "ws")}api/v1/events`);
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("message", resolve));
  const idle = connect(Number(new URL(url).port), "127.0.0.1");
  idle.on("error", () => {});
  idle.write("GET /healthz HTTP/1.1\r\n");
  const begun = performance.now();
  child.kill("SIGTERM");
  t.same(await ended, { code: 0, signal: null });
  t.ok(performance.now() - begun < 30_000, "long before the probe would have ended by itself");
  t.match(errors(), /"msg":"Stopped"/);
});

void t.test("runDaemon() loads the estate again on SIGHUP and tells systemd", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const port = await tlsServer(t, leaf);
  const file = join(folder, "anchorwatch.yaml");
  const told = join(folder, "told.txt");
  writeFiles(folder, {
    "root.pem": root.pem,
    "anchorwatch.yaml": estate({ first: port }),
    "told.txt": "",
    // the beginning of a reload is told slowly, and first all the same
    "systemd-notify": `#!/bin/sh\n[ "$1" = --reloading ] && sleep 0.5\necho "$1" >> ${told}\n`,
  });
  chmodSync(join(folder, "systemd-notify"), 0o755);
  const { child, output, ended } = startScript(t, "child.ts", [file], {
    NOTIFY_SOCKET: join(folder, "socket"),
    WATCHDOG_USEC: "2000000",
    PATH: `${folder}:${process.env["PATH"] ?? ""}`,
  });
  const url = await eventually(async () => /http\S+/.exec(output())?.[0]);
  t.match(await judgedLinks(url), [{ endpoint: "first", state: "ok" }]);
  writeFileSync(file, estate({ first: port, second: port }));
  child.kill("SIGHUP");
  t.match(await linkWhere(url, (link) => link.endpoint === "second" && link.state !== "pending"), {
    state: "ok",
  });
  await eventually(async () =>
    /--reloading\n(?:.*\n)*--ready\n/.test(readFileSync(told, "utf8")) ? true : undefined,
  );
  child.kill("SIGTERM");
  await ended;
  const lines = await eventually(async () => {
    const seen = readFileSync(told, "utf8").trim().split("\n");
    return seen.includes("--stopping") ? seen : undefined;
  });
  const states = lines.filter((line) => line.startsWith("--"));
  t.same(states, ["--ready", "--reloading", "--ready", "--stopping"]);
  t.ok(lines.includes("WATCHDOG=1"), "it says that it lives");
});

void t.test("runDaemon() says what is wrong with its estate and does not start", async (t) => {
  const folder = t.testdir({ "anchorwatch.yaml": "version: 1\nlinks: [{ from: a, to: b }]\n" });
  const { errors, ended } = startScript(t, "child.ts", [join(folder, "anchorwatch.yaml")]);
  t.equal((await ended).code, 64);
  t.match(errors(), /anchorwatch\.yaml:2:17 links\[0\]\.from: Unknown client "a"/);
  t.match(errors(), /anchorwatch\.yaml:2:24 links\[0\]\.to: Unknown endpoint "b"/);
});
