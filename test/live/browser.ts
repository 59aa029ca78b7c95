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

/** The page in a real browser, with everything that it complained about. */
export interface OpenPage {
  readonly page: Page;
  readonly server: PageServer;
  /** Errors of scripts and violations of the content policy. */
  readonly complaints: readonly string[];
  /** Addresses of requests that left the page's own server. */
  readonly strangers: readonly string[];
}

/** Opens the page on a server with the given links; undefined where the test is skipped for want of a browser. */
export const openPage = async (
  t: Test,
  links: readonly LinkFixture[],
  options: BrowserContextOptions & { readonly upgrades?: boolean; readonly hash?: string } = {},
): Promise<OpenPage | undefined> => {
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
  const { upgrades = true, hash = "#/links", ...context } = options;
  const server = new PageServer(links);
  server.upgrades = upgrades;
  const address = await server.start();
  const opened = await (await browser).newContext({ locale: "en-GB", ...context });
  t.teardown(async () => {
    await opened.close();
    await server.stop();
  });
  const page = await opened.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A daemon that is away shows up as a failed request; that is no mistake of the page.
    if (
      message.type() === "error" &&
      !/net::ERR_|WebSocket connection|status of 404/u.test(message.text())
    )
      complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("data:"))
      strangers.push(request.url());
  });
  await page.goto(`${address}${hash}`);
  await page
    .locator(links.length > 0 ? ".link, .map-group, .link-view" : ".empty")
    .first()
    .waitFor();
  return { page, server, complaints, strangers };
};
