import {
  copyFileSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import t from "tap";
import type { ChainCase } from "../../src/trust/chain-case.ts";
import { judgeChain } from "../../src/trust/library.ts";
import { createIssuer } from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";
import { newNode, requireOldNode } from "./nodes.ts";
import { cleanEnvironment, repository, run, start } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "anchorwatch-package-"));
// the root test has no end of its own that a teardown could wait for
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const installed = join(folder, "node_modules", "anchorwatch");
const launcher = join(folder, "node_modules", ".bin", "anchorwatch");

/** An environment in which `node` is the given one and nothing else. */
const withNode = (node: string): NodeJS.ProcessEnv => ({
  ...cleanEnvironment(),
  PATH: [dirname(node), "/nowhere"].join(delimiter),
});

t.test("npm pack yields a package that installs in an empty folder", async (t) => {
  const packed = run("npm", ["pack", "--pack-destination", folder, "--loglevel=error"]);
  t.equal(packed.code, 0, packed.stderr);
  const [tarball = ""] = globSync("*.tgz", { cwd: folder });
  writeFileSync(join(folder, "package.json"), `{ "private": true }`);
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  const { code, stderr } = run("npm", [...install, `./${tarball}`], { cwd: folder });
  t.equal(code, 0, stderr);
});

t.test("package brings no runtime, no sources and no development tools", async (t) => {
  const beside = readdirSync(join(folder, "node_modules"));
  t.same(
    beside.filter((name) => /^node-(?:bin-|linux|darwin|win)/u.test(name)),
    [],
  );
  for (const tool of ["tap", "typescript", "oxlint"]) t.notOk(beside.includes(tool), tool);
  const files = globSync("**/*", { cwd: installed });
  t.same(
    files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts")),
    [],
  );
  t.same(
    files.filter((path) => /^(?:src|test|scripts|runtime|dashboards\/live)(?:\/|$)/u.test(path)),
    [],
  );
});

t.test("package contains the live page, the pages of the findings and the licence", async (t) => {
  for (const path of ["LICENSE", "CHANGELOG.md", "README.md", "dist/page/index.html"])
    t.ok(existsSync(join(installed, path)), path);
  for (const path of globSync("docs/findings/*.md", { cwd: repository }))
    t.ok(existsSync(join(installed, path)), path);
});

t.test("package contains the dashboards of Grafana and the rules of Prometheus", async (t) => {
  const shipped = globSync(["dashboards/grafana/*.json", "dashboards/prometheus/*.yml"], {
    cwd: repository,
  });
  t.ok(shipped.length > 5);
  for (const path of shipped) t.ok(existsSync(join(installed, path)), path);
});

t.test("package starts from few files", async (t) => {
  const loaded = globSync("dist/{cli,chunks,trust,truststore}/**/*.js", { cwd: installed }).length;
  const sources = globSync("src/**/*.ts", { cwd: repository }).length;
  t.ok(loaded > 0 && loaded * 2 < sources, `${loaded} files from ${sources}`);
});

t.test("package derives keys in its thread, as legacy PKCS#12 files take", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const ca = await createIssuer(openssl, folder)({ name: "legacy", keyType: "p256" });
  const options = ["-legacy", "-passout", "pass:changeit", "-inkey", ca.key, "-in", ca.certificate];
  t.equal(run(openssl, ["pkcs12", "-export", ...options, "-out", join(folder, "old.p12")]).code, 0);
  writeFileSync(join(folder, "password"), "changeit");
  const list = ["store", "list", "old.p12", "--password", "file:password"];
  const told = run(newNode, [launcher, ...list], { cwd: folder });
  t.equal(told.code, 0, told.stderr);
  t.match(told.stdout, /legacy/);
});

t.test("package runs on a new enough Node.js", async (t) => {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const told = run(newNode, [launcher, "--version"], { cwd: folder, env: withNode(newNode) });
  t.equal(told.code, 0, told.stderr);
  t.match(told.stdout, version);
  const help = run(newNode, [launcher, "--help"], { cwd: folder, env: withNode(newNode) });
  t.equal(help.code, 0, help.stderr);
  for (const command of ["check", "judge", "store", "daemon", "demo"])
    t.match(help.stdout, new RegExp(`^ +${command}\\b`, "mu"));
});

