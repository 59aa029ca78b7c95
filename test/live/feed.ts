import t from "tap";
import { openPage } from "./browser.ts";
import { brokenLink, estate, inDays, link } from "./links.ts";

t.test("live page follows changes without losing what is focused", async (t) => {
  const opened = await openPage(t, estate());
  if (opened === undefined) return;
  const { page, server } = opened;
  const row = page.locator(`.link[data-client="pfs"][data-endpoint="bpm-east"]`);
  await row.locator("a").focus();
  server.change(brokenLink("pfs", "bpm-east"));
  await page.getByRole("heading", { name: "3 of 7 links are broken" }).waitFor();
  t.equal(await row.getAttribute("data-state"), "broken");
  server.change({ ...brokenLink("pfs", "bpm-east"), since: inDays(-3) });
  server.change({ ...brokenLink("pfs", "bpm-east"), since: inDays(-3), checkedAt: inDays(0) });
  server.change(link("pfs", "bpm-west"));
  await page.getByRole("heading", { name: "2 of 7 links are broken" }).waitFor();
  t.same(
    await page
      .locator(`.group[data-group="Process Federation"] .link`)
      .evaluateAll((all) => all.map((one) => one.dataset["endpoint"])),
    ["bpm-east", "bpm-archive", "bpm-west"],
    "the broken one has moved up",
  );
  t.equal(await row.locator("a:focus").count(), 1, "the focus is still in it");
});

t.test("live page shows what becomes of a link in its view", async (t) => {
  const opened = await openPage(t, estate(), { hash: "#/links/pfs/bpm-east" });
  if (opened === undefined) return;
  const { page, server } = opened;
  await page.getByText("Trusted, and the name fits").waitFor();
  server.change(brokenLink("pfs", "bpm-east"));
  await page.getByRole("region", { name: "What to do" }).waitFor();
  t.equal(await page.locator(".link-view").getAttribute("data-state"), "broken");
});

t.test("live page is left in peace by a check that found nothing new", async (t) => {
  const broken = brokenLink("pfs", "bpm-west");
  const opened = await openPage(t, [broken], { hash: "#/links/pfs/bpm-west" });
  if (opened === undefined) return;
  const { page, server } = opened;
  const button = page.getByRole("button", { name: "Copy" }).first();
  await button.focus();
  server.change({ ...broken, checkedAt: inDays(1) });
  await page.locator("[data-checked]").getByText("in 23 hours").waitFor();
  t.equal(await page.locator("button:focus").count(), 1);
});

t.test("live page says how old its data is while the daemon is away, and catches up", async (t) => {
  const opened = await openPage(t, estate());
  if (opened === undefined) return;
  const { page, server, complaints } = opened;
  await server.stop();
  await page.getByText(/^Reconnecting, data of \d\d:\d\d:\d\d$/u).waitFor();
  t.equal(await page.locator(".link").count(), 7, "the last known data stays");
  server.replace([link("pfs", "bpm-east"), link("new-client", "bpm-east")]);
  await server.start();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "All 2 links are fine" }).waitFor();
  t.same(
    await page.locator(".link").evaluateAll((all) => all.map((row) => row.dataset["client"])),
    ["new-client", "pfs"],
    "links that are gone are gone",
  );
  server.change(brokenLink("pfs", "bpm-east"));
  await page.getByRole("heading", { name: "1 of 2 links is broken" }).waitFor();
  t.same(complaints, []);
});

t.test("live page asks for the links where WebSockets do not get through", async (t) => {
  const opened = await openPage(t, estate(), { upgrades: false });
  if (opened === undefined) return;
  const { page, server } = opened;
  await page.getByText(/^Asking now and then, data of/u).waitFor();
  t.equal(await page.locator(".link").count(), 7);
  server.replace([link("pfs", "bpm-east")]);
  await page.getByRole("heading", { name: "The link is fine" }).waitFor();
});

t.test("live page ignores messages that it cannot use", async (t) => {
  const opened = await openPage(t, estate());
  if (opened === undefined) return;
  const { page, server, complaints } = opened;
  for (const message of [
    "{",
    "null",
    "7",
    "[]",
    `{"type":"link"}`,
    `{"type":"link","sequence":9,"link":7}`,
  ])
    server.send(message);
  server.send({ type: "link", sequence: 0, link: brokenLink("pfs", "bpm-east") });
  server.send({ type: "news", sequence: 10 });
  server.send({
    type: "link",
    sequence: 11,
    link: { client: "bare", endpoint: "bare", state: "broken" },
  });
  await page.getByRole("heading", { name: "3 of 8 links are broken" }).waitFor();
  t.equal(
    await page.locator(`.link[data-client="bare"] .headline`).textContent(),
    "No reason given",
  );
  t.same(complaints, []);
});

t.test("live page stays usable with very many links, and shows the broken ones", async (t) => {
  const many = Array.from({ length: 5_000 }, (_, index) =>
    index % 1_000 === 999 ? brokenLink("pfs", `e${index}`) : link("pfs", `e${index}`),
  );
  const opened = await openPage(t, many);
  if (opened === undefined) return;
  const { page, server } = opened;
  await page.getByText("500 of 5000 links shown; filter to see others").waitFor();
  t.equal(await page.locator(`.link[data-state="broken"]`).count(), 5);
  server.change(brokenLink("pfs", "e7"));
  await page.getByRole("heading", { name: "6 of 5000 links are broken" }).waitFor();
  await page.getByLabel("Filter links").fill("e4998");
  await page.getByText("1 of 5000 links shown").waitFor();
  t.equal(await page.locator(".link").count(), 1);
});

t.test("live page without any link says so", async (t) => {
  const opened = await openPage(t, []);
  if (opened === undefined) return;
  t.equal(await opened.page.locator("h1").textContent(), "No links to watch");
  t.equal(await opened.page.locator(".empty").textContent(), "The estate names no links yet");
});
