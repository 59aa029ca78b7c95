// Runs the tests with coverage. Arguments select test files or are options of tap.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { ensurePage } from "./page.mjs";
import { coverageByFolder, coverageTable } from "./testing/coverage.ts";
import { outcomeOf } from "./testing/outcome.ts";
import { TapReader } from "./testing/tap-reader.ts";

const root = process.cwd();
const require = createRequire(join(root, "package.json"));
const tapFolder = dirname(require.resolve("tap/package.json"));
const tap = join(tapFolder, require("tap/package.json").bin.tap);
const summaryFile = join(root, ".tap", "report", "coverage-summary.json");

/** Whether the installed tap still contains a plugin that the package switches off, as after `npm ci`. */
const needsBuild = () => {
  const built = createRequire(join(tapFolder, "package.json")).resolve("@tapjs/test/test-built");
  const code = readFileSync(built, "utf8");
  const plugins = require(join(root, "package.json")).tap?.plugin ?? [];
  return plugins.some((name) => name.startsWith("!") && code.includes(name.slice(1)));
};

if (needsBuild()) {
  const { status, stderr } = spawnSync(process.execPath, [tap, "build"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tap build failed: ${stderr}`);
}
await ensurePage();
rmSync(summaryFile, { force: true });

const run = spawn(
  process.execPath,
  [
    tap,
    "--reporter=tap",
    "--coverage-report=json-summary",
    "--allow-empty-coverage",
    ...process.argv.slice(2),
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const ended = new Promise((done) => run.on("close", (code) => done(code ?? 1)));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => run.kill(signal));

const reader = new TapReader();
const skipped = [];
let totals = null;

const show = (event) => {
  switch (event.kind) {
    case "file": {
      const { name, ok, time } = event.file;
      const seconds = time === null ? "" : ` (${(time / 1000).toFixed(1)} s)`;
      console.log(`${ok ? "passed" : "FAILED"}  ${name}${seconds}`);
      break;
    }
    case "failed":
      console.log(`\nnot ok  ${event.path.join(" > ")}`);
      for (const line of event.detail) console.log(`    ${line}`);
      console.log("");
      break;
    case "bailed":
      console.log(`\nThe run was cut short: ${event.reason}`);
      break;
    case "skipped":
      skipped.push(event.skipped);
      break;
    case "totals":
      ({ totals } = event);
      break;
  }
};

for await (const line of createInterface({ input: run.stdout })) reader.line(line).forEach(show);
const exitCode = await ended;

try {
  const folders = coverageByFolder(JSON.parse(readFileSync(summaryFile, "utf8")), root);
  if (folders.length > 0) console.log(`\n${coverageTable(folders)}`);
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}
if (skipped.length > 0) console.log(`\nSkipped:`);
for (const { path, reason } of skipped) console.log(`  ${path.join(" > ")}: ${reason}`);
if (totals === null) console.log(`\nThe test run ended without totals, with exit code ${exitCode}`);

const { line, ok } = outcomeOf({ totals, skipped, exitCode, strict: process.env.CI === "true" });
console.log(`\n${line}`);
process.exitCode = ok ? 0 : exitCode || 1;