t.test("package runs the demo with its live page, and stops cleanly", async (t) => {
  const running = start(newNode, [launcher, "demo", "--listen", "127.0.0.1:0"], {
    cwd: folder,
    env: withNode(newNode),
  });
  const printed = await running.printed(/http:\/\/127\.0\.0\.1:\d+\//u);
  const address = /http:\/\/[\d.]+:\d+\//u.exec(printed)?.[0] ?? "";
  const page = await fetch(address);
  t.equal(page.status, 200);
  t.equal(await page.text(), readFileSync(join(installed, "dist", "page", "index.html"), "utf8"));
  const body: unknown = await (await fetch(new URL("api/v1/links", address))).json();
  t.match(body, { links: [{ client: String, endpoint: String, state: String }] });
  process.kill(running.pid, "SIGTERM");
  const { code, stderr } = await running.ended;
  t.equal(code, 0, stderr);
});

t.test("package exports judges and readers as docs/library.md shows", async (t) => {
  const [openssl, keytool] = [requireTool(t, "openssl"), requireTool(t, "keytool")];
  if (openssl === undefined || keytool === undefined) return;
  const issue = createIssuer(openssl, folder);
  const root = await issue({ name: "root", keyType: "p256" });
  const server = await issue({
    name: "server",
    keyType: "p256",
    issuer: root,
    altNames: "DNS:bpm.example.com",
    days: 10,
  });
  copyFileSync(server.certificate, join(folder, "chain.pem"));
  const store = ["-keystore", "trust.p12", "-storetype", "PKCS12", "-storepass", "changeit"];
  const trusted = ["-importcert", "-noprompt", "-alias", "root", "-file", root.certificate];
  t.equal(run(keytool, [...trusted, ...store], { cwd: folder }).code, 0);

  const page = readFileSync(join(repository, "docs", "library.md"), "utf8");
  const [, example = ""] = /```js\n([^]*?)```/u.exec(page) ?? [];
  writeFileSync(join(folder, "example.mjs"), example);
  const told = run(newNode, ["example.mjs"], { cwd: folder });
  t.equal(told.stderr, "");
  const [verdict, leaf, anchor, until] = told.stdout.split("\n");
  t.equal(verdict, "accepted");
  t.equal(leaf, "- CN=server, O=Anchorwatch Lab");
  t.equal(anchor, "- CN=root, O=Anchorwatch Lab");
  t.match(until, /^works until \d{4}-\d{2}-\d{2}T/);

  const other = await issue({ name: "other", keyType: "p256" });
  copyFileSync(other.certificate, join(folder, "chain.pem"));
  t.match(
    run(newNode, ["example.mjs"], { cwd: folder }).stdout,
    /unable to find valid certification path/,
  );

  const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024"];
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const types = ["--types", "node", "--typeRoots", join(repository, "node_modules", "@types")];
  const compile = (code: string): ReturnType<typeof run> => {
    writeFileSync(join(folder, "example.mts"), code);
    return run(newNode, [compiler, ...options, ...types, "example.mts"], { cwd: folder });
  };
  t.match(compile(example), { code: 0, stdout: "" });
  t.match(compile(example.replace("host:", "hosts:")).stdout, /'hosts' does not exist/);
});

t.test("judgeChain() says which field of a case is wrong", async (t) => {
  const chain = [Buffer.from("MAA=", "base64")];
  const errorOf = (data: Partial<ChainCase>): unknown => {
    const judged = judgeChain({ chain, anchors: [], at: 0, ...data });
    return judged.ok ? null : [judged.error.code, judged.error.field];
  };
  t.equal(errorOf({}), null);
  t.same(errorOf({ profile: "netscape" }), ["field-invalid", "profile"]);
  t.same(errorOf({ at: Number.NaN }), ["field-invalid", "at"]);
  t.same(errorOf({ at: new Date("no date") }), ["field-invalid", "at"]);
  t.same(errorOf({ chain: [] }), ["field-invalid", "chain"]);
  t.same(errorOf({ chain: ["?"] }), ["certificate-invalid", "chain.0"]);
  t.same(errorOf({ anchors: chain }), ["certificate-invalid", "anchors.0"]);
  t.same(errorOf({ crls: ["?"] }), ["field-invalid", "crls.0"]);
});

t.test("package says what to do on an old Node.js", async (t) => {
  const oldNode = requireOldNode(t);
  if (oldNode === undefined) return;
  const { code, stderr } = run(oldNode, [launcher, "--version"], {
    cwd: folder,
    env: withNode(oldNode),
  });
  t.equal(code, 64);
  t.match(stderr, /needs Node\.js 24\.15 or newer/u);
});
