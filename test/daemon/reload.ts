import { join } from "node:path";
import t from "tap";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { judgedLinks, smallPki, startDaemon, tlsServer, writeFiles } from "./fixture.ts";

void t.test("RunningDaemon.reload() waits for the start, whose estate comes first", async (t) => {
  const { root, leaf } = smallPki();
  const port = await tlsServer(t, leaf);
  const estate = (names: readonly string[], more = ""): string => `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${names.map((name) => `  ${name}: { url: "https://localhost:${port}", connect: 127.0.0.1 }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
${more}`;
  const folder = t.testdir({ "root.pem": root.pem, secret: "s".repeat(40) });
  const file = join(folder, "anchorwatch.yaml");
  const hook =
    'notify: { hook: { webhook: { url: "http://127.0.0.1:9/", secret: { file: secret } } } }';
  writeFiles(folder, { "anchorwatch.yaml": estate(["first"], hook) });
  const slow = Promise.withResolvers<void>();
  const daemon = await startDaemon(t, file, {
    watchInterval: 1e9,
    readers: {
      ...systemReaders,
      // what the first estate needs takes long
      secret: async (reference) => {
        await slow.promise;
        return systemReaders.secret(reference);
      },
    },
  });
  writeFiles(folder, { "anchorwatch.yaml": estate(["first", "second"]) });
  const reloaded = daemon.reload();
  setTimeout(slow.resolve, 100);
  t.ok(await reloaded);
  t.same(
    (await judgedLinks(daemon.url)).map(({ endpoint, state }) => `${endpoint} ${state}`),
    ["first ok", "second ok"],
  );
});
