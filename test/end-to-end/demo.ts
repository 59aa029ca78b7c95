import { readdirSync } from "node:fs";
import { chromium } from "playwright-core";
import t from "tap";
import { request } from "undici";
import type { LinkJson } from "../../src/daemon/link-json.ts";
import { CAST } from "../demo/cast.ts";
import { requireTool } from "../tools.ts";
import { freshClone, npmStart } from "./clone.ts";

async function firstRound(address: string): Promise<readonly LinkJson[]> {
  for (;;) {
    const { body } = await request(new URL("api/v1/links", address));
    const { links } = (await body.json()) as { readonly links: readonly LinkJson[] };
    if (links.length > 0 && links.every(({ state }) => state !== "pending")) return links;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

t.setTimeout(0);

t.test("npm start in a fresh clone watches the demo estate, and the page shows it", async (t) => {
  const executablePath = requireTool(t, "chromium");
  if (executablePath === undefined) return;
  t.setTimeout(0);
  const temporary = t.testdir({});
  const clone = freshClone();
  t.teardown(clone.dispose);
  const started = npmStart(clone.directory, temporary);
  t.teardown(() => started.child.kill("SIGKILL"));
  const address = await started.address;
  const links = await firstRound(address);

  await t.test("every link has the expected verdict", async (t) => {
    t.equal(links.length, CAST.length);
    t.ok(links.length >= 12, "at least twelve links");
    for (const expected of CAST) {
      const name = `${expected.client} -> ${expected.endpoint}`;
      const link = links.find(
        ({ client, endpoint }) => client === expected.client && endpoint === expected.endpoint,
      );
      const told = link?.findings.filter(({ severity }) => severity !== "info")[0]?.code ?? null;
      t.equal(link?.ok, expected.ok, `${name} works`);
      t.equal(told, expected.headline, name);
      const state = !expected.ok ? "broken" : expected.headline === null ? "ok" : "warning";
      t.equal(link?.state, state, name);
    }
    const troubled = links.filter(({ state }) => state !== "ok").length;
    t.ok(troubled * 2 >= links.length, "at least half are broken or about to break");
    const broken = CAST.filter(({ ok }) => !ok).map(({ headline }) => headline);
    t.equal(new Set(broken).size, broken.length, "each broken link in its own way");
  });

  await t.test("the demo keeps its files in one folder", async (t) => {
    t.equal(
      readdirSync(temporary).filter((name) => name.startsWith("anchorwatch-demo-")).length,
      1,
    );
  });

  await t.test("the metrics say the same", async (t) => {
    const metrics = await (await request(new URL("metrics", address))).body.text();
    for (const { client, endpoint, ok } of CAST)
      t.match(
        metrics,
        `anchorwatch_link_ok{client="${client}",endpoint="${endpoint}"} ${ok ? 1 : 0}\n`,
      );
    t.match(metrics, /^anchorwatch_build_info\{version="[^"]+",node="[^"]+",openssl="[^"]+"\} 1$/m);
    const health = await request(new URL("healthz", address));
    t.equal(health.statusCode, 200, await health.body.text());
  });

  await t.test("the page shows every link with its state and headline", async (t) => {
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    t.teardown(() => browser.close());
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(`${address}#/links`);
    await page
      .locator("[data-client]")
      .nth(CAST.length - 1)
      .waitFor();
    for (const link of links) {
      const row = page.locator(`[data-client="${link.client}"][data-endpoint="${link.endpoint}"]`);
      t.equal(
        await row.getAttribute("data-state"),
        link.state,
        `${link.client} -> ${link.endpoint}`,
      );
      if (link.headline !== null)
        t.equal((await row.locator(".headline").first().textContent())?.trim(), link.headline);
    }
    t.same(complaints, []);
  });

  await t.test("SIGTERM ends it in good order and nothing is left behind", async (t) => {
    const stopped = performance.now();
    started.child.kill("SIGTERM");
    const code = await started.ended;
    t.equal(code, 0, started.output().slice(-400));
    t.comment(`ended after ${Math.round(performance.now() - stopped)} ms`);
    t.same(
      readdirSync(temporary).filter((name) => name.startsWith("anchorwatch-")),
      [],
    );
    await t.rejects(request(address), "nobody listens any more");
  });
});
