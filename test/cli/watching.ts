import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { anchorwatch, linesOf, outcomeOf, startCommand } from "./command.ts";
import { listen } from "./servers.ts";
import { startDemo } from "../../src/cli/demo/demo.ts";

t.test(
  "daemon tells every mistake in the estate with file, line and column, and exits with 64",
  async (t) => {
    const directory = t.testdir({
      "anchorwatch.yaml": [
        "version: 1",
        "truststores:",
        "  roots: { pth: roots.pem }",
        "clients:",
        "  pfs: { profile: openjdk-7, trust: [root] }",
        "links:",
        "  - { from: pfs, to: [nowhere] }",
        "",
      ].join("\n"),
      "broken.yaml": "version: 1\n  clients: [\n",
      "empty.yaml": "",
      "other.yaml": "- a\n- b\n",
      "secret.yaml": "version: 1\ntruststores:\n  a: { path: a.p12, password: hunter2-literal }\n",
      folder: {},
    });
    const daemon = (...args: readonly string[]): ReturnType<typeof anchorwatch> =>
      anchorwatch(["daemon", ...args], { cwd: directory });

    await t.test("daemon finds the estate in the working directory", async (t) => {
      const { code, stdout, stderr } = await daemon();
      t.equal(code, 64);
      t.equal(stdout, "");
      const [first, ...places] = linesOf(stderr);
      t.equal(first, "anchorwatch: 5 mistakes");
      t.same(
        places.map((line) => /^anchorwatch\.yaml:\d+:\d+ \S+/.exec(line)?.[0]),
        [
          "anchorwatch.yaml:3:3 truststores.roots.path:",
          "anchorwatch.yaml:3:12 truststores.roots.pth:",
          "anchorwatch.yaml:5:19 clients.pfs.profile:",
          "anchorwatch.yaml:5:38 clients.pfs.trust[0]:",
          "anchorwatch.yaml:7:23 links[0].to[0]:",
        ],
      );
      t.match(stderr, 'Unknown key "pth" (Did you mean path?)');
    });

    const cases: readonly (readonly [words: string, file: string, said: string | RegExp])[] = [
      ["an estate that is no YAML", "broken.yaml", /broken\.yaml:\d+:\d+: Not YAML/],
      ["an empty estate", "empty.yaml", 'empty.yaml:1:1 version: Missing key "version"'],
      ["another document", "other.yaml", /other\.yaml:1:1/],
      ["a missing estate", "missing.yaml", "missing.yaml: Estate file does not exist"],
      ["a folder", "folder", "folder"],
      ["a literal password", "secret.yaml", /secret\.yaml:3:\d+ truststores\.a\.password/],
    ];
    for (const [words, file, said] of cases)
      await t.test(`daemon refuses ${words}`, async (t) => {
        const { code, stdout, stderr } = await daemon("--estate", file);
        t.equal(code, 64);
        t.equal(stdout, "");
        t.match(stderr, said);
        t.match(stderr, /^anchorwatch: /);
        t.notMatch(stderr, "hunter2-literal");
      });
  },
);

t.test("daemon refuses addresses on which it cannot or must not listen", async (t) => {
  const demo = await startDemo({ listen: "127.0.0.1:0" });
  t.teardown(() => demo.close());
  const taken = await listen(t, () => undefined);
  const cases: readonly (readonly [listen: string, said: string])[] = [
    [`127.0.0.1:${taken}`, `Another program listens on 127.0.0.1:${taken} already`],
    ["0.0.0.0:0", "Use a loopback address"],
    ["nonsense", 'found "nonsense"'],
  ];
  for (const [address, said] of cases)
    await t.test(`daemon --listen ${address.replace(/\d{4,}/, "TAKEN")}`, async (t) => {
      const { code, stderr } = await anchorwatch([
        "daemon",
        "--estate",
        demo.estateFile,
        "--listen",
        address,
      ]);
      t.equal(code, 64);
      t.match(stderr, said);
      t.match(stderr, /^anchorwatch: /m);
    });
});

t.test("daemon prints its address and ends with 0 on SIGTERM", async (t) => {
  const demo = await startDemo({ listen: "127.0.0.1:0" });
  t.teardown(() => demo.close());
  const child = startCommand(["daemon", "--estate", demo.estateFile]);
  const outcome = outcomeOf(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /^Anchorwatch is watching: (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(
    line.toString(),
  )?.[1];
  t.ok(url, line.toString());
  const health = await fetch(`${url}healthz`);
  t.equal(health.status, 200);
  await health.text();
  child.kill("SIGTERM");
  t.match(await outcome, { code: 0, signal: null });
});

t.test("daemon goes on when nobody reads its log any more", async (t) => {
  const demo = await startDemo({ listen: "127.0.0.1:0", every: "1s" });
  t.teardown(() => demo.close());
  const child = startCommand(["daemon", "--estate", demo.estateFile]);
  const ended = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
  child.stderr.destroy();
  child.stdout.destroy();
  let isReady = false;
  while (!isReady) isReady = (await fetch(`${url}readyz`)).status === 200;
  child.kill("SIGTERM");
  t.same(await ended, [0, null]);
});

t.test("demo prints its address, ends with 0 on a signal and leaves nothing behind", async (t) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const temporary = join(t.testdir(), signal);
    mkdirSync(temporary);
    const child = startCommand(["demo", "--listen", "127.0.0.1:0"], { env: { TMPDIR: temporary } });
    const outcome = outcomeOf(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const [, url] =
      /^Anchorwatch is watching: (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(line.toString()) ?? [];
    t.ok(url, line.toString());
    t.equal(readdirSync(temporary).length, 1, "its folder");
    const page = await fetch(url ?? "");
    t.match(await page.text(), /<html/);
    const told = performance.now();
    child.kill(signal);
    t.match(await outcome, { code: 0, signal: null });
    t.comment(`${signal}: ended after ${Math.round(performance.now() - told)} ms`);
    t.same(readdirSync(temporary), []);
  }
});

t.test("demo ends with 64 and leaves nothing behind when its port is taken", async (t) => {
  const temporary = t.testdir();
  const taken = await listen(t, () => undefined);
  const { code, stderr } = await anchorwatch(["demo", "--listen", `127.0.0.1:${taken}`], {
    env: { TMPDIR: temporary },
  });
  t.equal(code, 64);
  t.match(stderr, "choose another port with --listen HOST:PORT");
  t.same(readdirSync(temporary), []);
});

t.test("demo says that it cannot write its files", async (t) => {
  const directory = t.testdir();
  const file = join(directory, "file");
  writeFileSync(file, "");
  const { code, stderr } = await anchorwatch(["demo", "--listen", "127.0.0.1:0"], {
    env: { TMPDIR: file },
  });
  t.equal(code, 64);
  t.match(stderr, file);
  t.notMatch(stderr, /\n\s+at /, "no stack");
});
