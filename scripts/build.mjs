// Builds dist/ from src/ and dashboards/live/: few files instead of hundreds, because reading them is most of a short run's time, and the
// declarations of what programs may import.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPage, PAGE_FOLDER } from "./page.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist");

// A file that is gone from the sources must not live on in the package. A daemon that starts meanwhile needs its page.
mkdirSync(target, { recursive: true });
for (const name of readdirSync(target))
  if (join(target, name) !== PAGE_FOLDER) rmSync(join(target, name), { recursive: true });
await buildPage();

await build({
  absWorkingDir: root,
  entryPoints: {
    "cli/main": "src/cli/main.ts",
    "trust/library": "src/trust/library.ts",
    "truststore/library": "src/truststore/library.ts",
    // threads are started by the path beside the code that starts them, which is a chunk
    "chunks/kdf-worker": "src/truststore/kdf-worker.ts",
    "chunks/estate-worker": "src/daemon/threads/estate-worker.ts",
    "chunks/probe-worker": "src/daemon/threads/probe-worker.ts",
  },
  outdir: target,
  // as deep as the sources lie, so that paths to what else the package holds stay right
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24.15",
  packages: "external",
  legalComments: "none",
  logLevel: "warning",
});

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { status, error } = spawnSync(
  process.execPath,
  [compiler, "-p", join(root, "tsconfig.build.json")],
  { stdio: "inherit" },
);
if (error !== undefined) throw error;
if (status !== 0) process.exit(status ?? 1);
