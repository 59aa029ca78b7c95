// Builds dist/ from src/: plain JavaScript, and the data files that the code reads.
import { spawnSync } from "node:child_process";
import { cpSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [source, target] = [join(root, "src"), join(root, "dist")];

// A file that is gone from the sources must not live on in the package.
rmSync(target, { recursive: true, force: true });

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { status, error } = spawnSync(
  process.execPath,
  [compiler, "-p", join(root, "tsconfig.build.json")],
  { stdio: "inherit" },
);
if (error !== undefined) throw error;
if (status !== 0) process.exit(status ?? 1);

cpSync(source, target, {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || !path.endsWith(".ts"),
});
