import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { newNode, requireOldNode, runtimePackage } from "./nodes.ts";
import { cleanEnvironment, isAlive, repository, run, start } from "./run.ts";

/** Stands in for the program: tells how it was started, then does what its first argument says. */
const program = (name: string): string => `
const [what, value] = process.argv.slice(2);
if (what === "stay") {
  const timer = setInterval(() => {}, 1000);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
    process.on(signal, () => { console.log("got " + signal); clearInterval(timer); });
}
console.log(JSON.stringify({ name: "${name}", pid: process.pid, version: process.version, args: process.argv.slice(2) }));
if (what === "exit") process.exitCode = Number(value);
if (what === "kill") process.kill(process.pid, value);
`;

interface Started {
  readonly name: string;
  readonly pid: number;
  readonly version: string;
  readonly args: readonly string[];
}

const told = (stdout: string): Started => JSON.parse(stdout.split("\n")[0] ?? "") as Started;

/** A copy of the launcher in a folder of its own, far from the repository's modules. */
const install = (
  t: Test,
  parts: { readonly source?: boolean; readonly built?: boolean; readonly runtime?: boolean },
): { readonly launcher: string; readonly folder: string } => {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-launcher-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", `{ "type": "module" }`);
  if (parts.source === true) write("src/cli/main.ts", program("source"));
  if (parts.built === true) write("dist/cli/main.js", program("built"));
  if (parts.runtime === true) {
    const bin = join(folder, "node_modules", runtimePackage ?? "", "bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync(newNode, join(bin, "node"));
  }
  const launcher = join(folder, "bin", "anchorwatch.mjs");
  cpSync(join(repository, "bin", "anchorwatch.mjs"), launcher);
  return { launcher, folder };
};

const environment = (extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...cleanEnvironment(),
  PATH: "/nowhere",
  NODE_DISABLE_COMPILE_CACHE: "1",
  ...extra,
});

t.test("launcher runs the sources of a checkout in its own process", async (t) => {
  const { launcher } = install(t, { source: true, built: true });
  const running = start(newNode, [launcher, "a", "--b"], { env: environment({}) });
  const { stdout, code } = await running.ended;
  t.equal(code, 0);
  t.match(told(stdout), { name: "source", pid: running.pid, args: ["a", "--b"] });
});

t.test("launcher runs the built files of a package without sources", async (t) => {
  const { launcher } = install(t, { built: true });
  const { stdout, code } = run(newNode, [launcher], { env: environment({}) });
  t.equal(code, 0);
  t.equal(told(stdout).name, "built");
});

t.test("launcher keeps compiled code in the user's own cache folder", async (t) => {
  const { launcher } = install(t, { built: true });
  const cache = t.testdir();
  const env = { ...environment({ XDG_CACHE_HOME: cache, HOME: cache, LOCALAPPDATA: cache }) };
  delete env["NODE_DISABLE_COMPILE_CACHE"];
  t.equal(run(newNode, [launcher], { env }).code, 0);
  const listed = run("/bin/ls", ["-R", cache]).stdout;
  t.match(listed, /anchorwatch/u);
});

t.test("launcher on an old Node.js hands over to the runtime beside it", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { launcher } = install(t, { source: true, runtime: true });
  const { stdout, code } = run(oldNode, [launcher, "exit", "2"], { env: environment({}) });
  t.equal(code, 2, "the exit code comes through");
  t.match(told(stdout), { version: process.version, args: ["exit", "2"] });
});

t.test("launcher on an old Node.js tells a death by signal in its exit code", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { launcher } = install(t, { source: true, runtime: true });
  t.equal(run(oldNode, [launcher, "kill", "SIGKILL"], { env: environment({}) }).code, 137);
});

t.test("launcher on an old Node.js passes signals on and leaves no process behind", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    const { launcher } = install(t, { source: true, runtime: true });
    const running = start(oldNode, [launcher, "stay"], { env: environment({}) });
    const { pid } = told(await running.printed(/\n/u));
    t.not(pid, running.pid);
    process.kill(running.pid, signal);
    const { code, stdout } = await running.ended;
    t.equal(code, 0, `${signal} ends it as the program decides`);
    t.match(stdout, `got ${signal}`);
    t.notOk(isAlive(pid), `${signal} leaves no process`);
  }
});

t.test("launcher on an old Node.js uses ANCHORWATCH_NODE before everything else", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { launcher } = install(t, { source: true });
  const { stdout, code } = run(oldNode, [launcher], {
    env: environment({ ANCHORWATCH_NODE: newNode }),
  });
  t.equal(code, 0);
  t.equal(told(stdout).version, process.version);
});

t.test("launcher refuses an ANCHORWATCH_NODE that is old or no Node.js", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { launcher } = install(t, { source: true, runtime: true });
  for (const [path, words] of [
    [oldNode, /which is Node\.js v\d+\.\d+/u],
    ["/nowhere/node", /does not run as Node\.js/u],
    ["/bin/ls", /does not run as Node\.js/u],
  ] as const) {
    const { stderr, code } = run(oldNode, [launcher], {
      env: environment({ ANCHORWATCH_NODE: path }),
    });
    t.equal(code, 64);
    t.match(stderr, words);
    t.match(stderr, path);
  }
});

t.test("launcher on an old Node.js finds a newer one on the PATH", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { launcher, folder } = install(t, { source: true });
  for (const [name, target] of [
    ["old", oldNode],
    ["new", newNode],
  ] as const) {
    mkdirSync(join(folder, name));
    symlinkSync(target, join(folder, name, "node"));
  }
  const { stdout, code } = run(oldNode, [launcher], {
    env: environment({ PATH: `${join(folder, "old")}:${join(folder, "new")}` }),
  });
  t.equal(code, 0);
  t.equal(told(stdout).version, process.version);
});

t.test("launcher says what to do where no runtime is new enough", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { launcher } = install(t, { source: true });
  const { stdout, stderr, code } = run(oldNode, [launcher], {
    env: environment({ PATH: dirname(oldNode) }),
  });
  t.equal(code, 64);
  t.equal(stdout, "");
  t.match(stderr, /needs Node\.js 24\.15 or newer; this is v/u);
  t.match(stderr, /ANCHORWATCH_NODE/u);
  if (runtimePackage !== undefined) t.match(stderr, `npm install ${runtimePackage}`);
});
