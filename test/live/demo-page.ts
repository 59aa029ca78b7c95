import type { BrowserContextOptions } from "playwright-core";
import type { Test } from "tap";
import { type Demo, startDemo } from "../../src/cli/demo/demo.ts";
import { runDaemon, type RunningDaemon } from "../../src/daemon/daemon.ts";
import { systemProber } from "../../src/daemon/system-prober.ts";
import { ensurePage } from "../../scripts/page.mjs";
import { judgedLinks } from "../daemon/fixture.ts";
import { silent } from "../daemon/samples.ts";
import { type Watched, watchPage } from "./browser.ts";

/** The page of a real daemon that watches the demo estate. */
export interface DemoPage extends Watched {
  readonly demo: Demo;
  readonly url: string;
  /** Ends the daemon and starts it again on the same port. */
  readonly restart: (meanwhile: () => Promise<void>) => Promise<void>;
}

const start = async (demo: Demo, listen: string): Promise<RunningDaemon> => {
  const started = await runDaemon({
    estateFile: demo.estateFile,
    listen,
    log: silent,
    prober: systemProber,
  });
  if (!started.ok) throw new Error(started.error.message);
  return started.value;
};

/** Starts the demo estate, the daemon and the page; undefined where the test is skipped for want of a browser. */
export const openDemo = async (
  t: Test,
  options: BrowserContextOptions = {},
): Promise<DemoPage | undefined> => {
  await ensurePage();
  const demo = await startDemo({ every: "1s" });
  t.teardown(() => demo.close());
  let daemon = await start(demo, "127.0.0.1:0");
  t.teardown(() => daemon.close());
  const { url } = daemon;
  await judgedLinks(url);
  const watched = await watchPage(t, url, options);
  if (watched === undefined) return undefined;
  const restart = async (meanwhile: () => Promise<void>): Promise<void> => {
    await daemon.close();
    await meanwhile();
    daemon = await start(demo, new URL(url).host);
  };
  return { ...watched, demo, url, restart };
};
