// Makes the pictures of the documentation from the demo estate: node scripts/screenshots.ts
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startDemo } from "../src/cli/demo/demo.ts";
import { runDaemon } from "../src/daemon/daemon.ts";
import { createLog } from "../src/daemon/log.ts";
import { systemReaders } from "../src/daemon/system-readers.ts";
import { ensurePage } from "./page.mjs";

/** Each picture: its name, the place in the page, what shows that it is drawn, its size and scheme. */
const PICTURES = [
  ["map-light", "#/", ".edge", 1200, 900, "light"],
  ["map-dark", "#/", ".edge", 1200, 900, "dark"],
  ["link", "#/links/edge-haproxy/bpm-west", ".verdict-card", 1200, 1130, "light"],
  ["forecast", "#/forecast", ".chart canvas", 1200, 900, "dark"],
] as const;

const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
mkdirSync(folder, { recursive: true });
await ensurePage();
await using resources = new AsyncDisposableStack();
const demo = await startDemo();
resources.defer(() => demo.close());
const daemon = await runDaemon({
  estateFile: demo.estateFile,
  listen: "127.0.0.1:0",
  log: createLog({ format: "text", level: "error" }),
  readers: systemReaders,
});
if (!daemon.ok) throw new Error(daemon.error.message);
resources.defer(() => daemon.value.close());
const { url } = daemon.value;
while ((await fetch(`${url}readyz`)).status !== 200)
  await new Promise((resolve) => setTimeout(resolve, 200));
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
resources.defer(() => browser.close());
for (const [name, place, sign, width, height, colorScheme] of PICTURES) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  await page.goto(`${url}${place}`);
  await page.locator(sign).first().waitFor();
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}
