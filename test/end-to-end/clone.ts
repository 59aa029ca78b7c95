import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));

/** The environment of a user: nothing of this test run, neither npm's variables nor the test runner's. */
function userEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_(?!config_)|TAP|_TAP|NODE_(?!EXTRA_CA_CERTS$)|COLOR|INIT_CWD)/;
  const entries = Object.entries(process.env).filter(([name]) => !own.test(name));
  const path = (process.env["PATH"] ?? "")
    .split(":")
    .filter((directory) => !directory.includes("node_modules"))
    .join(":");
  return { ...Object.fromEntries(entries), PATH: path };
}

/** A fresh clone of this checkout in which `npm ci` has run; removed by `dispose`. */
export interface Clone {
  readonly directory: string;
  readonly dispose: () => void;
}

/** Clones what is committed and installs it as the README says. */
export function freshClone(): Clone {
  const directory = mkdtempSync(join(tmpdir(), "anchorwatch-clone-"));
  const dispose = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", CHECKOUT, directory], {
      stdio: "pipe",
    });
    execFileSync("npm", ["ci", "--prefer-offline", "--loglevel=error"], {
      cwd: directory,
      env: userEnvironment(),
      stdio: "pipe",
    });
    return { directory, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** A started `npm start` and what it has printed so far. */
export interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the address of the page once it is printed. */
  readonly address: Promise<string>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Runs `npm start` in a clone, on a port that is free, with a folder of its own for temporary files. */
export function npmStart(directory: string, temporary: string): Started {
  const child = spawn("npm", ["start", "--", "--listen", "127.0.0.1:0"], {
    cwd: directory,
    env: { ...userEnvironment(), TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const address = new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      const found = /https?:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    void ended.then((code) => reject(new Error(`npm start ended with ${code}: ${text}`)));
  });
  return { child, output: () => text, address, ended };
}
