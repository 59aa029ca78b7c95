import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Test } from "tap";
import { requireTool } from "../tools.ts";
import { PageServer } from "./daemon.ts";
import type { LinkFixture } from "./links.ts";

let browser: Promise<Browser> | undefined;

/** Ends the browser that the tests share. */
export const closeBrowser = async (): Promise<void> => {
  await (await browser)?.close();
};

/** A page of the browser with everything that it complained about. */
export interface Watched {
  readonly page: Page;
  /** Errors of scripts and violations of the content policy. */
  readonly complaints: readonly string[];
  /** Addresses of requests that left the page's own server. */
  readonly strangers: readonly string[];
}

/** A new page that is listened to; undefined where the test is skipped for want of a browser. */
export const watchPage = async (
  t: Test,
  address: string,
  context: BrowserContextOptions = {},
): Promise<Watched | undefined> => {
  const executablePath = requireTool(t, "chromium");
  if (executablePath === undefined) return undefined;
  browser ??= chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const opened = await (await browser).newContext({ locale: "en-GB", ...context });
  t.teardown(() => opened.close());
  const page = await opened.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // a daemon that is away shows up as a failed request; that is no mistake of the page
    if (
      message.type() === "error" &&
      !/net::ERR_|WebSocket connection|status of 404/u.test(message.text())
    )
      complaints.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(?:data|blob):/u.test(url)) strangers.push(url);
  });
  return { page, complaints, strangers };
};

/** The page on a server of links that a test sets. */
export interface OpenPage extends Watched {
  readonly server: PageServer;
}

/** Opens the page on a server with the given links; undefined where the test is skipped for want of a browser. */
export const openPage = async (
  t: Test,
  links: readonly LinkFixture[],
  options: BrowserContextOptions & { readonly upgrades?: boolean; readonly hash?: string } = {},
): Promise<OpenPage | undefined> => {
  const { upgrades = true, hash = "#/links", ...context } = options;
  const server = new PageServer(links);
  server.upgrades = upgrades;
  const address = await server.start();
  t.teardown(() => server.stop());
  const watched = await watchPage(t, address, context);
  if (watched === undefined) return undefined;
  await watched.page.goto(`${address}${hash}`);
  await watched.page
    .locator(links.length > 0 ? ".link, .map-group, .link-view" : ".empty")
    .first()
    .waitFor();
  return { ...watched, server };
};
