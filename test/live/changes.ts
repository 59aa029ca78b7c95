import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ensurePage } from "../../scripts/page.mjs";
import { judgedLinks, presentCertificate, startDaemon, tlsServer } from "../daemon/fixture.ts";
import { openPage, watchPage } from "./browser.ts";
import { openDemo } from "./demo-page.ts";
import { brokenLink, link } from "./links.ts";

/** Sums up the jumps of the layout that nobody caused. */
const WATCH_JUMPS = `
  globalThis.jumps = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.jumps += entry.value;
  }).observe({ type: "layout-shift" });`;

t.test("live page turns within two seconds when a server gets another certificate", async (t) => {
  t.setTimeout(0);
  const opened = await openDemo(t);
  if (opened === undefined) return;
  const { page, url, demo, restart, complaints, strangers } = opened;
  await page.goto(url);
  const edge = page.locator(`.edge[data-client="pfs"][data-endpoint="federation-index"]`);
  await edge.waitFor();
  const before = await edge.locator(".line").getAttribute("d");
  await page.evaluate(WATCH_JUMPS);
  const times: number[] = [];
  for (const [chain, state] of [
    [["federation-index", "bpm-issuing"], "ok"],
    [["federation-index"], "broken"],
    [["federation-index", "bpm-issuing"], "ok"],
  ] as const) {
    const start = performance.now();
    demo.present("federation-index", chain);
    await page.locator(`.edge[data-endpoint="federation-index"][data-state="${state}"]`).waitFor();
    times.push(performance.now() - start);
  }
  t.comment(`turned after ${times.map((time) => `${Math.round(time)} ms`).join(", ")}`);
  const [, median = 0] = times.toSorted((a, b) => a - b);
  t.ok(median < 2_000, "the map turns within two seconds");
  await page.getByRole("heading", { name: "10 of 18 links are broken" }).waitFor();
  t.equal(await edge.locator(".line").getAttribute("d"), before, "nothing has moved");
  const jumps: number = await page.evaluate("globalThis.jumps");
  t.ok(jumps < 0.005, `nothing has jumped (${jumps})`);

  await page.goto(`${url}#/links/pfs/federation-index`);
  await page.locator(".path-box[data-used]").first().waitFor();
  t.match(await page.locator("#time-line").textContent(), "Verdict");

  await page.goto(`${url}#/`);
  await restart(async () => {
    await page.getByText(/^Reconnecting, data of/u).waitFor();
    t.equal(await page.locator(".edge").count(), 18, "the last known data stays");
    demo.present("federation-index", ["federation-index"]);
  });
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "11 of 18 links are broken" }).waitFor();
  t.same(complaints, []);
  t.same(strangers, []);
});

t.test("live page shows what a hostile certificate says as text", async (t) => {
  t.setTimeout(0);
  await ensurePage();
  const hostile = `<img src=x onerror="document.title='owned'"><b>`;
  const root = presentCertificate({ name: hostile, ca: true, days: 3650 });
  const leaf = presentCertificate({ name: hostile, issuer: root, san: ["localhost"] });
  const folder = t.testdir();
  writeFileSync(join(folder, "root.pem"), root.pem);
  const port = await tlsServer(t, leaf);
  const file = join(folder, "anchorwatch.yaml");
  writeFileSync(
    file,
    `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots }, bare: { profile: go, trust: roots } }
endpoints:
  web: { url: "https://localhost:${port}", connect: 127.0.0.1, every: 1s, labels: { zone: ${JSON.stringify(hostile)} } }
links: [{ from: app, to: web }, { from: bare, to: web }]
`,
  );
  const { url } = await startDaemon(t, file);
  const [first] = await judgedLinks(url);
  const opened = await watchPage(t, url);
  if (opened === undefined) return;
  const { page, complaints, strangers } = opened;
  const sha256 = first?.chain[0]?.sha256 ?? "";
  for (const [hash, sign] of [
    ["#/", ".map-group"],
    ["#/links/app/web", ".path-box"],
    ["#/certificates", ".certificate-row"],
    [`#/certificates/${sha256}`, ".decoded"],
    ["#/truststores", ".entries tbody tr"],
    ["#/forecast?days=3650", ".cause"],
  ] as const) {
    await page.goto(`${url}${hash}`);
    await page.locator(sign).first().waitFor();
    t.match(await page.locator("main").textContent(), hostile, `${hash} shows it as it is`);
    t.equal(await page.locator("img, b, [onerror]").count(), 0, `${hash} makes no markup of it`);
  }
  t.not(await page.title(), "owned");
  t.same(complaints, []);
  t.same(strangers, []);
});

t.test("live page draws 2000 links, folds what is fine, and stays smooth", async (t) => {
  t.setTimeout(0);
  const many = Array.from({ length: 2_000 }, (_, index) => {
    const [client, endpoint] = [`client-${index % 40}`, `endpoint-${Math.floor(index / 8)}`];
    const labels = { zone: `zone-${Math.floor(index / 400)}` };
    return index % 97 === 0
      ? { ...brokenLink(client, endpoint), labels }
      : link(client, endpoint, { labels });
  });
  const opened = await openPage(t, many, { hash: "#/" });
  if (opened === undefined) return;
  const { page, server, complaints } = opened;
  await page.getByRole("heading", { name: "21 of 2000 links are broken" }).waitFor();
  t.equal(await page.locator(".map-group").count(), 5);
  t.equal(
    await page.locator(`.edge[data-state="broken"]`).count(),
    21,
    "every broken one is drawn",
  );
  t.ok((await page.locator(".edge").count()) < 600, "what is fine is folded");
  t.ok((await page.locator(".node[data-folded]").count()) > 0);
  await page.evaluate(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: "longtask" });`);
  for (let index = 0; index < 20; index++)
    server.change({
      ...brokenLink("client-3", `endpoint-${index}`),
      labels: { zone: "zone-0" },
    });
  await page.getByRole("heading", { name: /^4\d of 20\d\d links are broken/u }).waitFor();
  const longest: number = await page.evaluate("globalThis.longest");
  t.comment(`longest task while twenty links changed: ${longest} ms`);
  await page
    .getByRole("button", { name: /^Show all/u })
    .first()
    .click();
  t.ok((await page.locator(".edge").count()) > 400, "all of a group can be shown");
  await page.getByLabel("Only broken").check();
  await page.getByText(/^4\d of 20\d\d links shown$/u).waitFor();
  t.same(complaints, []);
});
