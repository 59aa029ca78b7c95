import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { keyPem, smallPki } from "../daemon/fixture.ts";
import { requireTool } from "../tools.ts";
import { repository, run } from "./run.ts";

const unit = readFileSync(join(repository, "deploy", "anchorwatch.service"), "utf8");
const image = readFileSync(join(repository, "deploy", "Dockerfile"), "utf8");

t.test("anchorwatch.service is a sound unit that may do little", async (t) => {
  const analyze = requireTool(t, "systemdAnalyze");
  if (analyze === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-unit-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "anchorwatch.service");
  // the program need not be installed where the unit is looked at
  writeFileSync(file, unit.replace("/usr/bin/anchorwatch", "/bin/true"));
  const verified = run(analyze, ["verify", "--man=no", file]);
  t.equal(verified.code, 0);
  t.equal(verified.stderr, "");
  writeFileSync(join(folder, "broken.service"), unit.replace("Type=notify", "Type=notice"));
  t.match(
    run(analyze, ["verify", "--man=no", join(folder, "broken.service")]).stderr,
    /service type/,
  );
  const { stdout } = run(analyze, ["security", "--offline=true", "--no-pager", file]);
  const exposure = Number(/exposure level for anchorwatch\.service: ([\d.]+)/.exec(stdout)?.[1]);
  t.ok(exposure < 2, `exposure ${exposure} of 10`);
});

t.test("anchorwatch.service tells systemd when it is ready and how it reloads", async (t) => {
  for (const line of [
    "Type=notify",
    "NotifyAccess=all",
    "ExecReload=/bin/kill -HUP $MAINPID",
    "DynamicUser=yes",
    "ProtectSystem=strict",
  ])
    t.ok(unit.split("\n").includes(line), line);
});

t.test("Dockerfile asks after the daemon's health with TLS and without", async (t) => {
  const [, json = ""] = /^ +CMD (\["node", "-e", .*\])$/m.exec(image) ?? [];
  const [, ...args] = JSON.parse(json) as readonly string[];
  const issued = smallPki().leaf;
  const tls = { key: keyPem(issued), cert: issued.pem };
  const answer = (status: number): RequestListener => {
    return ({ url }, response) => response.writeHead(url === "/healthz" ? status : 404).end();
  };
  for (const [server, healthy] of [
    [createServer(answer(200)), true],
    [createServer(answer(503)), false],
    [createTlsServer(tls, answer(200)), true],
    [createTlsServer(tls, answer(503)), false],
  ] as const) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const asked = args.map((arg) => arg.replace("9643", String(port)));
    const child = spawn(process.execPath, asked, { stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number];
    t.equal(code === 0, healthy);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    if (healthy) t.not(run(process.execPath, asked).code, 0, "nothing answers any more");
  }
});

t.test("Dockerfile runs the package as nobody in particular", async (t) => {
  const stages = image.split(/^FROM /m).slice(1);
  const last = stages.at(-1) ?? "";
  t.equal(stages.length, 2, "one builds, one runs");
  for (const stage of stages) t.match(stage, /^node:\d+-\S+/, "a stated version of the runtime");
  t.match(last, /^USER 65532:65532$/m);
  t.match(last, /^ENTRYPOINT \["anchorwatch"\]$/m);
  t.match(last, /^HEALTHCHECK /m);
  t.notMatch(last, /^(?:ADD|COPY) /m, "no sources, no build tools");
  const ignored = readFileSync(join(repository, ".dockerignore"), "utf8").split("\n");
  for (const name of [".git", "node_modules", "anchorwatch.db*"])
    t.ok(ignored.includes(name), name);
});
