// Starts the daemon where there is an estate file, and the demo estate elsewhere. Nothing is spawned when
// the runtime is new enough, so that npm's signals reach the program itself.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const command = existsSync("anchorwatch.yaml") ? "daemon" : "demo";
const launcher = new URL("../bin/anchorwatch.mjs", import.meta.url);
process.argv.splice(1, 1, fileURLToPath(launcher), command);
await import(launcher.href);
