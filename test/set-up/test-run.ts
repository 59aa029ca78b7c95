import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { cleanEnvironment, type Ended, repository, run } from "./run.ts";

const passing = `import t from "tap"; t.test("a() does", async (t) => { t.ok(true); t.equal(1, 1); });`;
const failing = `import t from "tap"; t.test("b() does", async (t) => { t.equal(1, 2, "one is two"); });`;
const lacking = `import t from "tap"; t.ok(true); t.test("c() meets its peer", async (t) => { t.plan(0, "nginx is not installed"); });`;
const declining = `import t from "tap"; t.ok(true); t.test("d() waits", async (t) => { t.plan(0, "Only on a Tuesday"); });`;
const misleading = `import t from "tap"; t.test("e() prints", async (t) => { t.equal("ok 1 - fine # SKIP it\\n# { total: 9, pass: 9 }", ""); });`;
const bailing = `import t from "tap"; t.test("h() gives up", async (t) => { t.bailout("No use"); });`;
const covering = `import t from "tap"; import { half } from "../src/x509/half.ts"; t.equal(half(1), 1);`;
const half = `export const half = (n: number): number => {\n  if (n > 1) {\n    return 2;\n  }\n  return 1;\n};\n`;

const settings = {
  plugin: ["!@tapjs/typescript"],
  include: ["test/*.ts"],
  "allow-incomplete-coverage": true,
};

/** Runs the real script in a small project with the given test files; the runner comes from the repository. */
const npmTest = (
  t: Test,
  tests: Record<string, string>,
  options: { readonly args?: readonly string[]; readonly strict?: boolean } = {},
): Ended & { readonly last: string } => {
  // Not a folder of the runner's own, from which it would take no coverage.
  const cwd = mkdtempSync(join(tmpdir(), "anchorwatch-test-run-"));
  t.teardown(() => rmSync(cwd, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  write("package.json", JSON.stringify({ type: "module", tap: settings }));
  write("src/x509/half.ts", half);
  for (const [name, text] of Object.entries(tests)) write(`test/${name}`, text);
  symlinkSync(join(repository, "node_modules"), join(cwd, "node_modules"));
  const env = { ...cleanEnvironment(), ...(options.strict === true ? { CI: "true" } : {}) };
  const script = join(repository, "scripts", "test.mjs");
  const ended = run(process.execPath, [script, ...(options.args ?? [])], { cwd, env });
  return { ...ended, last: ended.stdout.split("\n").at(-2) ?? "" };
};

t.test("npm test ends with the counts of a run that passed", async (t) => {
  const { code, last } = npmTest(t, { "a.ts": passing });
  t.equal(last, "2 passed, 0 failed");
  t.equal(code, 0);
});

t.test("npm test fails with a failed test and shows where and why", async (t) => {
  const { code, last, stdout } = npmTest(t, { "a.ts": passing, "b.ts": failing });
  t.equal(last, "2 passed, 1 failed");
  t.not(code, 0);
  t.match(stdout, "not ok  test/b.ts > b() does > one is two");
  t.equal(stdout.match(/^not ok/gmu)?.length, 1, "the tests around it are not repeated");
});

t.test("npm test names every skipped test with its reason", async (t) => {
  const { code, last, stdout } = npmTest(t, { "c.ts": lacking, "d.ts": declining });
  t.equal(last, "2 passed, 0 failed, 2 skipped");
  t.equal(code, 0);
  t.match(stdout, "test/c.ts > c() meets its peer: nginx is not installed");
  t.match(stdout, "test/d.ts > d() waits: Only on a Tuesday");
});

t.test("npm test under CI=true counts a missing program as failed", async (t) => {
  const { code, last } = npmTest(t, { "c.ts": lacking, "d.ts": declining }, { strict: true });
  t.equal(last, "2 passed, 1 failed, 1 skipped");
  t.not(code, 0);
});

t.test("npm test fails when a run is cut short", async (t) => {
  const { code, last, stdout } = npmTest(t, { "a.ts": passing, "h.ts": bailing });
  t.match(last, /^\d+ passed, 1 failed$/u);
  t.not(code, 0);
  t.match(stdout, "The run was cut short: No use");
});

t.test("npm test takes no result from the text of a diagnostic", async (t) => {
  const { last, stdout } = npmTest(t, { "e.ts": misleading });
  t.equal(last, "0 passed, 1 failed");
  t.notMatch(stdout, /^Skipped/mu);
});

t.test("npm test fails when a test file crashes or none was run", async (t) => {
  const crashed = npmTest(t, { "a.ts": passing, "f.ts": "process.exit(3);" });
  t.equal(crashed.last, "2 passed, 1 failed");
  t.not(crashed.code, 0);
  const none = npmTest(t, { "a.ts": passing }, { args: ["test/nothing.ts"] });
  t.equal(none.last, "0 passed, 1 failed");
  t.not(none.code, 0);
});

t.test(
  "npm test runs the files that its arguments name and tells coverage by folder",
  async (t) => {
    const tests = { "a.ts": passing, "b.ts": failing, "g.ts": covering };
    const { code, last, stdout } = npmTest(t, tests, { args: ["test/g.ts"] });
    t.equal(last, "1 passed, 0 failed");
    t.equal(code, 0);
    t.match(stdout, /^src\/x509 +1 +66\.7 % +\d+\.\d %$/mu);
  },
);
