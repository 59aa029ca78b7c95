import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { LinkJson } from "../../../src/daemon/link-json.ts";
import {
  eventually,
  judgedLinks,
  linkWhere,
  smallPki,
  startDaemon,
  tlsServer,
  writeFiles,
} from "../fixture.ts";

/** A server that sends one octet at a time of what might become a handshake, for ever. */
const tricklingServer = async (t: Test): Promise<number> => {
  const server = createServer((socket) => {
    const record = Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3f, 0xfc]);
    let at = 0;
    const timer = setInterval(() => {
      socket.write(Buffer.from([record[at++] ?? 0]));
    }, 20);
    socket.on("error", () => {});
    socket.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
};

void t.test("runDaemon() gives up on servers that trickle, and delays no other", async (t) => {
  const { root, leaf } = smallPki();
  const [slow, good] = [await tricklingServer(t), await tlsServer(t, leaf)];
  const bad = Array.from({ length: 6 }, (_, index) => `bad${index}`);
  const folder = t.testdir({
    "root.pem": root.pem,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${bad.map((name) => `  ${name}: { url: "https://localhost:${slow}", connect: "127.0.0.1:${slow}", every: 1s, timeout: 1s }`).join("\n")}
  good: { url: "https://localhost:${good}", connect: 127.0.0.1, every: 1s }
links: [{ from: app, to: [good, ${bad.join(", ")}] }]
`,
  });
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
  const first = await linkWhere(
    url,
    ({ endpoint, state }) => endpoint === "good" && state === "ok",
  );
  const links = await judgedLinks(url);
  t.match(
    links.filter(({ endpoint }) => endpoint !== "good"),
    bad.map(() => ({ state: "broken", findings: [{ code: "topology.timeout" }] })),
  );
  await linkWhere(
    url,
    ({ endpoint, checkedAt }) =>
      endpoint === "good" && Date.parse(checkedAt ?? "") > Date.parse(first.checkedAt ?? "") + 1500,
  );
});

void t.test(
  "runDaemon() keeps its estate through a storm of wrong reloads under load",
  async (t) => {
    const { root, leaf } = smallPki();
    const port = await tlsServer(t, leaf);
    const folder = t.testdir({ page: { "index.html": "" } });
    const file = join(folder, "anchorwatch.yaml");
    const names = Array.from({ length: 30 }, (_, index) => `e${index}`);
    const estate = (count: number, more = ""): string => `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${names
  .slice(0, count)
  .map((name) => `  ${name}: { url: "https://localhost:${port}", connect: 127.0.0.1, every: 1s }`)
  .join("\n")}
links: [{ from: app, to: [${names.slice(0, count).join(", ")}] }]
${more}`;
    const wrong = [
      "version: 1\nlinks: [{ from: nobody, to: nowhere }]\n",
      "{{{",
      estate(30).replace("root.pem", "missing.pem"),
      estate(30, "schedule: { every: never }\n"),
      "",
    ];
    writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate(30) });
    const daemon = await startDaemon(t, file, {
      watchInterval: 1e9,
      pageFolder: join(folder, "page"),
    });
    const { url } = daemon;
    await judgedLinks(url);
    const shown = async (): Promise<readonly LinkJson[]> =>
      (
        (await (await fetch(`${url}api/v1/links?limit=1000`)).json()) as {
          readonly links: readonly LinkJson[];
        }
      ).links;
    for (let round = 0; round < 20; round++) {
      writeFileSync(file, wrong[round % wrong.length] ?? "");
      const [taken, links] = await Promise.all([daemon.reload(), shown()]);
      t.notOk(taken, `round ${round}`);
      t.equal(links.length, 30);
      t.ok(
        links.every(({ state }) => state === "ok"),
        "what was seen stays",
      );
    }
    const health = async (): Promise<string> => (await fetch(`${url}healthz`)).text();
    t.match(await health(), /estate-refused/);
    t.match(
      await (await fetch(`${url}metrics`)).text(),
      /^anchorwatch_estate_loads_total\{outcome="refused"\} 20$/m,
    );
    const before = Date.now();
    await linkWhere(url, ({ checkedAt }) => Date.parse(checkedAt ?? "") > before);
    writeFileSync(file, estate(10));
    t.ok(await daemon.reload());
    t.equal((await shown()).length, 10, "the right one is taken whole");
    t.notMatch(await eventually(async () => (await health()) || undefined), /estate-refused/);
  },
);
